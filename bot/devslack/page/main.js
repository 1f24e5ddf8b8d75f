/** Starts the page: store, session, screen, composers, keys. */

import { Composer } from "./composer.js";
import { openMenu } from "./menu.js";
import { goTo, personInAddress, placeNow, putPersonInAddress } from "./place.js";
import { $, Screen } from "./screen.js";
import { Session } from "./session.js";
import { Store } from "./store.js";
import { wireTheme } from "./theme.js";

/** Longest text file that is worth sharing here. */
const LARGEST_SHARE_BYTES = 5_000_000;

const store = new Store();
const session = new Session(store);
const screen = new Screen(store, session);

/** @param {boolean} isInThread */
function composer(isInThread) {
  const where = () => ({ channel: store.channel, ...(isInThread ? { thread_ts: store.thread } : {}) });
  return new Composer({
    testid: isInThread ? "thread-composer" : "composer",
    label: isInThread ? "Reply …" : "Message the channel, or / for commands",
    known: () => store,
    send: (text) => (text.startsWith("/") ? sendCommand({ ...where(), text }) : session.api.message({ ...where(), text })),
    attach: async (file) => {
      if (file.size > LARGEST_SHARE_BYTES) throw new Error(`${file.name} is larger than 5 MB`);
      await session.api.upload({ ...where(), name: file.name, text: await file.text() });
    },
  });
}

/** An app's failure comes as a message of Slack's own; only a refusal is shown at the composer. @param {object} body */
async function sendCommand(body) {
  try {
    await session.api.command(body);
  } catch (error) {
    const { status, error: name } = /** @type {import("./api.js").Refused} */ (error);
    if (status !== 502 || name === "not_in_thread") throw error;
  }
}

/** Follows the address: which channel, thread and message. */
function followAddress() {
  const { channel, thread, ts } = placeNow();
  const known = store.myChannels().some((one) => one.id === channel);
  store.go(known ? channel : (store.channel || (store.myChannels()[0]?.id ?? "")), known ? thread : null);
  if (ts) requestAnimationFrame(() => setTimeout(() => (thread ? screen.threadPane : screen.channelPane).point(ts), 50));
}

/** Alt+1 … Alt+9 change the person; Esc leaves the thread. @param {KeyboardEvent} event */
function globalKeys(event) {
  const digit = event.altKey && !event.ctrlKey && event.code.match(/^Digit([1-9])$/)?.[1];
  const actor = digit && store.actors()[Number(digit) - 1];
  if (actor) {
    event.preventDefault();
    screen.become(actor.id);
  } else if (event.key === "Escape" && store.thread && !document.querySelector("dialog[open], [popover]:popover-open")) {
    closeThread();
  }
}

function closeThread() {
  const parent = store.thread;
  goTo(store.channel);
  setTimeout(() => screen.channelPane.rows.get(parent ?? "")?.row.focus(), 50);
}

const [main, thread] = [composer(false), composer(true)];
$("composer-slot").append(main.root);
$("thread-composer-slot").append(thread.root);
wireTheme($("theme"));
$("thread-close").addEventListener("click", closeThread);
$("shortcuts").addEventListener("click", () =>
  openMenu($("shortcuts"), store.shortcuts.filter((one) => one.type === "global").map((one) => ({
    label: one.name, hint: one.description, testid: `shortcut-${one.callback_id}`, run: () => screen.shortcut(one),
  }))));
document.addEventListener("keydown", globalKeys);
document.addEventListener("failure", (event) => screen.toast(/** @type {CustomEvent} */ (event).detail));
document.addEventListener("visibilitychange", () => document.hidden || (store.unread.delete(store.channel) && store.changed("people")));
window.addEventListener("hashchange", followAddress);

let me = "";
store.watch((topics) => {
  $("shortcuts").hidden = !store.shortcuts.some((one) => one.type === "global");
  if (!topics.has("people") || store.names.me === me) return;
  const isFirst = me === "";
  me = store.names.me;
  putPersonInAddress(me);
  if (isFirst) followAddress();
  document.documentElement.dataset.ready = me;
});
main.box.focus();
await session.start(personInAddress());
