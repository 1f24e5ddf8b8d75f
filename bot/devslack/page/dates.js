/** Times as Slack writes them, in the reader's own time zone. */

import { h } from "./dom.js";

const DAY_MS = 86_400_000;

/** @param {string} ts Slack's "seconds.sequence" @returns {Date} */
export function dateOfTs(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

// one formatter for all: making one costs more than a thousand uses
const CLOCK = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const FULL = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "medium" });

/** @param {Date} date @returns {string} 14:07 */
export function clock(date) {
  return CLOCK.format(date);
}

/** @param {Date} date @returns {number} the same for all moments of a local day */
export function dayNumber(date) {
  return date.getFullYear() * 512 + date.getMonth() * 32 + date.getDate();
}

/** @param {Date} date @returns {string} Today, Yesterday, or the day with its date */
export function dayLabel(date) {
  return nearDay(date) ?? date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

/** @param {Date} date @returns {string} for tooltips; local and UTC */
export function fullLabel(date) {
  return `${FULL.format(date)} · ${date.toISOString().slice(0, 19)}Z`;
}

/** @param {Date} date @param {number} [now] @returns {string} "3 minutes ago" */
export function ago(date, now = Date.now()) {
  const seconds = Math.round((date.getTime() - now) / 1000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const steps = /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([["day", 86400], ["hour", 3600], ["minute", 60]]);
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  return step ? words.format(Math.round(seconds / step[1]), step[0]) : words.format(seconds, "second");
}

/** @type {Record<string, (date: Date) => string>} */
const TOKENS = {
  date_num: (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  date_slash: (date) => `${two(date.getMonth() + 1)}/${two(date.getDate())}/${date.getFullYear()}`,
  date: (date) => day(date, { month: "long" }),
  date_short: (date) => day(date, { month: "short" }),
  date_long: (date) => day(date, { month: "long", weekday: "long" }),
  date_long_full: (date) => day(date, { month: "long", weekday: "long" }),
  date_pretty: (date) => nearDay(date)?.toLowerCase() ?? day(date, { month: "long" }),
  date_short_pretty: (date) => nearDay(date)?.toLowerCase() ?? day(date, { month: "short" }),
  date_long_pretty: (date) => nearDay(date)?.toLowerCase() ?? day(date, { month: "long", weekday: "long" }),
  time: clock,
  time_secs: (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: (date) => ago(date),
};

/**
 * A `<time>` for a date token; the fall-back text when the format or the timestamp cannot be read.
 * @param {{timestamp: number | string, format: string, fallback?: string}} token
 * @returns {HTMLElement}
 */
export function dateToken({ timestamp, format, fallback = "" }) {
  const date = new Date(Number(timestamp) * 1000);
  if (Number.isNaN(date.getTime())) return h("span", {}, fallback);
  const text = format.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(TOKENS, name) ? TOKENS[name](date) : whole));
  return h("time", { datetime: date.toISOString(), title: fullLabel(date) }, capital(text));
}

/** @param {Date} date @param {Intl.DateTimeFormatOptions} options */
function day(date, options) {
  return date.toLocaleDateString([], { day: "numeric", year: "numeric", ...options });
}

/** @param {Date} date @returns {string | null} */
function nearDay(date) {
  const days = Math.round((startOfDay(date) - startOfDay(new Date())) / DAY_MS);
  return { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[days] ?? null;
}

/** @param {Date} date */
const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
