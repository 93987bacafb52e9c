// The service's figures: small and plain. Below thirty cases a figure says how few it rests on.

import { el } from "../dom.js";
import { number, put, say } from "../words.js";
import { get } from "./api.js";
import { glyph, span, term } from "./parts.js";

const FEW = 30;
const DAYS = [7, 30, 90];
let days = 30;

export async function drawFigures(place) {
  const answer = await get(`/figures?days=${days}`);
  const periods = el("div", { class: "boxes", role: "group", "aria-label": say("period") }, DAYS.map((n) => el("button", { type: "button", class: "tab", "aria-pressed": String(n === days), onclick: () => { days = n; drawFigures(place); } }, put(el("span"), "last_days", { n }))));
  const body = answer.ok ? figures(answer.data) : [el("div", { class: "empty" }, glyph("warn"), put(el("p"), "view_failed"))];
  const focused = place.contains(document.activeElement);
  place.replaceChildren(el("section", { class: "page" }, el("div", { class: "page-head" }, put(el("h1", { tabindex: "-1" }), "nav_figures"), periods), ...body));
  if (focused) place.querySelector('[aria-pressed="true"]').focus();
}

function figures(f) {
  const { shown = 0, accepted = 0, edited = 0, discarded = 0 } = f.draft || {};
  const decided = accepted + edited + discarded;
  return [
    el("dl", { class: "tiles" },
      tile("fig_first", f.first_response?.n ? span(f.first_response.median_s) : null, f.first_response?.n),
      tile("fig_resolution", f.resolution?.n ? span(f.resolution.median_s) : null, f.resolution?.n),
      tile("fig_backlog", number(f.backlog ?? 0)),
      tile("fig_reopened", f.resolution?.n ? share(f.reopen_rate) : null, f.resolution?.n)),
    put(el("h2"), "fig_drafts"),
    decided ? drafts([["accepted", accepted], ["edited", edited], ["discarded", discarded]], decided) : put(el("p", { class: "quiet-line" }), "fig_none"),
    decided > 0 && put(el("p", { class: "quiet-line" }), "fig_drafts_line", { n: shown }),
    el("div", { class: "two" }, table("fig_by_language", "language", f.by_language), table("fig_by_reason", "reason", f.by_reason)),
  ].filter(Boolean);
}

function share(x) { return `${number((x || 0) * 100, 0)} %`; }

function tile(key, value, n) {
  const rest = n === undefined ? null : !n ? "fig_none" : n < FEW ? "fig_few" : "fig_of";
  return el("div", { class: "tile" }, put(el("dt"), key), el("dd", {}, el("b", {}, value ?? "–"), rest && put(el("span", { class: "quiet-line" }), rest, { n })));
}

// Bars from zero to all; the figures stand beside them in words.
function drafts(parts, all) {
  return el("ul", { class: "bars" }, parts.map(([name, n]) => el("li", {}, put(el("span"), `draft_${name}`), el("span", { class: "bar-line", "aria-hidden": "true" }, bar(n / all)), el("b", {}, `${number(n)} (${share(n / all)})`))));
}

function bar(part) {
  const node = el("span", { class: "bar-fill" });
  node.style.inlineSize = `${Math.round(part * 1000) / 10}%`;
  return node;
}

function table(key, kind, rows) {
  const names = Object.keys(rows || {});
  if (!names.length) return el("section", {}, put(el("h2"), key), put(el("p", { class: "quiet-line" }), "fig_none"));
  const of = (row) => (typeof row === "number" ? { n: row } : row);
  const lines = names.map((name) => [name, of(rows[name])]).sort(([, a], [, b]) => (b.n ?? 0) - (a.n ?? 0));
  const timed = lines.some(([, row]) => row.first_response_s || row.first_response?.median_s);
  const cell = (row) => row.first_response_s ?? row.first_response?.median_s;
  return el("section", {}, put(el("h2"), key), el("div", { class: "scroll-x", tabindex: "0" }, el("table", { class: "plain-table" },
    el("thead", {}, el("tr", {}, put(el("th", { scope: "col" }), kind === "reason" ? "reason" : "language_of_shopper"), put(el("th", { scope: "col", class: "num" }), "fig_tickets"), timed && put(el("th", { scope: "col", class: "num" }), "fig_first"))),
    el("tbody", {}, lines.map(([name, row]) => el("tr", {}, el("th", { scope: "row" }, term(kind, name)), el("td", { class: "num" }, number(row.n ?? 0)), timed && el("td", { class: "num" }, cell(row) ? span(cell(row)) : "–")))))));
}
