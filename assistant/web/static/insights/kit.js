// What the views are made of: cards, figures, tables, and numbers, money, shares and days as the page's language writes them.

import { glyph, term } from "../desk/parts.js";
import { el } from "../dom.js";
import { locale, number, put, say } from "../words.js";
import { ROOT, withFilters } from "./api.js";
import { address } from "./place.js";

export const FEW = 30; // below so many nothing is compared and no trend is drawn
const TAGS = { en: "en-US", zh: "zh-CN" };
let currency = "USD";

export function setUpKit(shop) { currency = shop.currency; }

// ---- Numbers and days

export function count(n) { return number(n, 0); }

// A share (0 to 1) in percent, as precise as it can be read: 0.31 %, 4.2 %, 31 %. In a column all have the same digits.
export function percent(x, digits = null) {
  if (x === null || x === undefined) return "–";
  const most = digits ?? (Math.abs(x) < 0.01 ? 2 : Math.abs(x) < 0.2 ? 1 : 0);
  return new Intl.NumberFormat(TAGS[locale()], { style: "percent", maximumFractionDigits: most, minimumFractionDigits: digits ?? 0 }).format(x);
}

// A share of {value, n}: one digit more where it rests on many.
export function percentOf({ value, n }) { return percent(value, n >= 1000 ? 1 : null); }

export function seconds(s) { return say("seconds", { n: number(s, s < 10 ? 1 : 0) }); }

// An amount in whole units of the shop's currency.
export function money(amount) {
  if (amount === null || amount === undefined) return "–";
  const whole = Math.abs(amount) >= 1000 ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(TAGS[locale()], { style: "currency", currencyDisplay: "narrowSymbol", currency, ...whole }).format(amount);
}

// An amount on an axis, where whole units are enough.
export function moneyTick(amount) {
  const digits = Number.isInteger(amount) ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(TAGS[locale()], { style: "currency", currencyDisplay: "narrowSymbol", currency, notation: amount >= 10000 ? "compact" : "standard", ...digits }).format(amount);
}

export function interval(low, high, show = percent) { return say("between", { low: show(low), high: show(high) }); }

function moment(day) { return new Date(`${day}T00:00Z`); }

// A day (YYYY-MM-DD) in short: Nov 3; 11月3日.
export function dayName(day, more = {}) {
  return new Intl.DateTimeFormat(TAGS[locale()], { month: "short", day: "numeric", timeZone: "UTC", ...more }).format(moment(day));
}

export function daySpan(from, to) {
  return new Intl.DateTimeFormat(TAGS[locale()], { month: "short", day: "numeric", year: "numeric", timeZone: "UTC" }).formatRange(moment(from), moment(to));
}

// The words of one value of a dimension, as menus, tables and chips show it.
export function valueName(by, value, label = null) {
  if (["", "-", null].includes(value)) return say(`none_${by}`) === `none_${by}` ? say("none_else") : say(`none_${by}`);
  if (by === "day") return dayName(value);
  if (by === "locale") return term("language", value);
  if (by === "who") return say(`who_${value}`);
  if (by === "position") return value === "0" ? say("position_none") : say("position_n", { n: value });
  if (by === "arm") return String(value).replace(":", " · ");
  return label || String(value);
}

// ---- Cards

// A part of a view under its heading; `title` is a key or [key, args].
export function card(title, ...children) {
  const [key, args] = [title].flat();
  return el("section", { class: "card" }, put(el("h2"), key, args), children);
}

export function note(key, args) { return put(el("p", { class: "quiet-line" }), key, args); }

// What is shown where there is nothing yet: what will stand here and how it comes.
export function empty(key, args, ...ways) {
  return el("div", { class: "empty" }, glyph("bars"), put(el("p"), key, args), ways);
}

export function failed(answer) {
  const words = answer.status === 503 || answer.status === 422 ? answer.data?.detail : null;
  return el("div", { class: "empty" }, glyph("warn"), words ? el("p", {}, words) : put(el("p"), "view_failed"));
}

// ---- Figures

// Words that lead to the conversations behind them. `behind` names a measure, or a route that answers like /conversations;
// `only` narrows by filters, as {locale: "zh"}.
export function behind(words, measure, only = {}, props = {}) {
  return el("a", { class: "behind", href: address({ behind: behindOf(measure, only), talk: "" }), ...props }, words);
}

export function behindOf(measure, only = {}) {
  const query = new URLSearchParams(Object.entries(only).filter(([, value]) => value !== undefined && value !== null));
  return query.size ? `${measure}?${query}` : measure;
}

// One figure: its name, its value, how it stands against the period before (whose days are `before`), and what it rests on.
export function figure({ name, args, value, measure = null, only = {}, change = null, before = null, rests = null, key = name }) {
  const big = el("b", { class: "big" }, value ?? "–");
  const shown = measure ? behind([big, put(el("span", { class: "unseen" }), "see_conversations")], measure, only, { "data-key": `figure-${key}` }) : big;
  return el("div", { class: "tile figure" }, put(el("dt"), name, args), el("dd", {}, shown, change && before && measure ? earlier(change, measure, before, key) : change, rests && el("span", { class: "quiet-line" }, rests)));
}

// A change that leads to the conversations of the period before.
export function earlier(change, measure, only, key) {
  return change && behind(change, measure, only, { title: say("see_earlier"), "data-key": `earlier-${key}` });
}

// How a value stands against the period before, in words and by an arrow; `good` is the direction that is welcome.
export function change(now, before, { show = count, good = "up", points = false, enough = true } = {}) {
  if (!enough) return el("span", { class: "change" }, put(el("span"), "too_few_before"));
  if (now === null || before === null || now === undefined || before === undefined) return null;
  const by = now - before;
  if (Math.abs(by) <= Math.abs(before) * 0.005) return el("span", { class: "change" }, arrow("level"), put(el("span"), "change_none"));
  const way = by > 0 ? "up" : "down";
  if (!points && before && now / before >= 3) return el("span", { class: `change${good === "up" ? " better" : good === "down" ? " worse" : ""}` }, arrow(way), el("span", {}, say("change_times", { n: now / before < 10 ? Math.round((now / before) * 10) / 10 : Math.round(now / before), before: show(before) })));
  const how = points ? say("points", { n: number(Math.abs(by) * 100, 1) }) : before ? percent(Math.abs(by) / Math.abs(before), 0) : show(Math.abs(by));
  const look = good === null ? "" : good === way ? " better" : " worse";
  return el("span", { class: `change${look}` }, arrow(way), el("span", {}, say(`change_${way}`, { by: how, before: show(before) })));
}

const ARROWS = { up: "M12 19V5M6 11l6-6 6 6", down: "M12 5v14M6 13l6 6 6-6", level: "M5 12h14" };

export function arrow(way) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon arrow");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ARROWS[way]);
  svg.append(path);
  return svg;
}

// ---- Tables

// `columns`: { key, title, num, show(row) -> words or node, bar(row) -> 0..1 }; the first one heads its row.
export function table(columns, rows, { caption = null, key = null } = {}) {
  const head = columns.map((c) => put(el("th", { scope: "col", class: c.num ? "num" : null }), c.title || c.key));
  const cell = (c, row, first) => {
    const shown = c.show ? c.show(row) : row[c.key];
    const content = c.bar ? [el("span", { class: "cell-bar", "aria-hidden": "true" }, fill(c.bar(row))), el("span", {}, shown)] : shown;
    return first ? el("th", { scope: "row" }, content) : el("td", { class: c.num ? "num" : null }, content);
  };
  const body = rows.map((row) => el("tr", {}, columns.map((c, i) => cell(c, row, i === 0))));
  const words = caption && put(el("caption", { class: "unseen" }), ...[caption].flat());
  return el("div", { class: "scroll-x", tabindex: "0", "data-key": key }, el("table", { class: "plain-table" }, words, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
}

function fill(part) {
  const node = el("span", { class: "bar-fill" });
  node.style.inlineSize = `${Math.round(Math.min(1, Math.max(0, part || 0)) * 1000) / 10}%`;
  return node;
}

// The words of a key with nodes in the places of its {names}.
export function phrase(key, nodes) {
  const held = Object.fromEntries(Object.keys(nodes).map((name) => [name, `{${name}}`]));
  return say(key, held).split(/(\{\w+\})/).filter(Boolean).map((part) => nodes[part.slice(1, -1)] ?? part);
}

// A button that fetches a file from a route.
export function download(key, path) {
  return put(el("a", { class: "button small", href: path, download: true }), key);
}

// The address of a file; the filters go with it.
export function fileOf(path, query) { return ROOT + withFilters(path, { lang: locale(), ...query }); }

export function bothFiles(path, query = {}) {
  return ["csv", "parquet"].map((format) => download(`as_${format}`, fileOf(path, { ...query, format })));
}

// What a view can be taken away as: rows of { name, path, query }, each as both kinds of files.
export function files(rows, ...more) {
  const row = ({ name, path, query }) => el("li", {}, put(el("span"), name), bothFiles(path, query));
  return el("section", { class: "card" }, put(el("h2"), "files"), el("ul", { class: "files" }, rows.map(row), more));
}
