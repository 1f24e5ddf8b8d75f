/** "Make Slack misbehave": faults on demand, for demos. */

import { h } from "./dom.js";

/** @type {[string, string, object][]} */
const FAULTS = [
  ["Refuse the next call", "refuse", { count: 1 }],
  ["Answer 2 s late, 5 times", "delay", { count: 5, seconds: 2 }],
  ["Rate limit for 5 s", "ratelimit", { count: 1, seconds: 5 }],
  ["Answer 503, 3 times", "server_error", { count: 3, status: 503 }],
  ["Hang up once", "hangup", { count: 1 }],
  ["Cut all sockets", "drop_sockets", {}],
  ["Ask to reconnect", "disconnect", { error: "refresh_requested" }],
  ["Be gone for 30 s", "away", { seconds: 30 }],
  ["Deliver the next one twice", "duplicate", { count: 1 }],
];

/**
 * @param {HTMLElement} root @param {any[]} active
 * @param {{set: (fault: object) => Promise<any>, clear: (body: object) => Promise<any>, warn: (words: string) => void}} calls
 */
export function drawFaults(root, active, { set, clear, warn }) {
  /** @param {() => Promise<any>} work */
  const tried = (work) => () => work().catch((error) => warn(error.message));
  const choices = FAULTS.map(([label, kind, extra]) =>
    h("button", { type: "button", class: "link-button", testid: `fault-${kind}`, onclick: tried(() => set({ kind, ...extra })) }, label));
  const running = active.map((fault) => h("li", {}, [fault.kind, fault.left === null || fault.left === undefined ? "until cleared" : `${fault.left} left`].join(" · ")));
  root.replaceChildren(...choices,
    ...(running.length ? [h("ul", { class: "fault-list", "aria-label": "Active faults" }, running)] : []),
    ...(running.length ? [h("button", { type: "button", class: "link-button", testid: "faults-clear", onclick: tried(() => clear({})) }, "Clear all")] : []));
}
