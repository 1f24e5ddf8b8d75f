/** A scrolling list of messages that is kept current without redrawing what did not change. */

import { dateOfTs, dayLabel, dayNumber } from "./dates.js";
import { h, icon } from "./dom.js";

const NEAR_END_PX = 80;
const FOLLOW_S = 300;

export class Pane {
  /**
   * @param {HTMLElement} scroller
   * @param {(message: any, follows: boolean) => HTMLElement} draw
   * @param {{label: string, days: boolean, versionOf: (message: any) => unknown}} options versionOf: what else a row depends on
   */
  constructor(scroller, draw, { label, days, versionOf }) {
    this.scroller = scroller;
    this.draw = draw;
    this.days = days;
    this.versionOf = versionOf;
    /** @type {Map<string, {message: any, follows: boolean, version: unknown, row: HTMLElement}>} */
    this.rows = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.dayMarks = new Map();
    this.list = h("div", { class: "message-list", role: "log", "aria-label": label, "aria-live": "polite" });
    this.pill = h("button", { type: "button", class: "new-pill", hidden: true, testid: "new-messages", onclick: () => this.toEnd() }, icon("down"), "New messages");
    scroller.append(this.list, this.pill);
    scroller.addEventListener("scroll", () => this.isAtEnd() && (this.pill.hidden = true), { passive: true });
    this.list.addEventListener("keydown", (event) => walk(this.list, event));
  }

  /** Forget what is drawn (another channel, person or thread). */
  clear() {
    this.rows.clear();
    this.list.replaceChildren();
  }

  /** @param {any[]} messages oldest first @param {Node | null} [afterFirst] stands under the first one (a thread's "3 replies") */
  show(messages, afterFirst = null) {
    const wasAtEnd = this.isAtEnd() || !this.rows.size;
    const before = this.rows.size;
    const kept = new Map();
    const nodes = messages.flatMap((message, at) => {
      const row = this.rowOf(message, messages[at - 1]);
      kept.set(message.ts, row);
      return [...this.dayOf(message, messages[at - 1]), row.row, ...(at === 0 && afterFirst ? [afterFirst] : [])];
    });
    const hasMore = kept.size > before && !this.rows.has(messages[messages.length - 1].ts);
    this.rows = kept;
    keepFocus(this.list, () => reconcile(this.list, nodes));
    this.moveTabStop(kept.get(messages[messages.length - 1]?.ts)?.row);
    if (wasAtEnd) this.toEnd();
    else if (hasMore) this.pill.hidden = false;
  }

  /** @param {any} message @param {any} previous */
  rowOf(message, previous) {
    const follows = isFollowing(message, previous);
    const version = this.versionOf(message);
    const old = this.rows.get(message.ts);
    if (old && old.message === message && old.follows === follows && old.version === version) return old;
    return { message, follows, version, row: this.draw(message, follows) };
  }

  /** @param {any} message @param {any} previous @returns {Node[]} */
  dayOf(message, previous) {
    if (!this.days) return [];
    if (previous && isSameDay(message, previous)) return [];
    const label = dayLabel(dateOfTs(message.ts));
    const mark = this.dayMarks.get(label) ?? h("div", { class: "day", role: "separator" }, h("span", {}, label));
    this.dayMarks.set(label, mark);
    return [mark];
  }

  /** Tab enters the list at its newest message. @param {HTMLElement | undefined} row */
  moveTabStop(row) {
    if (this.tabStop && this.tabStop !== row) this.tabStop.tabIndex = -1;
    if (row) row.tabIndex = 0;
    this.tabStop = row;
  }

  isAtEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_END_PX;
  }

  toEnd() {
    this.pill.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Brings a message into view and marks it for a moment. @param {string} ts */
  point(ts) {
    const row = this.rows.get(ts)?.row;
    row?.scrollIntoView({ block: "center" });
    row?.classList.add("pointed");
  }
}

/** Makes `nodes` the children of `list`, moving as little as possible. @param {HTMLElement} list @param {Node[]} nodes */
function reconcile(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.childNodes]) if (!wanted.has(child)) child.remove();
  let at = list.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else list.insertBefore(node, at);
  }
}

/** A redrawn message gives the focus back to the same control. @param {HTMLElement} list @param {() => void} change */
function keepFocus(list, change) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const row = list.contains(focused) ? focused?.closest("article") : null;
  change();
  if (!row || !focused || focused.isConnected) return;
  const again = list.querySelector(`[data-testid="${CSS.escape(row.dataset.testid ?? "")}"]`);
  const control = focused.dataset.testid && again?.querySelector(`[data-testid="${CSS.escape(focused.dataset.testid)}"]`);
  /** @type {HTMLElement | null} */ (control || again)?.focus();
}

/** @param {any} message @param {any} previous @returns {boolean} */
function isFollowing(message, previous) {
  if (!previous || previous.user !== message.user || message.ephemeral_to || previous.ephemeral_to) return false;
  const isClose = Number(message.ts) - Number(previous.ts) < FOLLOW_S;
  return isClose && !previous.reply_count && isSameDay(message, previous);
}

/** @param {any} one @param {any} other */
const isSameDay = (one, other) => dayNumber(dateOfTs(one.ts)) === dayNumber(dateOfTs(other.ts));

/** Arrows walk from message to message; Enter or t opens the thread, . the menu. @param {HTMLElement} list @param {KeyboardEvent} event */
function walk(list, event) {
  const row = /** @type {HTMLElement} */ (event.target);
  if (row.tagName !== "ARTICLE") return;
  const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("article")]);
  const steps = /** @type {Record<string, number>} */ ({ ArrowUp: -1, ArrowDown: 1 });
  const presses = /** @type {Record<string, string>} */ ({ Enter: "reply-", t: "reply-", ".": "more-" });
  if (event.key in steps) rows[rows.indexOf(row) + steps[event.key]]?.focus();
  else if (event.key in presses) /** @type {HTMLElement | null} */ (row.querySelector(`[data-testid^="${presses[event.key]}"]`))?.click();
  else return;
  event.preventDefault();
}
