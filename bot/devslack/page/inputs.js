/** The input block: label, element, hint, and the sentence when its value was refused. */

import { choiceElement } from "./choices.js";
import { h } from "./dom.js";
import { plain } from "./text.js";
import { unsupported } from "./unsupported.js";

/** @typedef {import("./blocks.js").Surface} Surface */

let serial = 0;

/** @param {any} block @param {Surface} surface @returns {HTMLElement} */
export function inputBlock(block, surface) {
  serial += 1;
  const id = `input-${serial}`;
  const field = choiceElement(block.element ?? {}, block, surface) ?? unsupported(block.element?.type, "element");
  const isSet = field.classList.contains("boxes");
  field.id = id;
  field.setAttribute("aria-describedby", `${id}-error ${id}-hint`);
  if (isSet) field.setAttribute("aria-labelledby", `${id}-label`);
  field.removeAttribute("aria-label");
  if (!block.optional) field.setAttribute(isSet ? "data-required" : "aria-required", "true");
  return h("div", { class: "input-block", data: { input: block.block_id ?? "" } },
    h(isSet ? "div" : "label", { class: "input-label", id: `${id}-label`, for: isSet ? null : id },
      plain(block.label), block.optional && h("span", { class: "quiet" }, " (optional)")),
    field,
    h("div", { class: "input-error", id: `${id}-error`, role: "alert", testid: `error-${block.block_id}` }),
    h("div", { class: "input-hint quiet", id: `${id}-hint` }, block.hint && plain(block.hint)));
}

/** Shows each refusal under its field; the first refused field gets the focus. @param {HTMLElement} root @param {Record<string, string>} errors */
export function showErrors(root, errors) {
  for (const holder of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-input]"))) {
    const words = errors[holder.dataset.input ?? ""] ?? "";
    const slot = /** @type {HTMLElement} */ (holder.querySelector(".input-error"));
    slot.textContent = words;
    holder.classList.toggle("has-error", Boolean(words));
    const field = slot.previousElementSibling;
    if (words) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
  const first = root.querySelector(".has-error :is(input, select, textarea)");
  if (first) /** @type {HTMLElement} */ (first).focus();
}
