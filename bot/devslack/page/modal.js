/** The viewer's stack of open views; the topmost is shown. */

import { withSpinner } from "./acting.js";
import { renderBlocks } from "./blocks.js";
import { dialog, open, textButton } from "./dialog.js";
import { h } from "./dom.js";
import { FormState } from "./formstate.js";
import { showErrors } from "./inputs.js";

/**
 * @typedef {object} ModalCalls
 * @property {(body: object) => Promise<any>} submit @property {(body: object) => Promise<any>} close
 * @property {(view: any, form: FormState) => import("./blocks.js").Surface} surfaceOf
 */

export class Modals {
  /** @param {ModalCalls} calls */
  constructor(calls) {
    this.calls = calls;
    /** By view id, so that going back finds what was typed. @type {Map<string, FormState>} */
    this.forms = new Map();
    /** @type {{view: any, box: HTMLDialogElement} | null} */
    this.shown = null;
  }

  /** @param {any[]} views the whole stack, the lowest first */
  show(views) {
    const top = views[views.length - 1];
    if (this.shown && top && isSame(this.shown.view, top)) return;
    const focused = /** @type {HTMLElement | null} */ (this.shown && document.activeElement)?.dataset.testid;
    this.shown?.box.close();
    // The browser tells of the closing a moment later; until then its fields would stand beside the new ones.
    this.shown?.box.remove();
    this.shown = null;
    for (const id of this.forms.keys()) if (!views.some((view) => view.id === id)) this.forms.delete(id);
    if (top) this.draw(top, views.length, focused);
  }

  /** @param {any} view @param {number} depth @param {string | undefined} focused */
  draw(view, depth, focused) {
    const form = this.forms.get(view.id) ?? new FormState();
    this.forms.set(view.id, form);
    const blocks = h("form", { id: `form-${view.id}`, novalidate: true, onsubmit: (event) => this.submit(event, view, form) },
      renderBlocks(view.blocks, this.calls.surfaceOf(view, form)));
    const cancel = () => void withSpinner(close, () => this.calls.close({ view_id: view.id }));
    const close = textButton(view.close?.text ?? "Cancel", { testid: "modal-close", onclick: cancel });
    const submit = view.submit && textButton([h("span", { class: "button-text" }, view.submit.text), h("span", { class: "spinner", "aria-hidden": "true" })],
      { type: "submit", class: "primary", form: `form-${view.id}`, testid: "modal-submit" });
    const title = `${depth > 1 ? "‹ " : ""}${view.title?.text ?? ""}`;
    const box = dialog({ title, testid: "modal", kind: "modal", body: blocks, footer: [close, submit].filter(Boolean), onCancel: cancel });
    this.shown = { view, box };
    open(box);
    showErrors(box, view.errors ?? {});
    if (focused) /** @type {HTMLElement | null} */ (box.querySelector(`[data-testid="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {SubmitEvent} event @param {any} view @param {FormState} form */
  async submit(event, view, form) {
    event.preventDefault();
    const box = this.shown?.box;
    const button = /** @type {HTMLElement | null} */ (box?.querySelector("[data-testid=modal-submit]"));
    if (!box || !button || button.getAttribute("aria-busy") === "true") return;
    const inputs = view.blocks.filter((block) => block.type === "input" || block.type === "section" || block.type === "actions");
    const values = form.values(new Set(inputs.map((block) => block.block_id)));
    await withSpinner(button, async () => {
      try {
        const answer = await this.calls.submit({ view_id: view.id, values });
        showErrors(box, answer.errors ?? {});
      } catch (error) {
        const { errors = {} } = /** @type {import("./api.js").Refused} */ (error);
        showErrors(box, errors);
        if (!Object.keys(errors).length) throw error;
      }
    });
  }
}

/** @param {any} one @param {any} other */
const isSame = (one, other) =>
  one.id === other.id && one.hash === other.hash && JSON.stringify(one.errors) === JSON.stringify(other.errors)
  && JSON.stringify(one.blocks) === JSON.stringify(other.blocks);
