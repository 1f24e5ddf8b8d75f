/** The box one writes in: Enter sends, Shift+Enter breaks the line, arrows and Tab complete, ↑ recalls. */

import { completionAt, usageOf } from "./completion.js";
import { h, icon } from "./dom.js";

/** @typedef {import("./completion.js").Suggestion} Suggestion */

const TALLEST_PX = 220;
let serial = 0;

export class Composer {
  /**
   * @param {object} setting
   * @param {string} setting.testid  `composer` or `thread-composer`; parts get it as prefix
   * @param {string} setting.label
   * @param {() => import("./completion.js").Known} setting.known
   * @param {(text: string) => Promise<void>} setting.send  rejects with the words to show; the text then comes back
   * @param {(file: File) => Promise<void>} setting.attach
   */
  constructor({ testid, label, known, send, attach }) {
    this.known = known;
    this.send = send;
    this.attach = attach;
    serial += 1;
    this.listId = `suggestions-${serial}`;
    /** @type {string[]} */ this.sent = [];
    /** @type {import("./completion.js").Completion | null} */ this.offer = null;
    this.chosen = 0;
    this.notice = h("div", { class: "composer-notice", role: "alert", testid: `${testid}-notice` });
    this.popup = h("div", { class: "suggestions", role: "listbox", id: this.listId, "aria-label": "Suggestions", hidden: true, testid: `${testid}-suggestions` });
    this.box = /** @type {HTMLTextAreaElement} */ (h("textarea", {
      rows: 1, "aria-label": label, placeholder: label, testid, role: "combobox", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": this.listId, spellcheck: "false", autocomplete: "off",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => this.close(), onclick: () => this.suggest(),
    }));
    this.hint = h("span", { class: "composer-hint quiet" });
    this.button = h("button", { type: "submit", class: "icon-button send", "aria-label": "Send", testid: `${testid}-send`, disabled: true }, icon("send"), h("span", { class: "spinner", "aria-hidden": "true" }));
    this.root = /** @type {HTMLFormElement} */ (h("form", { class: "composer", onsubmit: (event) => this.submit(event) }, this.notice, this.popup, this.box,
      h("div", { class: "composer-foot" }, this.picker(testid), this.hint, this.button)));
  }

  /** A text file to share. @param {string} testid */
  picker(testid) {
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "file", class: "visually-hidden", tabindex: "-1", "aria-hidden": "true", testid: `${testid}-file`, onchange: () => this.share(input) }));
    const button = h("button", { type: "button", class: "icon-button", "aria-label": "Share a text file", title: "Share a text file", onclick: () => input.click() }, icon("plus"));
    return [button, input];
  }

  /** @param {HTMLInputElement} input */
  async share(input) {
    const file = input.files?.[0];
    input.value = "";
    if (file) await this.attach(file).catch((error) => this.warn(error.message));
  }

  /** @param {string} words shown above the box; empty takes them away */
  warn(words) {
    this.notice.textContent = words;
  }

  typed() {
    this.warn("");
    this.button.toggleAttribute("disabled", !this.box.value.trim());
    this.hint.textContent = usageOf(this.box.value, this.known());
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, TALLEST_PX)}px`;
    this.suggest();
  }

  suggest() {
    this.offer = completionAt(this.box.value, this.box.selectionStart, this.known());
    this.chosen = 0;
    this.drawOffer();
  }

  drawOffer() {
    const items = this.offer?.items ?? [];
    this.popup.hidden = !items.length;
    this.box.setAttribute("aria-expanded", String(items.length > 0));
    this.popup.replaceChildren(...items.map((item, at) => this.option(item, at)));
    if (items.length) this.box.setAttribute("aria-activedescendant", `${this.listId}-${this.chosen}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** @param {Suggestion} item @param {number} at */
  option(item, at) {
    return h("div", {
      role: "option", id: `${this.listId}-${at}`, class: "suggestion", "aria-selected": String(at === this.chosen), testid: `suggestion-${item.id}`,
      onmousedown: (event) => {
        event.preventDefault();
        this.take(item);
      },
    }, h("strong", {}, item.label), h("small", {}, item.hint));
  }

  /** @param {Suggestion} item */
  take(item) {
    if (!this.offer) return;
    this.box.setRangeText(item.insert, this.offer.from, this.offer.to, "end");
    this.typed();
  }

  close() {
    this.offer = null;
    this.drawOffer();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    const isHandled = (this.offer && this.offerKey(event)) || this.plainKey(event);
    if (isHandled) event.preventDefault();
  }

  /** @param {KeyboardEvent} event @returns {boolean} */
  offerKey(event) {
    const { items } = /** @type {import("./completion.js").Completion} */ (this.offer);
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
    if (event.key in steps) {
      this.chosen = (this.chosen + steps[event.key] + items.length) % items.length;
      this.drawOffer();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) this.take(items[this.chosen]);
    else if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else return false;
    return true;
  }

  /** @param {KeyboardEvent} event @returns {boolean} */
  plainKey(event) {
    if (event.key === "Enter" && !event.shiftKey) {
      this.root.requestSubmit();
      return true;
    }
    if (event.key !== "ArrowUp" || this.box.value || !this.sent.length) return false;
    this.fill(this.sent[this.sent.length - 1]);
    return true;
  }

  /** @param {string} text */
  fill(text) {
    this.box.value = text;
    this.typed();
    this.close();
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text || this.button.getAttribute("aria-busy") === "true") return;
    this.fill("");
    this.button.setAttribute("aria-busy", "true");
    try {
      await this.send(text);
      this.sent.push(text);
    } catch (error) {
      if (!this.box.value) this.fill(text);
      this.warn(/** @type {Error} */ (error).message);
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }
}
