/** Emoji shortcodes: the small set that incident messages use; others stay as written. */

import { h } from "./dom.js";

/** @type {Record<string, string>} */
const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", negative_squared_cross_mark: "❎",
  warning: "⚠️", rotating_light: "🚨", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", bangbang: "‼️",
  question: "❓", grey_question: "❔", exclamation: "❗", information_source: "ℹ️", bulb: "💡", mag: "🔍",
  mag_right: "🔎", eyes: "👀", eye: "👁️", red_circle: "🔴", large_red_circle: "🔴", large_yellow_circle: "🟡",
  large_green_circle: "🟢", large_orange_circle: "🟠", large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", stopwatch: "⏱️", timer_clock: "⏲️", alarm_clock: "⏰", clock1: "🕐",
  gear: "⚙️", wrench: "🔧", hammer_and_wrench: "🛠️", toolbox: "🧰", electric_plug: "🔌", link: "🔗", lock: "🔒",
  unlock: "🔓", key: "🔑", shield: "🛡️", package: "📦", rocket: "🚀", rewind: "⏪", fast_forward: "⏩",
  arrows_counterclockwise: "🔄", repeat: "🔁", recycle: "♻️", leftwards_arrow_with_hook: "↩️", arrow_right: "➡️",
  arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", arrow_up_small: "🔼", arrow_down_small: "🔽",
  page_facing_up: "📄", memo: "📝", clipboard: "📋", scroll: "📜", notebook: "📓", bookmark_tabs: "📑", paperclip: "📎",
  file_folder: "📁", open_file_folder: "📂", floppy_disk: "💾", minidisc: "💽", card_index: "📇", bar_chart: "📊",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", computer: "💻", desktop_computer: "🖥️",
  satellite: "📡", globe_with_meridians: "🌐", bell: "🔔", no_bell: "🔕", speech_balloon: "💬", thought_balloon: "💭",
  robot_face: "🤖", ghost: "👻", skull: "💀", fire: "🔥", boom: "💥", zap: "⚡", sparkles: "✨", tada: "🎉", star: "⭐",
  heart: "❤️", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", ok_hand: "👌", wave: "👋", pray: "🙏", clap: "👏",
  raised_hands: "🙌", raised_hand: "✋", point_right: "👉", muscle: "💪", smile: "😄", slightly_smiling_face: "🙂",
  simple_smile: "🙂", thinking_face: "🤔", sweat_smile: "😅", cry: "😢", scream: "😱", sleeping: "😴", bug: "🐛",
  beetle: "🐞", construction: "🚧", test_tube: "🧪", microscope: "🔬", stethoscope: "🩺", ambulance: "🚑", pushpin: "📌",
  round_pushpin: "📍", triangular_flag_on_post: "🚩", checkered_flag: "🏁", black_small_square: "▪️", new: "🆕", ok: "🆗",
  sos: "🆘", stop_button: "⏹️", arrow_forward: "▶️", double_vertical_bar: "⏸️", one: "1️⃣", two: "2️⃣", three: "3️⃣",
};

/** @param {string} name without colons @returns {boolean} */
export function isEmoji(name) {
  return Object.hasOwn(EMOJI, name.split("::")[0]);
}

/** The picture with its name as label, or the shortcode as written. @param {string} name @returns {HTMLElement} */
export function emojiOf(name) {
  const base = name.split("::")[0];
  const code = `:${name}:`;
  if (!isEmoji(base)) return h("span", { class: "emoji-unknown" }, code);
  return h("span", { class: "emoji", role: "img", "aria-label": base.replaceAll("_", " "), title: code }, EMOJI[base]);
}

/**
 * Text with shortcodes replaced.
 * @param {string} text @returns {(Node | string)[]}
 */
export function withEmoji(text) {
  return text.split(/(:[a-z0-9_+'-]+(?:::skin-tone-\d)?:)/).map((part, at) => {
    const name = part.slice(1, -1);
    return at % 2 === 1 && isEmoji(name) ? emojiOf(name) : part;
  });
}
