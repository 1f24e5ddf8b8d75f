/** What the page cannot draw is said, not hidden. */

import { h } from "./dom.js";

/** @param {string | undefined} type @param {string} [what] @returns {HTMLElement} */
export function unsupported(type, what = "block") {
  const name = typeof type === "string" && type ? type : "without a type";
  return h("div", { class: "unsupported", role: "note", testid: `unsupported-${name}` },
    `Unsupported ${what}: `, h("code", {}, name), " (the local Slack does not draw it; Slack may)");
}
