/** The server's page API (../PAGE_API.md): relative addresses only. */

/** A refusal, with the sentence the server wants shown. */
export class Refused extends Error {
  /** @param {any} answer @param {number} status */
  constructor(answer, status) {
    super(answer.says ?? answer.error ?? `the local Slack answered ${status}`);
    /** @type {string} */
    this.error = answer.error ?? "";
    /** @type {Record<string, string>} */
    this.errors = answer.errors ?? {};
    this.status = status;
  }
}

/** @param {string} path @param {RequestInit} [init] @returns {Promise<any>} */
async function ask(path, init) {
  const response = await fetch(`local/${path}`, init).catch(() => {
    throw new Refused({ says: "the local Slack does not answer; is it still running?" }, 0);
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || answer.ok !== true) throw new Refused(answer, response.status);
  return answer;
}

/** @param {string} path @param {object} body */
const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** @param {any} file @param {string} user @param {boolean} isDownload */
const fileUrl = (file, user, isDownload) =>
  `${file.url}?${new URLSearchParams({ user, ...(isDownload ? { download: "1" } : {}) })}`;

/** All calls for one person. @param {string} user @returns the calls, each a promise that rejects with Refused */
export function apiFor(user) {
  /** @param {string} path @returns {(body: object) => Promise<any>} */
  const as = (path) => (body) => post(path, { user, ...body });
  return {
    message: as("message"),
    command: as("command"),
    action: as("action"),
    shortcut: as("shortcut"),
    upload: as("upload"),
    submitView: as("view/submit"),
    closeView: as("view/close"),
    dismiss: as("ephemeral/dismiss"),
    fault: as("fault"),
    clearFaults: as("fault/clear"),
    /** @param {any} file @returns {string} */
    fileHref: (file) => fileUrl(file, user, true),
    /** @param {any} file @returns {Promise<string>} */
    fileText: async (file) => {
      const response = await fetch(fileUrl(file, user, false));
      if (!response.ok) throw new Refused({ says: "you cannot see this file" }, response.status);
      return response.text();
    },
  };
}

/** Everything this person sees now. @param {string} user empty: the first of the seed */
export function getState(user) {
  return ask(`state${user ? `?user=${encodeURIComponent(user)}` : ""}`);
}

/**
 * Live events after `seq`, until closed or broken.
 * @param {string} user @param {number} seq
 * @param {{onEvent: (event: any) => void, onBroken: () => void, onOpen: () => void}} handlers
 * @returns {() => void} close
 */
export function listen(user, seq, { onEvent, onBroken, onOpen }) {
  const source = new EventSource(`local/events?${new URLSearchParams({ user, after: String(seq) })}`);
  source.onopen = onOpen;
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  source.onerror = () => {
    source.close();
    onBroken();
  };
  return () => source.close();
}
