/** One message: avatar, head, body, files, reactions, reply count, tools. */

import { renderBlocks } from "./blocks.js";
import { ago, clock, dateOfTs, fullLabel } from "./dates.js";
import { h, icon } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { fileCard } from "./files.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar } from "./names.js";

/**
 * @typedef {object} MessageSetting
 * @property {import("./blocks.js").Surface} surface
 * @property {boolean} follows         same author just before: no avatar, no name
 * @property {boolean} hasNew          replies nobody looked at yet
 * @property {boolean} isInThread
 * @property {() => void} openThread
 * @property {(anchor: HTMLElement) => void} openMore
 * @property {() => void} dismiss
 */

/** @param {any} message @param {MessageSetting} setting @returns {HTMLElement} */
export function messageRow(message, setting) {
  const author = authorOf(message, setting.surface.names);
  const isEphemeral = Boolean(message.ephemeral_to);
  const kinds = ["message", setting.follows && "follows", isEphemeral && "ephemeral", message.says_failure && "says-failure"];
  return h("article", { class: kinds.filter(Boolean).join(" "), tabindex: "-1", testid: `message-${message.ts}`, data: { ts: message.ts }, "aria-label": `${author.label}, ${clock(dateOfTs(message.ts))}` },
    h("div", { class: "message-side" }, setting.follows ? time(message) : avatar(author)),
    h("div", { class: "message-main" },
      isEphemeral && ephemeralMark(setting),
      !setting.follows && head(message, author),
      body(message, setting),
      !setting.isInThread && message.reply_count > 0 && replies(message, setting)),
    tools(message, setting));
}

/** @param {any} message @param {import("./names.js").Names} names */
function authorOf(message, names) {
  const known = names.people.get(message.user);
  const label = message.username || known?.label || (message.user === "USLACKBOT" ? "Slackbot" : message.user) || "unknown";
  const isBot = known?.isBot ?? Boolean(message.bot_id || message.user === "USLACKBOT");
  return { id: message.user ?? "", name: label, label, role: known?.role ?? "", isBot, isAway: false };
}

/** @param {any} message @param {import("./names.js").Person} author */
function head(message, author) {
  const role = author.isBot ? h("span", { class: "badge" }, "APP") : author.role && h("span", { class: "badge quiet-badge" }, author.role);
  return h("div", { class: "message-head" }, h("strong", { class: "author" }, author.label), role, time(message), message.blocks?.length > 0 && edited(message));
}

/** @param {any} message */
function edited(message) {
  return message.edited && h("span", { class: "edited", title: fullLabel(dateOfTs(message.edited.ts)) }, "(edited)");
}

/** @param {any} message */
function time(message) {
  const date = dateOfTs(message.ts);
  return h("time", { class: "message-time", datetime: date.toISOString(), title: fullLabel(date) }, clock(date));
}

/** @param {MessageSetting} setting */
function ephemeralMark({ dismiss }) {
  return h("div", { class: "ephemeral-mark" }, icon("eye"), "Only visible to you ",
    h("button", { type: "button", class: "link-button", testid: "dismiss", onclick: dismiss }, "Dismiss"));
}

/** @param {any} message @param {MessageSetting} setting */
function body(message, { surface, follows }) {
  const content = message.blocks?.length ? renderBlocks(message.blocks, surface) : message.text && mrkdwn(message.text, surface.names);
  return h("div", { class: "message-body" }, content, !(message.blocks?.length > 0 && !follows) && edited(message),
    (message.attachments ?? []).map((one) => attachment(one, surface)),
    message.files?.length > 0 && h("div", { class: "files" }, message.files.map((file) => fileCard(file, surface))),
    message.reactions?.length > 0 && h("div", { class: "reactions" }, message.reactions.map((one) => reaction(one, surface.names))));
}

/** @param {any} one @param {import("./blocks.js").Surface} surface */
function attachment(one, surface) {
  const bar = h("div", { class: "attachment" },
    one.pretext && mrkdwn(one.pretext, surface.names),
    one.title && h("strong", {}, one.title),
    one.blocks?.length ? renderBlocks(one.blocks, surface) : mrkdwn(one.text ?? one.fallback ?? "", surface.names));
  if (/^#?[0-9a-f]{6}$/i.test(one.color ?? "")) bar.style.setProperty("--bar", `#${one.color.replace("#", "")}`);
  return bar;
}

/** @param {any} one @param {import("./names.js").Names} names */
function reaction(one, names) {
  const who = one.users.map((id) => names.people.get(id)?.label ?? id).join(", ");
  return h("span", { class: "reaction", title: `${who} reacted with :${one.name}:` }, emojiOf(one.name), " ", one.users.length);
}

/** @param {any} message @param {MessageSetting} setting */
function replies(message, { hasNew, openThread }) {
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return h("button", { type: "button", class: `replies ${hasNew ? "has-new" : ""}`, testid: `replies-${message.ts}`, onclick: openThread },
    hasNew && h("span", { class: "dot", role: "img", "aria-label": "new replies" }),
    h("strong", {}, count),
    message.latest_reply && h("span", { class: "quiet" }, `Last reply ${ago(dateOfTs(message.latest_reply))}`),
    message.status && h("span", { class: "thread-status" }, message.status));
}

/** @param {any} message @param {MessageSetting} setting */
function tools(message, { isInThread, openThread, openMore }) {
  if (message.ephemeral_to) return null;
  const more = h("button", { type: "button", class: "icon-button", "aria-label": "More actions", "aria-haspopup": "menu", testid: `more-${message.ts}`, onclick: () => openMore(more) }, icon("more"));
  const reply = h("button", { type: "button", class: "icon-button", "aria-label": "Reply in thread", testid: `reply-${message.ts}`, onclick: openThread }, icon("thread"));
  return h("div", { class: "message-tools", role: "toolbar", "aria-label": "Message" }, !isInThread && reply, more);
}
