/** People, groups and channels by id: labels, avatars and mention chips. */

import { h, icon } from "./dom.js";

/**
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name        handle, as typed after @
 * @property {string} label       shown name
 * @property {string} role        requester, approver, guest …; empty when unknown
 * @property {boolean} isBot
 * @property {boolean} isAway     deactivated
 */

/** @typedef {{id: string, name: string}} Named */

/**
 * @typedef {object} Names
 * @property {string} me                       the viewer's user id
 * @property {Map<string, Person>} people
 * @property {Map<string, Named>} groups
 * @property {Map<string, Named>} channels
 */

/** @param {Names} names @param {string} id @returns {HTMLElement} */
export function userMention(names, id) {
  const person = names.people.get(id);
  const kind = id === names.me ? "mention mention-me" : "mention";
  return h("span", { class: kind, data: { user: id } }, `@${person?.label ?? id}`);
}

/** @param {Names} names @param {string} id @param {string} [label] @returns {HTMLElement} */
export function groupMention(names, id, label) {
  const handle = names.groups.get(id)?.name ?? label ?? id;
  return h("span", { class: "mention" }, `@${handle.replace(/^@/, "")}`);
}

/** @param {Names} names @param {string} id @param {string} [label] @returns {HTMLElement} */
export function channelMention(names, id, label) {
  return h("span", { class: "mention" }, `#${names.channels.get(id)?.name ?? label ?? id}`);
}

/** @param {string} range here, channel or everyone @returns {HTMLElement} */
export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

/** A square with initials, its colour drawn from the id. @param {Person} person @param {string} [size] */
export function avatar(person, size = "") {
  const hue = [...person.id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
  const tile = h("span", { class: `avatar ${size}`, "aria-hidden": "true" }, person.isBot ? icon("bot") : initials(person.label));
  tile.style.setProperty("--hue", String(hue));
  return tile;
}

/** @param {string} label @returns {string} one or two letters */
export function initials(label) {
  const words = label.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0] ?? "?"];
  return letters.map((word) => [...word][0].toUpperCase()).join("");
}
