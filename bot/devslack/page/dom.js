/**
 * Builds DOM without ever parsing text as HTML: every string becomes a text node.
 * The page's CSP also forbids the HTML sinks (require-trusted-types-for 'script').
 */

/** @typedef {Node | string | number | null | undefined | false} Leaf */
/** @typedef {Leaf | Leaf[] | (Leaf | Leaf[])[]} Child */

/**
 * An element with properties and children. `on…` keys add listeners, `data` fills the dataset,
 * `class` and everything else are attributes; null, undefined and false leave an attribute out.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  element.append(...nodes(children));
  return element;
}

/** @param {HTMLElement} element @param {string} name @param {any} value */
function setProp(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "testid") element.dataset.testid = value;
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function nodes(children) {
  const kept = /** @type {Leaf[]} */ (children.flat(Infinity)).filter(
    (child) => child !== null && child !== undefined && child !== false,
  );
  return kept.map((child) => (child instanceof Node ? child : String(child)));
}

/** @param {...Child} children @returns {DocumentFragment} */
export function fragment(...children) {
  const made = document.createDocumentFragment();
  made.append(...nodes(children));
  return made;
}

/**
 * A link that can only lead to the web or mail; any other scheme stays plain text.
 * @param {string} url @param {Child} [label] @returns {HTMLElement}
 */
export function safeLink(url, label = url) {
  if (!isSafeUrl(url)) return h("span", { class: "unsafe-link", title: `not a web address: ${url}` }, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, label);
}

/** @param {string} url @returns {boolean} */
export function isSafeUrl(url) {
  try {
    return ["http:", "https:", "mailto:", "tel:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

const ICONS = {
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  more: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  thread: "M4 4h12v9H9l-4 3v-3H4z",
  send: "M3 4l14 6-14 6 2.5-6z",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 100 4 2 2 0 000-4z",
  file: "M5 2h7l4 4v12H5zM12 2v4h4",
  down: "M10 4v12M5 11l5 5 5-5",
  download: "M10 3v10M6 9l4 4 4-4M4 17h12",
  plus: "M10 4v12M4 10h12",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 016 0V9",
  bot: "M4 7h12v9H4zM10 7V4M8 11v1M12 11v1M2 10v3M18 10v3",
  warn: "M10 3l8 14H2zM10 8v4M10 14.5v.01",
};

/** A decorative line icon. @param {keyof typeof ICONS} name @returns {SVGElement} */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
