/** What was typed or chosen on one surface (a view or a message), so that a redraw does not lose it. */

/** @typedef {string | string[] | null} Choice */

export class FormState {
  constructor() {
    /** @type {Map<string, Choice>} */
    this.choices = new Map();
  }

  /** @param {string} blockId @param {string} actionId @param {Choice} choice */
  set(blockId, actionId, choice) {
    this.choices.set(JSON.stringify([blockId, actionId]), choice);
  }

  /** @param {string} blockId @param {string} actionId @param {Choice} [initial] @returns {Choice} */
  get(blockId, actionId, initial = null) {
    return this.choices.get(JSON.stringify([blockId, actionId])) ?? initial;
  }

  /**
   * `{block_id: {action_id: choice}}` for the blocks that stand on the view now; untouched elements
   * must have been registered with their initial choice.
   * @param {Set<string>} blockIds @returns {Record<string, Record<string, Choice>>}
   */
  values(blockIds) {
    /** @type {Record<string, Record<string, Choice>>} */
    const out = {};
    for (const [key, choice] of this.choices) {
      const [blockId, actionId] = JSON.parse(key);
      if (blockIds.has(blockId)) out[blockId] = { ...out[blockId], [actionId]: choice };
    }
    return out;
  }
}
