/** The link to the server as one person: state first, then events; comes back by itself when it breaks. */

import { apiFor, getState, listen } from "./api.js";

/** @typedef {import("./store.js").Store} Store */

/** Another channel comes with messages that were not sent before. */
const RELOADS = new Set(["reset", "channels"]);
const RETRY_MS = [250, 1000, 2000, 4000];

export class Session {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.user = "";
    this.api = apiFor("");
    this.failures = 0;
    /** Rises with each start, so that an answer for an earlier person is dropped. */
    this.turn = 0;
    this.stop = () => {};
  }

  /** Be this person from now on. @param {string} user empty: the first of the seed */
  async start(user) {
    this.stop();
    this.turn += 1;
    const turn = this.turn;
    try {
      const state = await getState(user);
      if (turn === this.turn) this.begin(state);
    } catch (error) {
      const isUnknown = /** @type {import("./api.js").Refused} */ (error).status === 404;
      if (turn === this.turn) this.again(isUnknown ? "" : user);
    }
  }

  /** @param {any} state */
  begin(state) {
    this.user = state.me;
    this.api = apiFor(state.me);
    this.store.isLive = true;
    this.store.load(state);
    this.stop = listen(state.me, state.seq, {
      onOpen: () => (this.failures = 0),
      onBroken: () => this.again(state.me),
      onEvent: (event) => (RELOADS.has(event.type) ? this.start(state.me) : this.store.apply(event)),
    });
  }

  /** @param {string} user */
  again(user) {
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    const turn = this.turn;
    this.failures += 1;
    this.store.isLive = false;
    this.store.changed("link");
    setTimeout(() => turn === this.turn && this.start(user), wait);
  }
}
