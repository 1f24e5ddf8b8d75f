/** Text objects: {type: "mrkdwn" | "plain_text", text}. */

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** @typedef {import("./names.js").Names} Names */

/** @param {any} object @param {Names} names @returns {HTMLElement} */
export function textObject(object, names) {
  if (object?.type === "mrkdwn") return mrkdwn(object.text ?? "", names, { verbatim: Boolean(object.verbatim) });
  return h("div", { class: "plain-text" }, plain(object));
}

/** The letters of a plain_text object, shortcodes drawn unless emoji is false. @param {any} object @returns {(Node | string)[]} */
export function plain(object) {
  const text = object?.text ?? "";
  return object?.emoji === false ? [text] : withEmoji(text);
}
