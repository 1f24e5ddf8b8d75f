/** File cards and images. Pictures from elsewhere are named, not loaded: this page never goes online. */

import { h, icon, safeLink } from "./dom.js";
import { plain } from "./text.js";

/** @param {any} file @param {{openFile?: (file: any) => void}} surface @returns {HTMLElement} */
export function fileCard(file, { openFile }) {
  const name = file.title || file.name || "file";
  return h("button", { type: "button", class: "file-card", testid: `file-open-${file.id}`, disabled: !file.url, onclick: () => openFile?.(file) },
    h("span", { class: "file-mark", "aria-hidden": "true" }, icon("file")),
    h("span", { class: "file-words" },
      h("strong", {}, name),
      h("small", {}, [file.name !== name && file.name, kindOf(file), sizeOf(file.size_bytes), "open"].filter(Boolean).join(" · "))));
}

/** @param {number | undefined} bytes @returns {string} 512 B, 12.3 kB, 1.2 MB */
export function sizeOf(bytes) {
  if (typeof bytes !== "number") return "";
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** @param {any} file @returns {string} */
function kindOf(file) {
  const ending = /\.([a-z0-9]{1,8})$/i.exec(file.name ?? "")?.[1]?.toLowerCase() ?? "";
  return { md: "Markdown", json: "JSON", csv: "CSV", html: "HTML as text", txt: "Plain text", log: "Log" }[ending] ?? file.mimetype ?? "";
}

/** @param {any} block image block or element @param {string} [size] thumb or tiny @returns {HTMLElement} */
export function image(block, size = "") {
  const url = block.image_url ?? block.slack_file?.url ?? "";
  const alt = block.alt_text ?? "";
  if (!isLocal(url)) {
    return h("span", { class: `image-away ${size}`, role: "img", "aria-label": alt, title: "not loaded: the local Slack stays offline" },
      size === "tiny" ? alt : [`Image: ${alt} `, url && safeLink(url, "(not loaded, open it)")]);
  }
  return h("figure", { class: `image ${size}` },
    block.title && h("figcaption", {}, plain(block.title)),
    h("img", { src: url, alt, loading: "lazy" }));
}

/** @param {string} url @returns {boolean} */
function isLocal(url) {
  try {
    return url.startsWith("data:image/") || new URL(url, location.href).origin === location.origin;
  } catch {
    return false;
  }
}
