/** Left column (a strip on a phone): who you are, the channels, the app's health. */

import { h, icon } from "./dom.js";
import { avatar } from "./names.js";

/** @typedef {import("./store.js").Store} Store */

/** @param {HTMLElement} root @param {Store} store @param {(user: string) => void} become */
export function drawPeople(root, store, become) {
  const actors = store.actors();
  const hadFocus = root.contains(document.activeElement);
  root.replaceChildren(...actors.map((user, at) => personOption(user, at, store, become)));
  root.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || !actors.length) return;
    event.preventDefault();
    const at = actors.findIndex((user) => user.id === store.names.me);
    become(actors[(at + step + actors.length) % actors.length].id);
  };
  if (hadFocus) /** @type {HTMLElement | null} */ (root.querySelector("[aria-checked=true]"))?.focus();
}

/** @param {any} user @param {number} at @param {Store} store @param {(user: string) => void} become */
function personOption(user, at, store, become) {
  const isMe = user.id === store.names.me;
  const person = /** @type {import("./names.js").Person} */ (store.names.people.get(user.id));
  return h("button", {
    type: "button", role: "radio", class: "person", "aria-checked": String(isMe), tabindex: isMe ? "0" : "-1", testid: `person-${user.id}`,
    title: `Act as ${person.label} (Alt+${at + 1})`, onclick: () => become(user.id),
  }, avatar(person, "small"),
  h("span", { class: "person-words" }, h("span", { class: "person-name" }, person.label), h("small", {}, standing(user, store))),
  at < 9 && h("kbd", { "aria-hidden": "true" }, `Alt ${at + 1}`));
}

/** "member · @sre": what decides what this person may do. @param {any} user @param {Store} store */
function standing(user, store) {
  const groups = store.groups.filter((group) => group.users.includes(user.id)).map((group) => `@${group.handle}`);
  return [user.kind === "elsewhere" ? "other workspace" : user.kind, ...groups].join(" · ");
}

/** @param {HTMLElement} root @param {Store} store @param {(channel: string) => void} go */
export function drawChannels(root, store, go) {
  root.replaceChildren(...store.myChannels().map((channel) => {
    const unread = store.unread.get(channel.id) ?? 0;
    const isHere = channel.id === store.channel;
    return h("button", { type: "button", class: `channel-link ${unread ? "has-unread" : ""}`, "aria-current": isHere ? "page" : null, testid: `channel-${channel.id}`, onclick: () => go(channel.id) },
      h("span", { "aria-hidden": "true", class: "channel-mark" }, channel.is_private ? icon("lock") : "#"), h("span", {}, channel.name),
      channel.is_shared && h("span", { class: "badge quiet-badge" }, "shared"),
      unread > 0 && h("span", { class: "count", "aria-label": `${unread} unread` }, unread));
  }));
}

/** @param {HTMLElement} root @param {Store} store */
export function drawApp(root, store) {
  const { name, mode, connections = 0 } = store.app;
  const isAway = mode === "socket" && connections === 0;
  const words = mode === "http" ? "HTTP mode" : connections === 1 ? "1 connection" : `${connections} connections`;
  root.replaceChildren(h("span", { class: `lamp ${isAway ? "is-off" : "is-on"}`, "aria-hidden": "true" }), h("span", { class: "app-words" }, h("span", {}, name || "no app"), h("small", {}, isAway ? "not connected" : words)));
}
