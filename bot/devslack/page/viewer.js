/** A shared file in full, always as text. */

import { dialog, open, textButton } from "./dialog.js";
import { h, icon } from "./dom.js";
import { sizeOf } from "./files.js";

/** More than this is cut in the viewer (and said so); the download has all of it. */
const SHOWN_CHARACTERS = 2_000_000;

/**
 * @param {any} file
 * @param {{text: (file: any) => Promise<string>, href: (file: any) => string}} source
 */
export async function viewFile(file, source) {
  const body = h("pre", { class: "file-text", testid: "file-text", tabindex: "0" }, "loading …");
  const note = h("span", { class: "quiet" }, sizeOf(file.size_bytes));
  const wrap = textButton("Wrap lines", { "aria-pressed": "false", onclick: () => wrap.setAttribute("aria-pressed", String(body.classList.toggle("wraps"))) });
  const get = h("a", { class: "button", href: source.href(file), download: file.name ?? "file", testid: "file-download" }, icon("download"), "Download");
  const box = dialog({ title: file.title || file.name, testid: "file-viewer", kind: "wide", body, footer: [note, wrap, get], onCancel: () => box.close() });
  open(box);
  try {
    const text = await source.text(file);
    body.textContent = text.slice(0, SHOWN_CHARACTERS);
    note.textContent = `${sizeOf(file.size_bytes)} · ${lines(text)}${text.length > SHOWN_CHARACTERS ? " · cut here, complete in the download" : ""}`;
  } catch (error) {
    body.textContent = `could not be opened: ${/** @type {Error} */ (error).message}`;
  }
  body.focus();
}

/** @param {string} text */
function lines(text) {
  const count = text ? text.replace(/\n$/, "").split("\n").length : 0;
  return count === 1 ? "1 line" : `${count} lines`;
}
