/** Modal dialogs on the browser's own <dialog>: focus trap, Esc and inert background come with it. */

import { h, icon } from "./dom.js";

let serial = 0;

/**
 * @param {object} parts
 * @param {string} parts.title @param {string} parts.testid @param {Node | Node[]} parts.body
 * @param {Node[]} [parts.footer] @param {Node[]} [parts.tools] beside the close button
 * @param {string} [parts.kind] a class @param {() => void} parts.onCancel Esc, ✕ or a click outside
 * @returns {HTMLDialogElement} not opened yet
 */
export function dialog({ title, testid, body, footer, tools, kind = "", onCancel }) {
  serial += 1;
  const heading = h("h2", { id: `dialog-title-${serial}` }, title);
  const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close", testid: `${testid}-dismiss`, onclick: onCancel }, icon("close"));
  const made = /** @type {HTMLDialogElement} */ (
    h("dialog", { class: `dialog ${kind}`, testid, "aria-labelledby": heading.id },
      h("div", { class: "dialog-head" }, heading, tools, close),
      h("div", { class: "dialog-body", tabindex: "-1" }, body),
      footer && h("div", { class: "dialog-foot" }, footer))
  );
  made.addEventListener("cancel", (event) => {
    event.preventDefault();
    onCancel();
  });
  return made;
}

/** Puts it on the screen; the element that had the focus gets it back when it goes. @param {HTMLDialogElement} made */
export function open(made) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  made.addEventListener("close", () => {
    made.remove();
    if (before?.isConnected) before.focus();
  });
  document.body.append(made);
  made.showModal();
}

/** A text button. @param {string | (string | Node)[]} label @param {Record<string, any>} props */
export function textButton(label, props = {}) {
  return h("button", { type: "button", ...props, class: `button ${props.class ?? ""}` }, label);
}
