/** Sending a block action: confirm first, spinner until the app has acknowledged, Slack's words when it failed. */

import { askConfirm } from "./confirm.js";
import { h, icon } from "./dom.js";

/** @typedef {import("./blocks.js").Surface} Surface */

/**
 * @param {object} what
 * @param {any} what.element @param {any} what.block @param {Surface} what.surface
 * @param {HTMLElement} what.host   carries the spinner and the failure
 * @param {import("./formstate.js").Choice} [what.choice]
 * @param {any} [what.confirm] the option's own; the element's when left out
 * @returns {Promise<boolean>} false when the person said no or the app failed
 */
export async function act({ element, block, surface, host, choice, confirm = element.confirm }) {
  if (host.getAttribute("aria-busy") === "true") return false;
  if (confirm && !(await askConfirm(confirm, surface.names))) return false;
  const action = { block_id: block.block_id, action_id: element.action_id };
  return withSpinner(host, () =>
    surface.act({ ...action, ...(choice === undefined ? {} : { choice }), ...(confirm ? { confirmed: true } : {}) }),
  );
}

/** @param {HTMLElement} host @param {() => Promise<unknown>} work @returns {Promise<boolean>} whether it went well */
export async function withSpinner(host, work) {
  clearFailure(host);
  host.setAttribute("aria-busy", "true");
  try {
    await work();
    return true;
  } catch (error) {
    showFailure(host, error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    host.removeAttribute("aria-busy");
  }
}

/**
 * Beside the element; as a `failure` event of the document when the element was redrawn meanwhile, so
 * that no click is ignored in silence.
 * @param {HTMLElement} host @param {string} words
 */
function showFailure(host, words) {
  if (!host.isConnected) {
    document.dispatchEvent(new CustomEvent("failure", { detail: words }));
    return;
  }
  clearFailure(host);
  host.after(h("span", { class: "failure", role: "alert", testid: "failure" }, icon("warn"), words));
}

/** @param {HTMLElement} host */
function clearFailure(host) {
  if (host.nextElementSibling?.classList.contains("failure")) host.nextElementSibling.remove();
}
