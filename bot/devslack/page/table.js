/** The table block: the first row is the head; cells are raw text or rich text. */

import { h } from "./dom.js";
import { richText } from "./richtext.js";
import { unsupported } from "./unsupported.js";

/** @typedef {import("./names.js").Names} Names */

/** @param {any} block @param {Names} names @returns {HTMLElement} */
export function table(block, names) {
  const [head, ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", {},
      head && h("thead", {}, row(head, "th", settings, names)),
      h("tbody", {}, rows.map((one) => row(one, "td", settings, names)))));
}

/** @param {any[]} cells @param {"th" | "td"} tag @param {any[]} settings @param {Names} names */
function row(cells, tag, settings, names) {
  return h("tr", {}, cells.map((cell, at) => {
    const align = settings[at]?.align;
    const kind = ["center", "right"].includes(align) ? `align-${align}` : null;
    return h(tag, { class: [kind, settings[at]?.is_wrapped && "wraps"].filter(Boolean).join(" ") || null, scope: tag === "th" ? "col" : null }, content(cell, names));
  }));
}

/** @param {any} cell @param {Names} names */
function content(cell, names) {
  if (cell.type === "rich_text") return richText(cell, names);
  if (cell.type === "raw_text" || cell.type === "raw_number") return cell.text ?? String(cell.value ?? "");
  return unsupported(cell.type, "cell");
}
