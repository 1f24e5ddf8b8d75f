/** The rich_text block: sections, lists, quotes, preformatted. Text elements are literal, never parsed. */

import { dateToken } from "./dates.js";
import { h, safeLink } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { broadcast, channelMention, groupMention, userMention } from "./names.js";
import { unsupported } from "./unsupported.js";

/** @typedef {import("./names.js").Names} Names */

const STYLE_TAGS = /** @type {const} */ ([
  ["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"], ["highlight", "mark"],
]);

/** @param {any} block @param {Names} names @returns {HTMLElement} */
export function richText(block, names) {
  return h("div", { class: "rich-text" }, (block.elements ?? []).map((part) => container(part, names)));
}

/** @param {any} part @param {Names} names @returns {HTMLElement} */
function container(part, names) {
  const children = () => (part.elements ?? []).map((element) => leaf(element, names));
  switch (part.type) {
    case "rich_text_section":
      return h("div", { class: "rt-section" }, children());
    case "rich_text_quote":
      return h("blockquote", {}, children());
    case "rich_text_preformatted":
      return h("pre", { class: "fence", tabindex: "0", "aria-label": "Preformatted text" }, children());
    case "rich_text_list":
      return list(part, names);
    default:
      return unsupported(part.type);
  }
}

/** @param {any} part @param {Names} names @returns {HTMLElement} */
function list(part, names) {
  const indent = Math.min(Number(part.indent ?? 0), 8);
  const items = (part.elements ?? []).map((item) => h("li", {}, (item.elements ?? []).map((one) => leaf(one, names))));
  const isOrdered = part.style === "ordered";
  const start = isOrdered && part.offset ? Number(part.offset) + 1 : null;
  const made = h(isOrdered ? "ol" : "ul", { class: `rt-list level-${indent % 3}`, start }, items);
  made.style.setProperty("--indent", String(indent));
  return made;
}

/** @param {any} element @param {Names} names @returns {Node} */
function leaf(element, names) {
  return styled(plainLeaf(element, names), element.style ?? {});
}

/** @param {any} element @param {Names} names @returns {Node} */
function plainLeaf(element, names) {
  switch (element.type) {
    case "text":
      return document.createTextNode(element.text ?? "");
    case "link":
      return safeLink(element.url ?? "", element.text || element.url);
    case "user":
      return userMention(names, element.user_id);
    case "usergroup":
      return groupMention(names, element.usergroup_id);
    case "channel":
      return channelMention(names, element.channel_id);
    case "broadcast":
      return broadcast(element.range);
    case "emoji":
      return emojiOf(element.name ?? "");
    case "date":
      return dateToken(element);
    case "color":
      return h("code", {}, element.value);
    default:
      return unsupported(element.type);
  }
}

/** @param {Node} node @param {Record<string, boolean>} style @returns {Node} */
function styled(node, style) {
  return STYLE_TAGS.reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), node);
}
