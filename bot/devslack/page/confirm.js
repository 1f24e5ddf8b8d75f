/** Block Kit's confirm object as a dialog. It is a courtesy of the client, never a control. */

import { dialog, open, textButton } from "./dialog.js";
import { plain, textObject } from "./text.js";

/** @typedef {import("./names.js").Names} Names */

/**
 * @param {any} confirm title, text, confirm, deny, style
 * @param {Names} names @returns {Promise<boolean>} true on yes; Esc and ✕ mean no, and so does a second Enter on a dangerous one
 */
export function askConfirm(confirm, names) {
  return new Promise((resolve) => {
    /** @param {boolean} isYes */
    const answer = (isYes) => {
      box.close();
      resolve(isYes);
    };
    const style = confirm.style === "danger" ? "danger" : "primary";
    const yes = textButton(plain(confirm.confirm ?? { text: "Yes" }), { class: style, testid: "confirm-ok", onclick: () => answer(true) });
    const no = textButton(plain(confirm.deny ?? { text: "Cancel" }), { testid: "confirm-cancel", onclick: () => answer(false) });
    const title = confirm.title?.text ?? "Are you sure?";
    const box = dialog({ title, testid: "confirm", kind: "confirm", body: textObject(confirm.text, names), footer: [no, yes], onCancel: () => answer(false) });
    box.setAttribute("role", "alertdialog");
    open(box);
    (style === "danger" ? no : yes).focus();
  });
}
