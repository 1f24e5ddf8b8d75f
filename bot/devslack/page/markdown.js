/** The markdown block, its common part: headings, lists, quotes, fences, rules, emphasis, code and links. */

import { h, safeLink } from "./dom.js";
import { withEmoji } from "./emoji.js";

const INLINE = /(`[^`\n]+`|\*\*[^\n]+?\*\*|~~[^\n]+?~~|\*[^\s*][^\n*]*\*|\b_[^\s_][^\n_]*_\b|\[[^\]\n]+\]\([^)\s]+\))/;

/** @type {[RegExp, (hit: RegExpMatchArray) => Node][]} */
const LINE_FORMS = [
  [/^(#{1,6})\s+(.*)$/, (hit) => h(`h${Math.min(hit[1].length + 2, 6)}`, { class: "md-heading" }, inline(hit[2]))],
  [/^(?:-{3,}|\*{3,}|_{3,})$/, () => h("hr")],
  [/^>\s?(.*)$/, (hit) => h("blockquote", {}, inline(hit[1]))],
  [/^\s*[-*+]\s+(.*)$/, (hit) => h("ul", {}, h("li", {}, inline(hit[1])))],
  [/^\s*(\d+)[.)]\s+(.*)$/, (hit) => h("ol", { start: hit[1] }, h("li", {}, inline(hit[2])))],
];

/** @param {string} text @returns {HTMLElement} */
export function markdown(text) {
  const parts = text.split(/^```[^\n]*\n([\s\S]*?)^```\s*$/m);
  const made = parts.map((part, at) =>
    at % 2 === 1 ? h("pre", { class: "fence" }, part.replace(/\n$/, "")) : lines(part),
  );
  return h("div", { class: "markdown" }, made.flat());
}

/** Each line by its form; neighbours of one list or quote are joined. @param {string} text @returns {Node[]} */
function lines(text) {
  /** @type {HTMLElement[]} */
  const out = [];
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    const made = /** @type {HTMLElement} */ (lineOf(line));
    const last = out[out.length - 1];
    if (last && last.tagName === made.tagName && ["UL", "OL", "BLOCKQUOTE"].includes(made.tagName)) {
      if (made.tagName === "BLOCKQUOTE") last.append("\n");
      last.append(...made.childNodes);
    } else out.push(made);
  }
  return out;
}

/** @param {string} line @returns {Node} */
function lineOf(line) {
  for (const [form, make] of LINE_FORMS) {
    const hit = line.match(form);
    if (hit) return make(hit);
  }
  return h("p", {}, inline(line));
}

/** @param {string} text @returns {(Node | string)[]} */
function inline(text) {
  return text.split(INLINE).flatMap((part, at) => (at % 2 === 1 ? [form(part)] : withEmoji(part)));
}

/** @param {string} part one inline form with its marks @returns {Node} */
function form(part) {
  if (part.startsWith("`")) return h("code", {}, part.slice(1, -1));
  if (part.startsWith("**")) return h("strong", {}, inline(part.slice(2, -2)));
  if (part.startsWith("~~")) return h("s", {}, inline(part.slice(2, -2)));
  if (part.startsWith("[")) {
    const [, label, url] = part.match(/^\[([^\]]+)\]\(([^)]+)\)$/) ?? [];
    return safeLink(url, label);
  }
  return h("em", {}, inline(part.slice(1, -1)));
}
