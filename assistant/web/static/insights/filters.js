// Which conversations the figures are of: the period, and what tells them apart. Each filter that holds can be taken off.

import { button, field, glyph, select } from "../desk/parts.js";
import { el, icon } from "../dom.js";
import { put, say } from "../words.js";
import { get } from "./api.js";
import { daySpan, valueName } from "./kit.js";
import { DAYS, FILTERS, filters, go, lastDay, where } from "./place.js";

const PRESETS = [7, DAYS, 90];
const APART = FILTERS.filter((name) => !["from", "to"].includes(name));
let place, menu;
let choices = {};

export function setUpFilters(node) {
  place = node;
}

export async function drawFilters() {
  draw();
  const { from, to } = filters();
  const asked = `${from}/${to}`;
  if (choices.asked === asked) return;
  const answer = await get("/choices", Object.fromEntries(APART.map((name) => [name, ""])));
  if (!answer.ok) return;
  choices = { ...answer.data, asked };
  const list = menu.lastChild; // filled anew in its place, so that whatever is open stays open
  if (!list.contains(document.activeElement)) list.replaceChildren(...APART.map(chooser));
  showChips();
}

function draw() {
  if (menu?.open && menu.contains(document.activeElement)) return showChips();
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  menu = el("details", { class: "menu filter-menu" }, el("summary", { class: "button", "data-key": "filter" }, glyph("sliders"), put(el("span"), "filter")), el("div", { class: "menu-list filter-list" }, APART.map(chooser)));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    menu.open = false;
    menu.firstChild.focus();
  });
  place.replaceChildren(el("div", { class: "asked-row" }, periods(), menu), el("ul", { class: "chips", "aria-label": say("filters_on") }));
  showChips();
  if (focused) place.querySelector(`[data-key="${focused}"]`)?.focus();
}

// ---- The period

function periods() {
  const { days, from, to } = where();
  const own = Boolean(from || to);
  const now = own ? null : Number(days) || DAYS;
  const preset = (n) => el("button", { type: "button", class: "tab", "data-key": `days${n}`, "aria-pressed": String(n === now), onclick: () => go({ days: n === DAYS ? "" : String(n), from: "", to: "", behind: "", talk: "" }) }, put(el("span"), "last_days", { n }));
  const period = filters();
  const dates = el("details", { class: "menu" }, el("summary", { class: own ? "tab on" : "tab", "data-key": "dates" }, own ? el("span", {}, daySpan(period.from, period.to)) : put(el("span"), "own_dates")), el("div", { class: "menu-list dates-list" }, datesForm(period)));
  return el("div", { class: "boxes", role: "group", "aria-label": say("period") }, PRESETS.map(preset), dates);
}

function datesForm({ from, to }) {
  const box = (name, value) => el("input", { class: "control", type: "date", name, value, max: lastDay(), required: true });
  const form = el("form", { class: "box-form" }, field("date_from", box("from", from)), field("date_to", box("to", to)), button("show_dates", null, { type: "submit", look: "primary" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [start, end] = [form.elements.from.value, form.elements.to.value].sort();
    form.closest("details").open = false;
    go({ from: start, to: end, days: "", behind: "", talk: "" });
  });
  return form;
}

// ---- What tells conversations apart

function chooser(name) {
  const now = where()[name];
  const known = (choices[name] || []).map((one) => (typeof one === "string" ? { value: one } : one));
  const all = known.some((one) => one.value === now) || !now ? known : [{ value: now }, ...known];
  const none = name === "who" ? say("who_shopper") : say("any");
  const pairs = [["", none], ...all.filter((one) => one.value).map((one) => [one.value, valueName(name, one.value, one.label)])];
  const node = select(name === "who" ? [["", none], ["all", say("who_all")]] : pairs, now, { name, onchange: () => go({ [name]: node.value, behind: "", talk: "" }), disabled: name !== "who" && pairs.length < 2 });
  return field(`by_${name}`, node);
}

function showChips() {
  const now = where();
  const on = APART.filter((name) => now[name]);
  const labelOf = (name) => (choices[name] || []).find((one) => one.value === now[name])?.label;
  const chip = (name) => {
    const words = `${say(`by_${name}`)}: ${valueName(name, now[name], labelOf(name))}`;
    return el("li", {}, el("button", { type: "button", class: "pill", "data-key": `chip-${name}`, "aria-label": say("take_off", { what: words }), onclick: () => go({ [name]: "", behind: "", talk: "" }) }, el("span", {}, words), icon("close")));
  };
  const all = on.length > 1 && el("li", {}, put(el("button", { type: "button", class: "button quiet", "data-key": "clear", onclick: () => go(Object.fromEntries([...on.map((name) => [name, ""]), ["behind", ""], ["talk", ""]])) }), "clear_all"));
  const row = place.querySelector(".chips");
  row.hidden = !on.length;
  row.replaceChildren(...[...on.map(chip), all].filter(Boolean));
}
