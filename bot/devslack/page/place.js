/** Where one looks, kept in the address: #/CHANNEL/THREAD/MESSAGE; so Back works and links can be copied. */

/** @typedef {{channel: string, thread: string | null, ts: string | null}} Place */

/** @returns {Place} */
export function placeNow() {
  const [, channel = "", thread = "", ts = ""] = location.hash.split("/").map(decodeURIComponent);
  return { channel, thread: thread || null, ts: ts || null };
}

/** @param {string} channel @param {string | null} [thread] */
export function goTo(channel, thread = null) {
  const hash = `#/${channel}${thread ? `/${thread}` : ""}`;
  // the address may already say so while another place is shown: the person before could not see it
  if (location.hash === hash) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = hash;
}

/** @param {any} message @returns {string} an address that opens this message */
export function linkTo(message) {
  const thread = message.thread_ts ?? (message.reply_count ? message.ts : "");
  return `${location.origin}${location.pathname}#/${message.channel}/${thread}/${message.ts}`;
}

/** The person in the address (?as=U…), so that two windows can be two people. @returns {string} */
export function personInAddress() {
  return new URLSearchParams(location.search).get("as") ?? "";
}

/** @param {string} user */
export function putPersonInAddress(user) {
  history.replaceState(null, "", `?as=${encodeURIComponent(user)}${location.hash}`);
}
