// Beside the conversation: what the shopper wants, who they are and what they ordered, what answers rest on, what helped before.

import { el } from "../dom.js";
import { keep, recall } from "../memory.js";
import { locale, number, price, put, say } from "../words.js";
import { deedButtons, askDeed, methodName } from "./act.js";
import { button, clock, day, glyph, mood, moodName, term } from "./parts.js";
import { proposalCard } from "./proposals.js";

let root, acts;
const drawn = new Map(); // section -> what it said
let shownFor = null;

// What waits for a decision stands over the conversation. In this order; each: the part of the ticket that it shows, and how. A section without anything to show is left out.
const SECTIONS = [
  ["deeds", (t) => (t.proposals || []).filter((one) => !["expired", "waiting"].includes(one.state)), proposals],
  ["summary", (t) => t.summary && { ...t.summary, mood: t.mood, handed: t.handed }, summary],
  ["customer", (t) => ({ customer: t.customer, email: t.email, mail: t.mail, orders: t.orders || [], reasons: t.reasons, id: t.id, may: acts.may(t), status: t.status }), customer],
  ["similar", (t) => t.similar || [], similar],
  ["evidence", (t) => t.evidence || [], evidence],
  ["need", (t) => ({ need: t.need, cart: t.cart }), need],
  ["notes", (t) => (t.conversation || []).filter((item) => item.kind === "note"), notes],
];

// `acts`: insert(text), note(), may(ticket)
export function setUpSide(node, given) {
  root = node;
  acts = given;
}

// Only what says something else than before is drawn anew: what is open stays open, what is read stays in place.
export function showSide(detail) {
  if (shownFor !== detail?.id) forget();
  shownFor = detail?.id;
  if (!detail) return;
  const places = SECTIONS.map(([name, pick, draw]) => {
    const told = pick(detail);
    const text = JSON.stringify([told, locale()]);
    const kept = drawn.get(name);
    if (kept?.text === text) return kept.node;
    const body = draw(told, detail);
    const node = body && section(name, body);
    drawn.set(name, { text, node });
    return node;
  });
  const nodes = places.filter(Boolean);
  if (nodes.length !== root.children.length || nodes.some((node, i) => root.children[i] !== node)) root.replaceChildren(...nodes);
}

export function forget() {
  drawn.clear();
  root.replaceChildren();
  root.scrollTop = 0;
}

// What an agent has folded stays folded, for every ticket.
function section(name, body) {
  const closed = recall("desk.folded", [], localStorage);
  const node = el("details", { class: `part part-${name}`, open: name === "deeds" || !closed.includes(name) }, el("summary", {}, put(el("h3"), `part_${name}`), glyph("chevron")), body);
  node.addEventListener("toggle", () => {
    const others = recall("desk.folded", [], localStorage).filter((one) => one !== name);
    keep("desk.folded", node.open ? others : [...others, name], localStorage);
  });
  return node;
}

// ---- The sections

function proposals(list) {
  return list.length ? el("div", { class: "stack" }, list.map((one) => proposalCard(one))) : null;
}

function summary({ wanted, tried = [], checked = [], mood_why: moodWhy, mood: value }) {
  if (!wanted && !tried.length && !checked.length) return null;
  const row = (key, content) => [put(el("dt"), key), el("dd", {}, content)];
  return el("dl", { class: "facts-list" },
    wanted && row("wanted", wanted),
    tried.length > 0 && row("tried", el("ul", { class: "dots-list" }, tried.map((one) => el("li", {}, one)))),
    checked.length > 0 && row("checked", el("ul", { class: "dots-list" }, checked.map((one) => el("li", {}, one.text ?? one, one.source && el("span", { class: "from" }, one.source))))),
    typeof value === "number" && row("mood", [el("span", { class: "mood-line" }, mood(value), el("span", {}, [term("mood", moodName(value)), moodWhy].filter(Boolean).join(say("because_gap")))) ]));
}

function customer({ customer: who, email, mail, orders }, ticket) {
  const left = email && reach(email, mail);
  if (!who) return el("div", { class: "stack" }, put(el("p", { class: "quiet-line" }), "not_identified"), left, orderCards(orders, ticket));
  const change = mayAct(ticket) && button("do_change_customer_address", () => askDeed(ticket, null, "change_customer_address"), { look: "small quiet" });
  return el("div", { class: "stack" },
    el("div", { class: "who" }, el("b", {}, who.name), el("span", {}, who.email), who.address && el("span", {}, who.address),
      (who.methods || []).length > 0 && el("span", { class: "dim" }, who.methods.map(methodName).join(" · ")), change),
    left,
    orders.length ? orderCards(orders, ticket) : put(el("p", { class: "quiet-line" }), "no_orders"));
}

// The address that the shopper left for an answer, and whether it gets what is written here.
function reach(email, mail) {
  const address = mail === "off" ? el("a", { href: `mailto:${encodeURIComponent(email)}` }, email) : el("span", {}, email);
  return el("div", { class: "reach" }, address, put(el("p", { class: "quiet-line" }), `reach_${mail}`));
}

function mayAct(ticket) { return ticket.status !== "closed" && acts.may(ticket); }

function orderCards(orders, ticket) { return orders.map((order, i) => orderCard(order, ticket, i === 0)); }

function orderCard(order, ticket, open) {
  const lines = order.lines.map((line) => el("li", { class: line.state === "ordered" ? "" : "gone" },
    el("span", {}, line.quantity > 1 ? `${number(line.quantity)} × ` : "", line.title, el("small", {}, Object.values(line.options || {}).join(", "))),
    el("span", { class: "line-end" }, el("b", {}, price(line.price * line.quantity, order.currency)), line.quantity > 1 && el("small", {}, say("each", { price: price(line.price, order.currency) })), line.state !== "ordered" && el("small", {}, term("line", line.state)))));
  const facts = [
    order.placed_at && ["placed", day(order.placed_at)], order.delivered_at && ["delivered", day(order.delivered_at)],
    order.address && ["goes_to", order.address], order.tracking?.length && ["tracking", order.tracking.join(", ")],
    order.paid && ["paid_with", order.paid], order.refunded && ["refunded", price(order.refunded, order.currency)],
  ].filter(Boolean);
  return el("details", { class: "order", open },
    el("summary", {}, el("b", {}, order.id), el("span", { class: `state state-${order.state}` }, term("order", order.state)), el("b", { class: "order-total" }, price(order.total, order.currency)), glyph("chevron")),
    el("ul", { class: "order-lines" }, lines),
    el("dl", { class: "order-facts" }, facts.flatMap(([key, value]) => [put(el("dt"), key), el("dd", {}, value)])),
    order.note && el("blockquote", {}, put(el("b"), "customer_note"), " ", order.note),
    mayAct(ticket) ? el("div", { class: "deed-row" }, deedButtons(ticket, order)) : put(el("p", { class: "quiet-line" }), ticket.status === "closed" ? "reopen_to_act" : "claim_to_act"));
}

function similar(cases) {
  if (!cases.length) return null;
  return el("ul", { class: "cases" }, cases.map((one) => el("li", {},
    el("details", {}, el("summary", {}, el("span", { class: "case-q" }, one.question), typeof one.score === "number" && el("span", { class: "score" }, say("alike", { n: Math.round(one.score * 100) }))),
      el("p", { class: "case-a" }, one.answer), el("p", { class: "from" }, one.source), button("insert_answer", () => acts.insert(one.answer), { look: "small", sign: "plus" })))));
}

function evidence(list) {
  if (!list.length) return null;
  return el("ul", { class: "quotes" }, list.map((one) => el("li", {}, el("q", {}, one.quote), el("span", { class: "from" }, [say(`source_${one.kind}`), one.field, one.title].filter(Boolean).join(" · ")))));
}

const OPS = { eq: "", ne: "≠ ", lt: "< ", le: "≤ ", gt: "> ", ge: "≥ ", in: "", not_in: "≠ ", contains: "", not_contains: "≠ " };

function wish(c) { return c.label?.[locale()] || `${c.field.replace(/^attributes\./, "").replaceAll("_", " ")} ${OPS[c.op] ?? ""}${[c.value].flat().join(" / ")}`; }

function need({ need: wanted, cart }) {
  const chips = [wanted?.category, ...(wanted?.constraints || []).map(wish)].filter(Boolean);
  const lines = cart?.lines || [];
  if (!chips.length && !lines.length) return null;
  return el("div", { class: "stack" },
    chips.length > 0 && el("ul", { class: "wishes" }, chips.map((words) => el("li", {}, words))),
    lines.length > 0 && el("div", {}, put(el("h4"), "in_cart"), el("ul", { class: "order-lines" }, lines.map((line) => el("li", {}, el("span", {}, `${number(line.quantity)} × `, line.title), el("b", {}, price(line.price, line.currency || cart.currency))))),
      typeof cart.total === "number" && el("p", { class: "sum" }, put(el("span"), "total"), el("b", {}, price(cart.total, cart.currency)))));
}

function notes(list) {
  const rows = list.map((item) => el("li", {}, el("span", { class: "from" }, `${item.name || say("an_agent")} · ${clock(item.at)}`), el("p", {}, item.text)));
  return el("div", { class: "stack" }, rows.length ? el("ul", { class: "note-list" }, rows) : put(el("p", { class: "quiet-line" }), "no_notes"), button("add_note", acts.note, { look: "small", sign: "plus", hint: "n" }));
}

