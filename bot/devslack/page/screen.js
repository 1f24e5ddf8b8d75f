/** Draws the store into the page's frame: panes, headings, banner, modals. */

import { h } from "./dom.js";
import { drawFaults } from "./faults.js";
import { FormState } from "./formstate.js";
import { openMenu } from "./menu.js";
import { messageRow } from "./message.js";
import { Modals } from "./modal.js";
import { Pane } from "./pane.js";
import { goTo, linkTo } from "./place.js";
import { drawApp, drawChannels, drawPeople } from "./sidebar.js";
import { viewFile } from "./viewer.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./blocks.js").Surface} Surface */

/** @param {string} id @returns {HTMLElement} */
export const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Screen {
  /** @param {Store} store @param {Session} session */
  constructor(store, session) {
    this.store = store;
    this.session = session;
    /** By message ts. @type {Map<string, FormState>} */
    this.forms = new Map();
    const versionOf = (message) => `${store.hasNewReplies(message)} ${store.names.me}`;
    this.channelPane = new Pane($("channel-scroll"), (message, follows) => this.row(message, follows, false), { label: "Messages", days: true, versionOf });
    this.threadPane = new Pane($("thread-scroll"), (message, follows) => this.row(message, follows, true), { label: "Thread", days: false, versionOf });
    this.modals = new Modals({
      submit: (body) => session.api.submitView(body),
      close: (body) => session.api.closeView(body),
      surfaceOf: (view, form) => this.surface("modal", form, (action) => session.api.action({ ...action, view_id: view.id })),
    });
    this.shownPlace = "";
    this.shownThread = "";
    this.focusThread = false;
    this.threadRule = h("div", { class: "thread-rule", role: "separator" });
    store.watch((topics) => this.draw(topics));
  }

  /** @param {"message" | "modal"} kind @param {FormState} form @param {Surface["act"]} act @returns {Surface} */
  surface(kind, form, act) {
    const { store, session } = this;
    const file = (id) => store.files.get(id);
    return { kind, form, act, names: store.names, file, openFile: (one) => viewFile(one, { text: session.api.fileText, href: session.api.fileHref }) };
  }

  /** @param {any} message @param {boolean} follows @param {boolean} isInThread */
  row(message, follows, isInThread) {
    const form = this.forms.get(message.ts) ?? new FormState();
    this.forms.set(message.ts, form);
    const { api } = this.session;
    const where = { channel: message.channel, message_ts: message.ts };
    return messageRow(message, {
      surface: this.surface("message", form, (action) => api.action({ ...action, ...where })),
      follows, isInThread, hasNew: this.store.hasNewReplies(message),
      openThread: () => this.openThread(message),
      openMore: (anchor) => openMenu(anchor, this.moreItems(message, isInThread)),
      dismiss: () => api.dismiss({ channel: message.channel, ts: message.ts }).catch((error) => this.toast(error.message)),
    });
  }

  /** @param {any} message */
  openThread(message) {
    goTo(message.channel, message.thread_ts ?? message.ts);
    this.focusThread = true;
  }

  /** @param {any} message @param {boolean} isInThread @returns {import("./menu.js").Item[]} */
  moreItems(message, isInThread) {
    const shortcuts = this.store.shortcuts.filter((one) => one.type === "message").map((one) => ({
      label: one.name, hint: this.store.app.name, testid: `shortcut-${one.callback_id}`, run: () => this.shortcut(one, message),
    }));
    const copy = async () => {
      await navigator.clipboard.writeText(linkTo(message));
      this.toast("Link copied");
    };
    const thread = { label: "Open thread", testid: "open-thread", run: () => this.openThread(message) };
    return [...(isInThread ? [] : [thread]), { label: "Copy link", testid: "copy-link", run: () => void copy().catch(() => this.toast(linkTo(message))) }, ...shortcuts];
  }

  /** @param {any} one @param {any} [message] none for a global shortcut */
  shortcut(one, message) {
    const where = message ? { channel: message.channel, message_ts: message.ts } : {};
    this.session.api.shortcut({ callback_id: one.callback_id, ...where }).catch((error) => this.toast(error.message));
  }

  /** A sentence for a moment. @param {string} words */
  toast(words) {
    $("toast").replaceChildren(h("div", { class: "toast" }, words));
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => $("toast").replaceChildren(), 6000);
  }

  /** @param {Set<import("./store.js").Topic>} topics */
  draw(topics) {
    const { store, session } = this;
    if (topics.has("people")) {
      drawPeople($("people"), store, (user) => this.become(user));
      drawChannels($("channels"), store, (channel) => goTo(channel));
    }
    if (topics.has("app")) drawApp($("app"), store);
    if (topics.has("faults")) drawFaults($("faults"), store.faults, { set: session.api.fault, clear: session.api.clearFaults, warn: (words) => this.toast(words) });
    if (topics.has("app") || topics.has("link")) this.drawBanner();
    if (topics.has("messages") || topics.has("place") || topics.has("people")) this.drawPanes();
    if (topics.has("views")) this.modals.show(store.views);
  }

  /** @param {string} user */
  become(user) {
    if (user === this.store.names.me) return;
    this.forms.clear();
    this.session.start(user);
  }

  drawBanner() {
    const { isLive, app } = this.store;
    const isAway = app.mode === "socket" && app.connections === 0;
    const words = !isLive ? "Connection to the local Slack lost. Reconnecting …" : isAway ? `${app.name || "The app"} is not connected: commands and buttons will fail until it is.` : "";
    $("banner").textContent = words;
    $("banner").hidden = !words;
  }

  drawPanes() {
    const { store } = this;
    const channel = store.channels.find((one) => one.id === store.channel);
    const place = `${store.names.me} ${store.channel}`;
    if (place !== this.shownPlace) this.channelPane.clear();
    if (`${place} ${store.thread}` !== this.shownThread) this.threadPane.clear();
    this.shownPlace = place;
    this.shownThread = `${place} ${store.thread}`;
    $("channel-name").textContent = channel ? `${channel.is_private ? "" : "# "}${channel.name}` : "no channel";
    $("channel-about").textContent = channel ? `${channel.is_private ? "private · " : ""}${channel.members.length} members${channel.has_bot ? "" : " · the app is not in this channel"}` : "";
    const unread = [...store.unread.values()].reduce((sum, count) => sum + count, 0);
    document.title = `${unread ? `(${unread}) ` : ""}#${channel?.name ?? ""} · LOCAL Slack`;
    document.body.classList.toggle("has-thread", Boolean(store.thread));
    $("thread-pane").hidden = !store.thread;
    const messages = store.channelMessages();
    this.channelPane.show(messages);
    $("channel-empty").hidden = messages.length > 0;
    if (store.thread) this.drawThread(channel);
  }

  /** @param {any} channel */
  drawThread(channel) {
    const messages = this.store.threadMessages();
    const count = messages.length - 1;
    $("thread-about").textContent = channel ? `#${channel.name}` : "";
    this.threadRule.textContent = count === 0 ? "No replies yet" : count === 1 ? "1 reply" : `${count} replies`;
    this.threadPane.show(messages, this.threadRule);
    $("thread-status").textContent = messages[0]?.status ?? "";
    if (this.focusThread) /** @type {HTMLElement | null} */ ($("thread-composer-slot").querySelector("textarea"))?.focus();
    this.focusThread = false;
  }
}
