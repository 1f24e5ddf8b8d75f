/** Block Kit: one small function a block type. Interactive elements live in elements.js. */

import { fragment, h } from "./dom.js";
import { element } from "./elements.js";
import { fileCard, image } from "./files.js";
import { inputBlock } from "./inputs.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { table } from "./table.js";
import { plain, textObject } from "./text.js";
import { unsupported } from "./unsupported.js";

/**
 * What a block needs from where it stands.
 * @typedef {object} Surface
 * @property {import("./names.js").Names} names
 * @property {"message" | "modal"} kind
 * @property {import("./formstate.js").FormState} form
 * @property {(action: object) => Promise<void>} act     sends a block action; rejects with Slack's words
 * @property {(fileId: string) => any} [file]            a file by id
 * @property {(file: any) => void} [openFile]
 * @property {(query: object) => Promise<any>} [suggest] options of an external select
 */

/** @type {Record<string, (block: any, surface: Surface) => Node>} */
const BLOCKS = {
  header: (block) => h("h3", { class: "block-header" }, plain(block.text)),
  section,
  context: (block, surface) => h("div", { class: "block-context" }, (block.elements ?? []).map((one) => contextPart(one, surface))),
  divider: () => h("hr", { class: "block-divider" }),
  actions: (block, surface) =>
    h("div", { class: "block-actions", role: "group" }, (block.elements ?? []).map((one) => element(one, block, surface))),
  context_actions: (block, surface) =>
    h("div", { class: "block-actions small" }, (block.elements ?? []).map((one) => element(one, block, surface))),
  rich_text: (block, surface) => richText(block, surface.names),
  image: (block) => image(block),
  markdown: (block) => markdown(block.text ?? ""),
  table: (block, surface) => table(block, surface.names),
  input: inputBlock,
  file: (block, surface) => fileCard(surface.file?.(block.external_id ?? block.file_id) ?? { name: block.external_id ?? "file" }, surface),
  alert: (block, surface) => h("div", { class: `block-alert ${level(block.level)}`, role: "status" }, textObject(block.text, surface.names)),
  container,
  plan: (block, surface) =>
    h("div", { class: "block-plan" }, h("strong", {}, planTitle(block.title)), (block.tasks ?? []).map((task) => taskCard(task, surface))),
  task_card: taskCard,
};

/** @param {any[]} blocks @param {Surface} surface @returns {DocumentFragment} */
export function renderBlocks(blocks, surface) {
  return fragment((blocks ?? []).map((block) => renderBlock(block, surface)));
}

/** One block; a broken one costs only itself. @param {any} block @param {Surface} surface @returns {Node} */
function renderBlock(block, surface) {
  const type = block?.type;
  if (!Object.hasOwn(BLOCKS, type)) return unsupported(type);
  try {
    return h("div", { class: `block block-of-${type}`, data: { block: block.block_id ?? "" } }, BLOCKS[type](block, surface));
  } catch (error) {
    console.error(`block ${type} could not be drawn`, error);
    return unsupported(type, "content in block");
  }
}

/** @param {any} block @param {Surface} surface @returns {Node} */
function section(block, surface) {
  const body = h("div", { class: "section-body" },
    block.text && textObject(block.text, surface.names),
    block.fields && h("div", { class: "section-fields" }, block.fields.map((field) => textObject(field, surface.names))));
  if (!block.accessory) return body;
  const side = block.accessory.type === "image" ? image(block.accessory, "thumb") : element(block.accessory, block, surface);
  return h("div", { class: "section-with-side" }, body, h("div", { class: "section-side" }, side));
}

/** @param {any} part @param {Surface} surface @returns {Node} */
function contextPart(part, surface) {
  return part.type === "image" ? image(part, "tiny") : textObject(part, surface.names);
}

/** @param {any} block @param {Surface} surface @returns {Node} */
function container(block, surface) {
  const inner = renderBlocks(block.child_blocks ?? block.blocks ?? [], surface);
  const title = block.title ? plain(block.title) : [];
  if (!block.is_collapsible) return h("div", { class: "block-container" }, block.title && h("strong", {}, title), inner);
  return h("details", { class: "block-container", open: !block.default_collapsed }, h("summary", {}, title), inner);
}

const TASK_MARKS = /** @type {Record<string, string>} */ ({ pending: "○", in_progress: "◐", complete: "●", error: "✕" });

/** @param {any} task @param {Surface} surface @returns {Node} */
function taskCard(task, surface) {
  const status = task.status ?? "pending";
  return h("div", { class: `task-card ${level(status)}` },
    h("span", { role: "img", "aria-label": status.replaceAll("_", " ") }, TASK_MARKS[status] ?? "?"), " ", planTitle(task.title),
    task.details && richText(task.details, surface.names), task.output && richText(task.output, surface.names));
}

/** Titles of plans and tasks are strings; text objects are taken too. @param {any} title */
const planTitle = (title) => (typeof title === "string" ? title : plain(title));

/** A word of a fixed set as a class name. @param {any} word */
const level = (word) => `is-${String(word ?? "default").replace(/[^a-z_]/g, "")}`;
