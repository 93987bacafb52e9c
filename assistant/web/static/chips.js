// The need as chips: each says what must hold, can be changed with a tap and removed with another.

import { el, icon } from "./dom.js";
import { label, locale, money, number, say } from "./words.js";

let terms = {};
let currency = "USD";

export function setTerms(table, shopCurrency) {
  terms = table;
  currency = shopCurrency;
}

function shown(value, field) {
  if (Array.isArray(value)) return value.map((one) => shown(one, field)).join(say("or"));
  if (typeof value === "number") return field === "price" ? money(value, currency) : number(value, 2);
  const text = String(value);
  return locale() === "zh" ? terms[text.toLowerCase()] || text : text.toLowerCase() === text ? text : lowered(text);
}

// "Matte black" reads better as "matte black" within a wish; names and codes keep their capitals.
function lowered(text) {
  return /^[A-Z][a-z]+( [a-z]+)*$/.test(text) ? text.toLowerCase() : text;
}

export function chipText(c) {
  if (c.label?.[locale()]) return c.label[locale()];
  const x = shown(c.value, c.field);
  if (c.field === "in_stock") return say(c.value === (c.op === "eq") ? "op_in_stock" : "op_out_of_stock");
  const op = { in: "eq", contains: "eq", not_in: "ne", not_contains: "ne" }[c.op] || c.op;
  if (c.field === "price" && ["lt", "le", "gt", "ge"].includes(op)) return say(`op_price_${op}`, { x });
  if (c.field === "rating" && ["gt", "ge"].includes(op)) return say("op_rating_ge", { x });
  const name = c.field.replace(/^attributes\./, "");
  const f = ["price", "rating"].includes(name) ? say(name) : locale() === "zh" ? terms[name.toLowerCase()] || name : name.toLowerCase();
  return say(`op_${op}`, { f, x });
}

// Draws the chips of `need`; `edit(need, words)` is called with the need as it should become.
export function drawChips(need, edit) {
  const row = el("ul", { class: "chips" });
  label(row, "your_wishes");
  if (need.category) row.append(categoryChip(need, edit));
  need.constraints.forEach((c, i) => row.append(chip(need, c, i, edit)));
  row.hidden = !row.children.length;
  return row;
}

function categoryChip(need, edit) {
  const what = locale() === "zh" ? terms[need.category.toLowerCase()] || need.category : need.category;
  const gone = () => edit({ ...need, category: null }, say("removed", { what }));
  return el("li", { class: "chip fixed" }, el("span", { class: "chip-text" }, what), remover(what, gone));
}

function chip(need, c, i, edit) {
  const what = chipText(c);
  const gone = () => edit({ ...need, constraints: need.constraints.toSpliced(i, 1) }, say("removed", { what }));
  const item = el("li", { class: "chip", title: c.source?.[locale()] });
  const changeable = typeof c.value !== "boolean" && !Array.isArray(c.value) && c.field !== "id";
  const open = () => {
    const needed = 72 + 10 * Math.min(Math.max(String(c.value).length, 4.4), 14);
    item.style.width = `${Math.max(item.offsetWidth, needed)}px`; // as it was if it can be: its neighbours stay put
    item.replaceChildren(editor(item, need, c, i, edit, what));
  };
  const text = changeable
    ? label(el("button", { type: "button", class: "chip-text", onclick: open }, what), "chip_edit", { what })
    : el("span", { class: "chip-text" }, what);
  item.append(text, remover(what, gone));
  return item;
}

function remover(what, gone) {
  return label(el("button", { type: "button", class: "chip-x", onclick: gone }, icon("close")), "chip_remove", { what });
}

function editor(item, need, c, i, edit, what) {
  const numeric = typeof c.value === "number";
  const kind = numeric ? { type: "number", min: 0, step: "any", inputmode: "decimal" } : { type: "text", maxlength: 200 };
  const input = label(el("input", { ...kind, required: true, value: String([c.value].flat()[0]) }), "chip_value", { what });
  const back = () => {
    const again = chip(need, c, i, edit);
    item.replaceWith(again);
    again.querySelector(".chip-text").focus();
  };
  const apply = (event) => {
    event.preventDefault();
    const value = numeric ? Number(input.value) : input.value.trim();
    if (value === c.value || value === "" || Number.isNaN(value)) return back();
    const changed = { ...c, value, origin: "edited", label: null, source: null, remembered: null };
    return edit({ ...need, constraints: need.constraints.with(i, changed) }, say("changed", { what, to: chipText(changed) }));
  };
  const cancel = (event) => {
    if (event.key !== "Escape") return;
    back();
  };
  const done = label(el("button", { class: "chip-x", type: "submit" }, icon("check")), "apply");
  const form = el("form", { class: "chip-form", onsubmit: apply, onkeydown: cancel }, prefix(c), input, done);
  queueMicrotask(() => input.select());
  return form;
}

function prefix(c) {
  const sign = { lt: "<", le: "≤", gt: ">", ge: "≥", ne: "≠", not_contains: "≠", not_in: "≠" }[c.op];
  return sign ? el("span", { class: "chip-sign", "aria-hidden": "true" }, sign) : null;
}

