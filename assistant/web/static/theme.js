// Light or dark: the system's choice until the shopper makes one.

import { icon } from "./dom.js";
import { keep, recall } from "./memory.js";
import { label } from "./words.js";

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function setUpTheme(button) {
  const chosen = recall("theme", null, localStorage);
  if (chosen) document.documentElement.dataset.theme = chosen;
  const draw = () => {
    button.replaceChildren(icon(isDark() ? "sun" : "moon"));
    label(button, isDark() ? "to_light" : "to_dark");
  };
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    keep("theme", document.documentElement.dataset.theme, localStorage);
    draw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
}
