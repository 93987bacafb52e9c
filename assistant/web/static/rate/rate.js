// The page behind a link: the one question, or why it is not there.

import { el, icon } from "../dom.js";
import { keep, recall } from "../memory.js";
import { surveyCard } from "../survey.js";
import { setUpTheme } from "../theme.js";
import { locale, put, relabel, setLocale, setTexts } from "../words.js";

const { texts, locale: asked, logo, state, offer, value } = JSON.parse(document.getElementById("aisle-data").textContent);
const page = document.querySelector(".rate");
const main = page.querySelector("main");

function ask() {
  const before = value !== null && put(el("p", { class: "rate-note" }), "rate_answered");
  main.replaceChildren(...[before, surveyCard(offer, { source: "link", value, gone: () => tell("rate_skipped") })].filter(Boolean));
}

function tell(key, title = null) {
  const heading = title && put(el("h1"), title);
  const onwards = put(el("a", { class: "button", href: "/" }), "rate_shop");
  main.replaceChildren(...[heading, put(el("p", { role: "status" }), key), onwards].filter(Boolean));
}

setTexts(texts);
setLocale(recall("locale", asked, localStorage));
page.querySelector(".mark").append(logo ? el("img", { src: "/logo", alt: "", width: 28, height: 28 }) : icon("bag"));
setUpTheme(page.querySelector('[data-act="theme"]'));
page.querySelector('[data-act="language"]').addEventListener("click", () => {
  setLocale(locale() === "en" ? "zh" : "en");
  keep("locale", locale(), localStorage);
  relabel(page);
});
if (state === "open") ask();
else tell(`rate_${state}`, `rate_${state}_title`);
relabel(page);
