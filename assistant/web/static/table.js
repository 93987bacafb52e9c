// A comparison as a table in the conversation: a column for each product, a row for each thing in which they differ.

import { el } from "./dom.js";
import { label, put, say } from "./words.js";

// Draws `comparison` of the products in `slate` under the sentences of `turn`, its advice left to them.
export function drawComparison(turn, comparison, slate) {
  turn.reply.querySelector(".compared")?.remove();
  if (!comparison) return;
  const products = comparison.columns.map((id) => slate.find((p) => p.product_id === id)).filter(Boolean);
  const heads = products.map((p) => el("th", { scope: "col" }, el("button", { type: "button", class: "name", onclick: () => turn.acts.open(p, turn) }, p.title)));
  const head = el("thead", {}, el("tr", {}, el("td"), heads));
  const table = el("table", {}, head, el("tbody", {}, comparison.rows.map((row) => line(turn, row, products))));
  const box = label(el("div", { class: "compared", role: "region", tabindex: 0 }, table), "comparison");
  turn.reply.append(box);
}

function line(turn, row, products) {
  const cells = products.map((p) => cell(turn, row.cells.find((one) => one.product_id === p.product_id)));
  return el("tr", {}, el("th", { scope: "row" }, row.name), cells);
}

function cell(turn, told) {
  if (!told || told.text === null) return el("td", {}, put(el("span", { class: "unstated" }), "not_stated"));
  const open = () => turn.acts.source(turn, told.evidence);
  const props = { type: "button", class: "told", onclick: open, "data-t-title": "see_source", title: say("see_source") };
  const words = told.evidence.length ? el("button", props, told.text) : el("span", {}, told.text);
  const mark = told.better && put(el("span", { class: "better" }), "better");
  return el("td", { class: told.better && "best" }, words, mark);
}
