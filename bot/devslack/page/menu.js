/** A small menu at a button: arrows, Home, End, Esc, typing a first letter, a click outside. */

import { h } from "./dom.js";

/** @typedef {{label: any, hint?: any, testid?: string, run: () => void}} Item */

/** @param {HTMLElement} anchor @param {Item[]} items */
export function openMenu(anchor, items) {
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", testid: "menu" });
  /** @param {Item} item */
  const entry = (item) => h("button", {
    type: "button", role: "menuitem", class: "menu-item", tabindex: "-1", testid: item.testid,
    onclick: () => {
      menu.hidePopover();
      item.run();
    },
  }, h("span", {}, item.label), item.hint && h("small", {}, item.hint));
  menu.append(...items.map(entry));
  menu.addEventListener("keydown", (event) => walk(menu, event));
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") close(menu, anchor);
  });
  (anchor.closest("dialog") ?? document.body).append(menu);
  menu.showPopover();
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  /** @type {HTMLElement | null} */ (menu.firstElementChild)?.focus();
}

/** @param {HTMLElement} menu @param {HTMLElement} anchor */
function close(menu, anchor) {
  const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
  menu.remove();
  anchor.removeAttribute("aria-expanded");
  if (hadFocus && anchor.isConnected) anchor.focus();
}

/** Below the anchor, or above when there is no room; always inside the window. @param {HTMLElement} menu @param {HTMLElement} anchor */
function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + 4 + size.height < window.innerHeight;
  menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - size.height - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - size.width - 8))}px`;
}

/** @param {HTMLElement} menu @param {KeyboardEvent} event */
function walk(menu, event) {
  const items = /** @type {HTMLElement[]} */ ([...menu.children]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const steps = /** @type {Record<string, number | undefined>} */ ({ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 });
  let to = steps[event.key];
  if (to === undefined && event.key.length === 1 && event.key !== " ") {
    const found = items.findIndex((item) => item.textContent?.toLowerCase().startsWith(event.key.toLowerCase()));
    to = found < 0 ? undefined : found;
  }
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
}
