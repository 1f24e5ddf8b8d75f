/**
 * Elements in which something is chosen or typed. In an input block they only remember the choice
 * (the view's submit sends it); elsewhere, or with dispatch_action, they send it at once.
 */

import { act } from "./acting.js";
import { h } from "./dom.js";
import { plain } from "./text.js";

/** @typedef {import("./blocks.js").Surface} Surface */
/** @typedef {import("./formstate.js").Choice} Choice */
/** @typedef {{element: any, block: any, surface: Surface, initial: Choice, change: (host: HTMLElement, choice: Choice, confirm?: any) => Promise<boolean>}} Setting */

/** @type {Record<string, (setting: Setting) => HTMLElement>} */
const KINDS = {
  static_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: select, multi_users_select: select, multi_conversations_select: select, multi_channels_select: select,
  radio_buttons: boxes, checkboxes: boxes,
  plain_text_input: typed, email_text_input: typed, url_text_input: typed, number_input: typed,
  datepicker: typed, timepicker: typed,
};

/** @param {any} element @param {any} block @param {Surface} surface @returns {HTMLElement | null} null: not such an element */
export function choiceElement(element, block, surface) {
  if (!Object.hasOwn(KINDS, element.type)) return null;
  const initial = surface.form.get(block.block_id, element.action_id, initialOf(element));
  surface.form.set(block.block_id, element.action_id, initial);
  const isSent = block.type !== "input" || block.dispatch_action;
  /** @type {Setting["change"]} */
  const change = async (host, choice, confirm) => {
    if (isSent && !(await act({ element, block, surface, host, choice, confirm }))) return false;
    surface.form.set(block.block_id, element.action_id, choice);
    return true;
  };
  return KINDS[element.type]({ element, block, surface, initial, change });
}

/** @param {any} element @returns {Choice} */
function initialOf(element) {
  const many = element.initial_options?.map((option) => option.value)
    ?? element.initial_users ?? element.initial_conversations ?? element.initial_channels;
  if (many || element.type === "checkboxes" || element.type.startsWith("multi_")) return many ?? [];
  return element.initial_option?.value ?? element.initial_user ?? element.initial_conversation ?? element.initial_channel
    ?? element.initial_value ?? element.initial_date ?? element.initial_time ?? null;
}

/** A native select: it works by keyboard, on a phone and with a screen reader. @param {Setting} setting @returns {HTMLElement} */
function select({ element, surface, initial, change }) {
  const isMany = element.type.startsWith("multi_");
  const chosen = new Set([initial ?? []].flat());
  const placeholder = element.placeholder?.text ?? "Choose …";
  const groups = optionGroups(element, surface);
  const host = /** @type {HTMLSelectElement} */ (h("select", {
    class: "select", multiple: isMany, testid: `action-${element.action_id}`, "aria-label": placeholder,
    size: isMany ? Math.min(6, Math.max(2, groups.flatMap((group) => group.options).length)) : null,
    onchange: async () => {
      const values = [...host.selectedOptions].map((option) => option.value);
      const before = [...chosen];
      const picked = groups.flatMap((group) => group.options).find((option) => option.value === values[0]);
      if (await change(host, isMany ? values : (values[0] ?? null), picked?.confirm ?? element.confirm)) remember(chosen, values);
      else for (const option of host.options) option.selected = before.length ? before.includes(option.value) : option.value === "";
    },
  }, !isMany && h("option", { value: "", disabled: true, selected: !chosen.size }, placeholder),
  groups.map((group) => optionsOf(group, chosen))));
  return host;
}

/** @param {Set<string>} chosen @param {string[]} values */
function remember(chosen, values) {
  chosen.clear();
  for (const value of values) chosen.add(value);
}

/** @typedef {{label: string | null, options: {value: string, text: string, confirm?: any}[]}} OptionGroup */

/** @param {any} element @param {Surface} surface @returns {OptionGroup[]} */
function optionGroups(element, surface) {
  const { people, channels } = surface.names;
  if (element.type.includes("users")) {
    return [{ label: null, options: [...people.values()].map((person) => ({ value: person.id, text: person.label })) }];
  }
  if (/channels|conversations/.test(element.type)) {
    return [{ label: null, options: [...channels.values()].map(({ id, name }) => ({ value: id, text: `#${name}` })) }];
  }
  const groups = element.option_groups ?? [{ label: null, options: element.options ?? [] }];
  return groups.map((group) => ({
    label: group.label?.text ?? null,
    options: group.options.map((option) => ({ value: option.value, text: option.text?.text ?? option.value, confirm: option.confirm })),
  }));
}

/** @param {OptionGroup} group @param {Set<string>} chosen */
function optionsOf({ label, options }, chosen) {
  const made = options.map(({ value, text }) => h("option", { value, selected: chosen.has(value) }, text));
  return label ? h("optgroup", { label }, made) : made;
}

let serial = 0;

/** Radio buttons and checkboxes. @param {Setting} setting @returns {HTMLElement} */
function boxes({ element, initial, change }) {
  const type = element.type === "checkboxes" ? "checkbox" : "radio";
  const chosen = new Set([initial ?? []].flat());
  serial += 1;
  const name = `choice-${serial}`;
  const host = h("div", {
    class: "boxes", role: type === "radio" ? "radiogroup" : "group", testid: `action-${element.action_id}`,
    onchange: () => {
      const values = [.../** @type {NodeListOf<HTMLInputElement>} */ (host.querySelectorAll("input:checked"))].map((box) => box.value);
      change(host, type === "radio" ? values[0] : values);
    },
  }, (element.options ?? []).map((option) =>
    h("label", { class: "box" },
      h("input", { type, name, value: option.value, checked: chosen.has(option.value) }),
      h("span", {}, plain(option.text), option.description && h("small", {}, plain(option.description))))));
  return host;
}

const INPUT_TYPES = /** @type {Record<string, string>} */ ({
  email_text_input: "email", url_text_input: "url", number_input: "text", datepicker: "date", timepicker: "time",
});

/** Text, number, date and time fields. @param {Setting} setting @returns {HTMLElement} */
function typed({ element, block, surface, initial, change }) {
  const isArea = Boolean(element.multiline);
  const picks = ["datepicker", "timepicker"].includes(element.type);
  const host = /** @type {HTMLInputElement} */ (h(isArea ? "textarea" : "input", {
    class: "field", type: isArea ? null : (INPUT_TYPES[element.type] ?? "text"), rows: isArea ? 5 : null,
    inputmode: element.type === "number_input" ? "decimal" : null, autofocus: element.focus_on_load,
    placeholder: element.placeholder?.text, maxlength: element.max_length, testid: `action-${element.action_id}`,
    oninput: () => surface.form.set(block.block_id, element.action_id, host.value),
    onchange: () => picks && change(host, host.value),
    onkeydown: (event) => {
      if (event.key === "Enter" && !isArea && block.dispatch_action) change(host, host.value);
    },
  }));
  host.value = typeof initial === "string" ? initial : "";
  return host;
}
