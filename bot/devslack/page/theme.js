/** Light, dark, or as the system says; remembered in this browser. */

const ORDER = ["auto", "light", "dark"];
const KEY = "devslack-theme";

/** @param {HTMLElement} button */
export function wireTheme(button) {
  let theme = recall();
  const show = () => {
    document.documentElement.dataset.theme = theme;
    button.setAttribute("aria-label", `Colours: ${theme}. Change`);
    button.title = `Colours: ${theme}`;
  };
  button.addEventListener("click", () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    keep(theme);
    show();
  });
  show();
}

/** Storage may be forbidden; then the choice lasts as long as the page. */
function recall() {
  try {
    const kept = localStorage.getItem(KEY) ?? "";
    return ORDER.includes(kept) ? kept : "auto";
  } catch {
    return "auto";
  }
}

/** @param {string} theme */
function keep(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // the page works without it
  }
}
