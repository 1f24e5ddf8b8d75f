/** What the composer can complete at the caret: /commands, @people and groups, #channels, :emoji. Pure. */

/**
 * @typedef {object} Suggestion
 * @property {string} id      stable name of the entry
 * @property {string} label
 * @property {string} hint
 * @property {string} insert  replaces text[from:to]
 */

/** @typedef {{from: number, to: number, items: Suggestion[]}} Completion */

/**
 * @typedef {object} Known
 * @property {any[]} commands @property {any[]} users @property {any[]} groups @property {any[]} channels
 */

const MOST = 8;

/** @param {string} text @param {number} caret @param {Known} known @returns {Completion | null} null: nothing to offer */
export function completionAt(text, caret, known) {
  const hit = text.slice(0, caret).match(/(^|[\s(])([@#/])([\w.-]*)$/);
  if (!hit) return null;
  const [whole, lead, mark, typed] = hit;
  const from = caret - whole.length + lead.length;
  if (mark === "/" && from !== 0) return null;
  const all = { "@": mentions, "#": channels, "/": commands }[mark]?.(known) ?? [];
  const items = ranked(all, typed.toLowerCase()).slice(0, MOST);
  return items.length ? { from, to: caret, items } : null;
}

/** The usage line of the command that is being typed. @param {string} text @param {Known} known @returns {string} */
export function usageOf(text, known) {
  const name = text.match(/^(\/\S+)\s/)?.[1];
  const command = known.commands.find((one) => one.command === name);
  return command ? [command.command, command.usage_hint, command.description && `— ${command.description}`].filter(Boolean).join(" ") : "";
}

/** @param {Known} known @returns {Suggestion[]} */
function commands({ commands: all }) {
  return all.map(({ command, usage_hint: usage = "", description = "" }) => ({
    id: command.slice(1), label: `${command} ${usage}`.trim(), hint: description, insert: `${command} `,
  }));
}

/** @param {Known} known @returns {Suggestion[]} */
function mentions({ users, groups }) {
  const people = users.filter((user) => !user.is_deleted).map((user) => ({
    id: user.name, label: `@${user.name}`, hint: user.real_name === user.name ? "" : user.real_name, insert: `@${user.name} `,
  }));
  const bots = users.filter((user) => user.kind === "app").map((user) => user.name);
  people.sort((one, other) => Number(bots.includes(other.id)) - Number(bots.includes(one.id)));
  return [...people, ...groups.map(({ handle, name }) => ({ id: handle, label: `@${handle}`, hint: `group · ${name}`, insert: `@${handle} ` }))];
}

/** @param {Known} known @returns {Suggestion[]} */
function channels({ channels: all }) {
  return all.map(({ name }) => ({ id: name, label: `#${name}`, hint: "", insert: `#${name} ` }));
}

/** Those that begin with it, then those that contain it. @param {Suggestion[]} all @param {string} typed */
function ranked(all, typed) {
  const starts = all.filter((one) => one.id.toLowerCase().startsWith(typed));
  const rest = all.filter((one) => !starts.includes(one) && `${one.id} ${one.hint}`.toLowerCase().includes(typed));
  return [...starts, ...rest];
}
