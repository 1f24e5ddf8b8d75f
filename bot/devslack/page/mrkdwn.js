/**
 * Slack's mrkdwn as DOM: *bold*, _italic_, ~strike~, `code`, ``` fences, > quotes, <…> tokens, :emoji:, bare links.
 * Entities (&amp; &lt; &gt;) are decoded last, into text nodes only.
 */

import { dateToken } from "./dates.js";
import { h, safeLink } from "./dom.js";
import { emojiOf, isEmoji } from "./emoji.js";
import { broadcast, channelMention, groupMention, userMention } from "./names.js";

/** @typedef {import("./names.js").Names} Names */

const STYLES = { "*": "strong", _: "em", "~": "s" };
const TOKEN = /<([^<>\n]+)>/y;
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/y;
const BARE_URL = /https?:\/\/[^\s<>|`*~]+[^\s<>|`*~.,;:!?)\]'"_]/y;

/**
 * @param {string} text @param {Names} names @param {{verbatim?: boolean}} [options] verbatim: no bare links
 * @returns {HTMLElement}
 */
export function mrkdwn(text, names, { verbatim = false } = {}) {
  const parts = text.split(/```\n?([\s\S]*?)\n?```/);
  const made = parts.map((part, at) =>
    at % 2 === 1 ? h("pre", { class: "fence" }, tokensOnly(part, names)) : paragraphs(part, names, verbatim),
  );
  return h("div", { class: "mrkdwn" }, made.flat());
}

/** Text outside fences: runs of quoted and unquoted lines. @param {string} text @param {Names} names @param {boolean} verbatim */
function paragraphs(text, names, verbatim) {
  const trimmed = text.replace(/^\n|\n$/g, "");
  if (!trimmed) return [];
  return runsOf(trimmed.split("\n")).map(({ isQuote, lines }) =>
    h(isQuote ? "blockquote" : "div", {}, inline(lines.join("\n"), names, verbatim)),
  );
}

/** @param {string[]} lines @returns {{isQuote: boolean, lines: string[]}[]} */
function runsOf(lines) {
  /** @type {{isQuote: boolean, lines: string[]}[]} */
  const runs = [];
  for (const line of lines) {
    const quoted = line.match(/^(?:&gt;|>) ?(?!(?:&gt;|>){2})(.*)$/);
    const last = runs[runs.length - 1];
    if (last && last.isQuote === Boolean(quoted)) last.lines.push(quoted ? quoted[1] : line);
    else runs.push({ isQuote: Boolean(quoted), lines: [quoted ? quoted[1] : line] });
  }
  return runs;
}

/**
 * One run of text, left to right; what is not a known form is text.
 * @param {string} text @param {Names} names @param {boolean} verbatim @returns {(Node | string)[]}
 */
export function inline(text, names, verbatim = false) {
  /** @type {(Node | string)[]} */
  const out = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const hit = formAt(text, at, names, verbatim);
    if (!hit) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) out.push(decode(plain));
    plain = "";
    out.push(hit.node);
    at = hit.end;
  }
  return plain ? [...out, decode(plain)] : out;
}

/**
 * @param {string} text @param {number} at @param {Names} names @param {boolean} verbatim
 * @returns {{node: Node, end: number} | null}
 */
function formAt(text, at, names, verbatim) {
  const letter = text[at];
  if (letter === "<") return matched(TOKEN, text, at, (body) => token(body, names));
  if (letter === "`") return codeAt(text, at, names);
  if (letter === ":") return matched(EMOJI, text, at, (name) => (isEmoji(name) ? emojiOf(name) : null));
  if (letter in STYLES) return styledAt(text, at, names, verbatim);
  if (letter === "h" && !verbatim && !isWord(text[at - 1])) {
    return matched(BARE_URL, text, at, (_, whole) => safeLink(decode(whole)));
  }
  return null;
}

/** @param {RegExp} form @param {string} text @param {number} at @param {(body: string, whole: string) => Node | null} make */
function matched(form, text, at, make) {
  form.lastIndex = at;
  const found = form.exec(text);
  const node = found && make(found[1], found[0]);
  return found && node ? { node, end: at + found[0].length } : null;
}

/** @param {string} text @param {number} at @param {Names} names */
function codeAt(text, at, names) {
  const close = text.indexOf("`", at + 1);
  const body = text.slice(at + 1, close);
  if (close < 0 || !body.trim() || body.includes("\n")) return null;
  return { node: h("code", {}, tokensOnly(body, names)), end: close + 1 };
}

/** Where a style may open and close: at the ends, at white space and at the punctuation of prose (not in paths). */
const BEFORE = /^[\s([{"'“‘*_~>,;:!?|-]?$/;
const AFTER = /^[\s)\]}"'”’*_~<>.,;:!?|-]?$/;

/** A style opens and closes at a word's edge and stays on its line. @param {string} text @param {number} at @param {Names} names @param {boolean} verbatim */
function styledAt(text, at, names, verbatim) {
  const mark = /** @type {keyof typeof STYLES} */ (text[at]);
  if (!BEFORE.test(text[at - 1] ?? "") || /\s/.test(text[at + 1] ?? " ") || text[at + 1] === mark) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const body = text.slice(at + 1, end);
    if (body.includes("\n")) return null;
    if (/\s/.test(text[end - 1]) || !AFTER.test(text[end + 1] ?? "")) continue;
    return { node: h(STYLES[mark], {}, inline(body, names, verbatim)), end: end + 1 };
  }
  return null;
}

/** @param {string | undefined} letter */
const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);

/** Inside code only <…> tokens live, as in Slack. @param {string} text @param {Names} names */
function tokensOnly(text, names) {
  return text.split(/<([^<>\n]+)>/).map((part, at) => (at % 2 === 1 ? token(part, names) : decode(part)));
}

/** What stands between < and >. @param {string} body @param {Names} names @returns {Node} */
function token(body, names) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? undefined : decode(body.slice(bar + 1));
  if (/^@[UWB]\w+$/.test(target)) return userMention(names, target.slice(1));
  if (/^#[CGD]\w+$/.test(target)) return channelMention(names, target.slice(1), label || undefined);
  if (target.startsWith("!")) return special(target.slice(1), label, names);
  return safeLink(decode(target), label || decode(target));
}

/** @param {string} target @param {string | undefined} label @param {Names} names @returns {Node} */
function special(target, label, names) {
  const [kind, ...rest] = target.split("^");
  if (kind === "subteam") return groupMention(names, rest[0] ?? "", label);
  if (kind === "date") {
    const made = dateToken({ timestamp: rest[0], format: decode(rest[1] ?? ""), fallback: label });
    return rest[2] ? safeLink(decode(rest[2]), made) : made;
  }
  if (["here", "channel", "everyone"].includes(kind)) return broadcast(kind);
  return h("span", {}, label ?? `<!${target}>`);
}

/** @param {string} text @returns {string} */
export function decode(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** What a person typed, as Slack would store it. @param {string} text @returns {string} */
export function encode(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
