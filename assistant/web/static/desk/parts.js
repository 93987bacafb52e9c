// What the whole desk is made of: its icons, buttons, fields, menus, the one box over the page, and times.

import { el, icon } from "../dom.js";
import { label, locale, put, say } from "../words.js";

const SVG = "http://www.w3.org/2000/svg";
const TAGS = { en: "en-US", zh: "zh-CN" };

const PATHS = {
  inbox: ["M4 13l2.600-7.500h10.800L20 13v5.500H4z", "M4 13h4.500l1.300 2.500h4.400l1.300-2.500H20"],
  clock: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M12 7.500V12l3 2"],
  words: ["M3.500 6h9M8 3.800V6M10.800 6c-.8 3.600-3.200 6.400-6.800 8M5.500 8.500c1.200 2.600 3.300 4.500 6 5.500", "M12.500 20l4-9.500 4 9.500M13.800 17h5.400"],
  lock: ["M6.500 11h11v8.500h-11z", "M8.800 11V8a3.200 3.200 0 0 1 6.400 0v3"],
  search: ["M10.500 4.500a6 6 0 1 1 0 12 6 6 0 0 1 0-12z", "M15 15l5 5"],
  sliders: ["M4 8h9M17 8h3M4 16h3M11 16h9", "M15 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM9 14a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"],
  keys: ["M3.500 6.500h17v11h-17z", "M7 10h.1M10.300 10h.1M13.700 10h.1M17 10h.1M8 14h8"],
  shield: ["M12 3.800l7 2.400v5.300c0 4-2.700 7-7 8.700-4.300-1.700-7-4.700-7-8.700V6.200z", "M8.800 12l2.300 2.300 4.200-4.400"],
  bars: ["M4 20h16", "M7 16.500v-5M12 16.500V6M17 16.500v-8"],
  people: ["M9 5a3.200 3.200 0 1 1 0 6.400A3.200 3.200 0 0 1 9 5z", "M3 19c.5-3.200 2.900-5 6-5s5.500 1.800 6 5", "M15.500 5.300a3.200 3.200 0 0 1 0 5.900M17.500 14.300c2 .7 3.200 2.300 3.500 4.700"],
  bolt: ["M13 3.500L5.500 13.500H11l-1 7 7.500-10H12z"],
  box: ["M4 8l8-4 8 4v8l-8 4-8-4z", "M4 8l8 4 8-4M12 12v8"],
  spark: ["M12 4l1.700 5.300L19 11l-5.300 1.700L12 18l-1.700-5.300L5 11l5.300-1.700z"],
  undo: ["M8.500 5.500L4.500 9.500l4 4", "M4.500 9.500h9.500a5 5 0 0 1 0 10H9"],
  more: ["M5.500 12h.1M12 12h.1M18.500 12h.1"],
  out: ["M13 4.500H5.500v15H13", "M10.500 12h9.500M16.500 8.500L20 12l-3.500 3.500"],
  warn: ["M12 4.500l8.500 15h-17z", "M12 10v4.500M12 17v.1"],
  link: ["M10 14l4-4", "M8 11l-2.300 2.300a3.500 3.500 0 0 0 5 5L13 16M16 13l2.300-2.300a3.500 3.500 0 0 0-5-5L11 8"],
  give: ["M4 12h13M12.500 7.500L17 12l-4.500 4.500", "M20 5v14"],
  hand: ["M4 12h9M8.500 7.500L4 12l4.500 4.500", "M13 6h6.500v12H13"],
  chevron: ["M7 10l5 5 5-5"],
  eye: ["M3 12c2.200-3.800 5.200-5.700 9-5.700s6.800 1.900 9 5.700c-2.200 3.800-5.200 5.700-9 5.700S5.200 15.800 3 12z", "M12 9.300a2.700 2.700 0 1 1 0 5.400 2.700 2.700 0 0 1 0-5.400z"],
  note: ["M5 4.500h14v10l-5 5H5z", "M14 19.500v-5h5", "M8.500 8.500h7M8.500 12h4"],
  face_bad: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.700v.6M15 9.700v.6M8.500 16.200c1-1.600 2.200-2.300 3.500-2.300s2.500.7 3.500 2.300"],
  face_low: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.700v.6M15 9.700v.6M8.800 15.600l6.400-1"],
  face_even: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.700v.6M15 9.700v.6M8.800 15h6.400"],
  face_good: ["M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z", "M9 9.700v.6M15 9.700v.6M8.500 14.200c1 1.600 2.200 2.300 3.500 2.300s2.500-.7 3.500-2.300"],
};

export function glyph(name) {
  if (!PATHS[name]) return icon(name);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

// ---- Buttons, fields, menus

// `key` names the words; `sign` an icon; `hint` the key on the keyboard that does the same.
export function button(key, act, { look = "", sign = null, hint = null, args = undefined, type = "button", disabled = false } = {}) {
  const node = el("button", { type, class: `button ${look}`, onclick: act, disabled, "aria-keyshortcuts": hint });
  node.append(...[sign && glyph(sign), put(el("span"), key, args), hint && el("kbd", { "aria-hidden": "true" }, hint)].filter(Boolean));
  return node;
}

// A button of one icon; its words are its label and its tip.
export function tool(key, sign, act, args) {
  const node = label(el("button", { type: "button", class: "tool", onclick: act }, glyph(sign)), key, args);
  node.dataset.tTitle = key;
  node.title = say(key, args);
  return node;
}

export function field(key, control, note = null) {
  return el("label", { class: "field-row" }, put(el("span", { class: "field-name" }), key), control, note && put(el("span", { class: "field-note" }), note));
}

// `choices`: pairs of value and words.
export function select(choices, value, props = {}) {
  const node = el("select", { class: "control", ...props }, choices.map(([v, words]) => el("option", { value: v, selected: v === value }, words)));
  return node;
}

// A list that opens under a button; one choice, Escape or a click elsewhere closes it.
export function menu(summary, items, props = {}) {
  const node = el("details", { class: "menu", ...props }, el("summary", { class: "button" }, summary), el("div", { class: "menu-list" }, items));
  node.addEventListener("click", (event) => event.target.closest(".menu-list :is(button, a)") && (node.open = false));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !node.open) return;
    event.stopPropagation();
    node.open = false;
    node.firstChild.focus();
  });
  node.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !node.contains(event.relatedTarget)) node.open = false;
  });
  return node;
}

export function closeMenus(event) {
  for (const open of document.querySelectorAll("details.menu[open]")) if (!open.contains(event.target)) open.open = false;
}

// ---- The box over the page

let dialog;

export function setUpBox(node) {
  dialog = node;
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

export function boxOpen() { return dialog.open; }
export function closeBox() { if (dialog.open) dialog.close(); }

// Shows `body` under the words of `key`; where a box is open already, it takes its place.
export function showBox(key, args, ...body) {
  const heading = put(el("h2", { id: "box-title", tabindex: "-1" }), key, args);
  dialog.setAttribute("aria-labelledby", "box-title");
  dialog.replaceChildren(el("div", { class: "box-head" }, heading, tool("close", "close", closeBox)), el("div", { class: "box-body" }, body.flat().filter(Boolean)));
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[data-first]") || heading).focus();
}

// What went wrong, under the form it belongs to.
export function fault(node, key, args) {
  node.hidden = !key;
  if (key) node.replaceChildren(glyph("warn"), typeof key === "string" ? put(el("span"), key, args) : el("span", {}, key.words));
}

export function faultLine() { return el("p", { class: "fault", role: "alert", hidden: true }); }

// ---- Times

function moment(at) {
  return new Date(/(Z|[+-]\d\d:?\d\d)$/.test(at) ? at : `${at}Z`);
}

// now, 12m, 3h, 2d as the language writes it.
function ago(at, now = Date.now()) {
  const s = Math.max(0, (now - moment(at)) / 1000);
  if (s < 60) return say("just_now");
  const [n, unit] = s < 3600 ? [s / 60, "minute"] : s < 86400 ? [s / 3600, "hour"] : [s / 86400, "day"];
  return lasting(Math.floor(n), unit);
}

function lasting(n, unit, unitDisplay = "narrow") {
  return new Intl.NumberFormat(TAGS[locale()], { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 }).format(n);
}

// A length of time in its largest fitting unit: 42 sec, 8.5 min, 3.2 hr.
export function span(s) {
  const [n, unit] = s < 90 ? [Math.round(s), "second"] : s < 5400 ? [s / 60, "minute"] : s < 129600 ? [s / 3600, "hour"] : [s / 86400, "day"];
  return lasting(n, unit, "short");
}

export function since(at, props = {}) {
  return el("time", { datetime: at, "data-since": at, title: when(at), ...props }, ago(at));
}

export function tick(root) {
  for (const node of root.querySelectorAll("[data-since]")) node.textContent = ago(node.dataset.since);
}

export function minutesSince(at) { return (Date.now() - moment(at)) / 60000; }

export function clock(at) {
  const then = moment(at);
  const today = new Date().toDateString() === then.toDateString();
  const day = today ? {} : { month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(TAGS[locale()], { ...day, hour: "numeric", minute: "2-digit" }).format(then);
}

export function when(at) {
  return new Intl.DateTimeFormat(TAGS[locale()], { dateStyle: "medium", timeStyle: "short" }).format(typeof at === "string" ? moment(at) : at);
}

export function day(at) {
  return new Intl.DateTimeFormat(TAGS[locale()], { dateStyle: "medium" }).format(moment(at));
}

// ---- Small words

function initials(name) {
  const parts = String(name || "?").trim().split(/\s+/);
  return (/^[\u4e00-\u9fff]/.test(parts[0]) ? parts[0].slice(-1) : parts.slice(0, 2).map((part) => part[0]).join("")).toUpperCase();
}

export function face(name, mine = false) {
  return el("span", { class: mine ? "initials mine" : "initials", title: name, "aria-hidden": "true" }, initials(name));
}

// The words of a value of a closed set; one that the page does not know is shown as it came.
export function term(kind, value) {
  const key = `${kind}_${value}`;
  const words = say(key);
  return words === key ? String(value).replaceAll("_", " ") : words;
}

// ---- Mood: -1 to 1, as a face that is also a word

export function moodName(value) {
  return value <= -0.5 ? "bad" : value <= -0.15 ? "low" : value < 0.35 ? "even" : "good";
}

export function mood(value) {
  if (typeof value !== "number") return null;
  const name = moodName(value);
  return el("span", { class: `mood mood-${name}`, role: "img", "aria-label": term("mood", name), title: term("mood", name) }, glyph(`face_${name}`));
}
