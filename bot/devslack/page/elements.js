/** Interactive elements that dispatch at once: buttons and overflow here, the choosing ones in choices.js. */

import { act } from "./acting.js";
import { choiceElement } from "./choices.js";
import { h, icon, isSafeUrl } from "./dom.js";
import { openMenu } from "./menu.js";
import { plain } from "./text.js";
import { unsupported } from "./unsupported.js";

/** @typedef {import("./blocks.js").Surface} Surface */

/** @type {Record<string, (element: any, block: any, surface: Surface) => Node>} */
const KINDS = { button, icon_button: button, overflow, feedback_buttons: feedback };

/** @param {any} element @param {any} block @param {Surface} surface @returns {Node} */
export function element(element, block, surface) {
  if (Object.hasOwn(KINDS, element.type)) return KINDS[element.type](element, block, surface);
  return choiceElement(element, block, surface) ?? unsupported(element.type, "element");
}

/** @param {any} element @param {any} block @param {Surface} surface */
function button(element, block, surface) {
  const style = ["primary", "danger"].includes(element.style) ? element.style : "";
  const host = h("button", {
    type: "button", class: `button ${style}`, testid: `action-${element.action_id}`,
    "aria-label": element.accessibility_label, data: { block: block.block_id ?? "" },
    onclick: async () => {
      const isSent = await act({ element, block, surface, host });
      if (isSent && element.url && isSafeUrl(element.url)) window.open(element.url, "_blank", "noopener,noreferrer");
    },
  }, h("span", { class: "button-text" }, plain(element.text)), h("span", { class: "spinner", "aria-hidden": "true" }));
  return host;
}

/** Two buttons under one action_id. @param {any} element @param {any} block @param {Surface} surface */
function feedback(element, block, surface) {
  const sides = [element.positive_button, element.negative_button].filter(Boolean);
  return h("span", { class: "button-pair" }, sides.map((side) => {
    const host = h("button", {
      type: "button", class: "button", testid: `action-${element.action_id}`, "aria-label": side.accessibility_label,
      onclick: () => act({ element, block, surface, host, choice: side.value }),
    }, plain(side.text));
    return host;
  }));
}

/** The ⋯ menu of an element. @param {any} element @param {any} block @param {Surface} surface */
function overflow(element, block, surface) {
  const host = h("button", {
    type: "button", class: "button overflow", "aria-label": "More options", "aria-haspopup": "menu",
    testid: `action-${element.action_id}`, onclick: () => openMenu(host, (element.options ?? []).map(item)),
  }, icon("more"), h("span", { class: "spinner", "aria-hidden": "true" }));
  /** @param {any} option */
  const item = (option) => ({
    label: plain(option.text), hint: option.description && plain(option.description), testid: `option-${option.value}`,
    run: async () => {
      const isSent = await act({ element, block, surface, host, choice: option.value });
      if (isSent && option.url && isSafeUrl(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
    },
  });
  return host;
}
