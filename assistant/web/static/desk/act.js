// Doing something to an order for a customer: a small form, then what exactly will happen, then the one button that does it.

import { el } from "../dom.js";
import { price, put, say } from "../words.js";
import { get, post, why } from "./api.js";
import { button, closeBox, fault, faultLine, field, select, showBox, term } from "./parts.js";
import { askConfirm } from "./proposals.js";

const OF_STATE = {
  pending: ["change_items", "change_address", "change_payment", "cancel"],
  processing: ["cancel"],
  items_changed: ["change_address", "cancel"],
  delivered: ["return", "exchange"],
};
const ADDRESS = ["line1", "line2", "city", "region", "postcode", "country"];

// What may be tried with an order; whether the rules allow it, the server says.
function deedsFor(order) {
  return (order.can || byState(order)).filter((kind) => kind !== "change_customer_address");
}

function byState(order) {
  return [...(OF_STATE[order.state] || []), "refund"];
}

export function methodName(method) {
  const name = say(`method_${method.kind}`, { brand: method.brand || "", last: method.last_four || "" }).replace(/\s+/g, " ").trim();
  return typeof method.balance === "number" ? `${name} (${price(method.balance, method.currency || "USD")})` : name;
}

export async function askDeed(ticket, order, kind) {
  const fields = await (FIELDS[kind] || (() => []))(ticket, order);
  if (!fields) return showBox(`do_${kind}`, {}, put(el("p"), "offers_failed"));
  const wrong = faultLine();
  const go = button("see_consequences", null, { look: "primary", type: "submit" });
  const note = put(el("p", { class: "will" }), "deed_will");
  const named = order ? el("p", { class: "quiet-line" }, say("order_named", { id: order.id })) : null;
  const form = el("form", { class: "box-form" }, named, fields, wrong, note, el("div", { class: "ways" }, go, button("cancel", closeBox)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault(wrong, null);
    const deed = read(kind, order, form);
    if (!deed) return fault(wrong, "pick_items");
    go.disabled = true;
    const answer = await post(`/tickets/${encodeURIComponent(ticket.id)}/deeds`, deed);
    go.disabled = false;
    if (answer.ok) askConfirm(answer.data);
    else fault(wrong, why(answer));
    if (answer.data?.code === "unopened" && !form.elements.unopened) wrong.before(unopened());
  });
  showBox(`do_${kind}`, {}, form);
}

// ---- What each kind asks

const FIELDS = {
  cancel: (ticket) => [reason(ticket, "cancel")],
  return: (ticket, order) => [items(order), method(ticket, order), reason(ticket, "return")],
  exchange: (ticket, order) => swaps(ticket, order, "exchange"),
  change_items: (ticket, order) => swaps(ticket, order, "change_items"),
  change_payment: (ticket, order) => [method(ticket, order)],
  change_address: (ticket, order) => address(order.address_parts || ticket.customer?.address_parts),
  change_customer_address: (ticket) => address(ticket.customer?.address_parts),
  refund: (ticket, order) => [amount(order), method(ticket, order), reason(ticket, "refund", true)],
};

function reason(ticket, kind, free = false) {
  const known = ticket.reasons?.[kind];
  const open = known?.[0]?.needed === false ? [["", say("no_reason")]] : [];
  if (known?.length && !free) return field("deed_reason", select([...open, ...known.map((one) => [one.value ?? one, one.words ?? term("cause", one)])], null, { name: "reason" }));
  return field("deed_reason", el("input", { class: "control", name: "reason", maxlength: 500, required: free }));
}

function lineName(line) { return [line.title, Object.values(line.options || {}).join(", ")].filter(Boolean).join(" · "); }

function still(order) { return order.lines.filter((line) => line.state === "ordered"); }

function items(order) {
  const rows = still(order).map((line) => el("label", { class: "choice" }, el("input", { type: "checkbox", name: "lines", value: line.number, "data-first": line === order.lines[0] }), el("span", {}, lineName(line)), el("b", {}, price(line.price, order.currency))));
  return el("fieldset", {}, put(el("legend", { class: "field-name" }), "which_items"), rows);
}

function method(ticket, order) {
  const methods = ticket.customer?.methods || [];
  const paid = order.payments?.findLast((one) => one.kind === "payment")?.method_id || methods[0]?.id;
  return field("money_to", select(methods.map((one) => [one.id, methodName(one)]), paid, { name: "method_id" }));
}

function amount(order) {
  const most = order.total;
  const box = el("input", { class: "control", name: "amount", type: "number", min: "0.01", max: most, step: "0.01", required: true, inputmode: "decimal", "data-first": true });
  return field("amount_in", box).appendChild(el("span", { class: "field-note" }, say("at_most", { amount: price(most, order.currency) }))).parentNode;
}

// Some goods come back only unopened: asked once the rules say so.
function unopened() { return el("label", { class: "choice" }, el("input", { type: "checkbox", name: "unopened" }), put(el("span"), "unopened")); }

// Which other items a line may be swapped for, as they are to be had now.
async function swaps(ticket, order, kind) {
  const lines = still(order);
  const ids = [...new Set(lines.map((line) => line.product_id))];
  const answers = await Promise.all(ids.map((id) => get(`/offers/${encodeURIComponent(id)}`)));
  if (answers.some((answer) => !answer.ok)) return null;
  const offers = new Map(ids.map((id, i) => [id, answers[i].data.offers]));
  const rows = lines.map((line) => {
    const others = offers.get(line.product_id).filter((offer) => offer.available && offer.item_id !== line.item_id);
    const choices = [["", say("leave_as_is")], ...others.map((offer) => [offer.item_id, `${Object.values(offer.options).join(", ") || offer.title} · ${price(offer.price, order.currency)}`])];
    return el("label", { class: "field-row" }, el("span", { class: "field-name" }, `${lineName(line)} · ${price(line.price, order.currency)}`), select(choices, "", { name: "swap", "data-line": line.number, disabled: !others.length }));
  });
  return [...rows, method(ticket, order), ...(ticket.reasons?.[kind]?.length ? [reason(ticket, kind)] : [])];
}

function address(now = {}) {
  const place = now || {};
  return ADDRESS.map((name) => field(`address_${name}`, el("input", { class: "control", name, value: place[name] || "", maxlength: 200, required: name !== "line2", "data-first": name === "line1" })));
}

// ---- What was filled in, as the server takes it; null where nothing was picked

function read(kind, order, form) {
  const data = new FormData(form);
  const deed = { kind, ...(order ? { order_id: order.id } : {}) };
  if (data.get("reason")) deed.reason = data.get("reason").trim();
  if (data.get("method_id")) deed.method_id = data.get("method_id");
  if (data.get("unopened")) deed.unopened = true;
  if (data.get("amount")) deed.amount = Number(data.get("amount"));
  if (data.has("line1")) deed.address = Object.fromEntries(ADDRESS.map((name) => [name, data.get(name).trim()]));
  if (kind === "return") deed.lines = data.getAll("lines").map(Number);
  if (form.elements.swap) deed.swaps = [...form.querySelectorAll("select[name=swap]")].filter((one) => one.value).map((one) => ({ line: Number(one.dataset.line), item_id: one.value }));
  return deed.lines?.length === 0 || deed.swaps?.length === 0 ? null : deed;
}

export function deedButtons(ticket, order) {
  return deedsFor(order).map((kind) => {
    const node = button(`do_${kind}`, () => askDeed(ticket, order, kind), { look: "small" });
    node.setAttribute("aria-label", say("deed_label", { what: term("do", kind), order: order.id }));
    return node;
  });
}

