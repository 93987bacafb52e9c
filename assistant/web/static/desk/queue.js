// The queue: which tickets there are, who has been waiting for how long, and the filters, which are kept in the address.

import { el } from "../dom.js";
import { label, locale, put, say } from "../words.js";
import { clock, face, glyph, minutesSince, mood, select, since, term, when } from "./parts.js";
import { address, go, where } from "./place.js";

const BOXES = [
  ["all", { status: "", mine: "" }], ["open", { status: "open", mine: "" }], ["mine", { status: "", mine: "1" }],
  ["snoozed", { status: "snoozed", mine: "" }], ["closed", { status: "closed", mine: "" }],
];
const REASONS = ["person", "safety", "complaint", "service", "approval", "question", "stock"];
const MOST = 500; // tickets that are shown at once
const LATE_MIN = 10; // from here on a shopper has waited too long for an answer
const rows = new Map(); // ticket id -> {told, node}
let root, list, acts, empty;

// `acts`: open(id), filtered(), mine(ticket)
export function setUpQueue(node, given) {
  root = node;
  acts = given;
  list = el("ol", { class: "tickets" });
  empty = el("div", { class: "empty" });
  label(list, "queue");
  root.replaceChildren(el("div", { class: "filters" }), el("div", { class: "pane", tabindex: "-1" }, list, empty));
  list.addEventListener("click", (event) => {
    const row = event.target.closest("a[data-ticket]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    acts.open(row.dataset.ticket);
  });
  drawFilters();
}

// What the server is asked for, as the address says it.
export function asked() {
  const { status, mine, reason, language, q } = where();
  const wanted = { status: status || "open,claimed", mine, reason, language, q, limit: MOST };
  return new URLSearchParams(Object.entries(wanted).filter(([, value]) => value)).toString();
}

function filtering() {
  const { reason, language, q } = where();
  return Boolean(reason || language || q);
}

// ---- Filters

export function drawFilters() {
  const { reason, language, q } = where();
  const boxes = el("div", { class: "boxes", role: "group" }, BOXES.map(([name, to]) => box(name, to)));
  label(boxes, "which_tickets");
  const search = el("input", { type: "search", class: "control", id: "desk-search", value: q, autocomplete: "off", "data-t-placeholder": "search_tickets" });
  search.placeholder = say("search_tickets");
  label(search, "search_tickets");
  let timer;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => filter({ q: search.value.trim() }, true), 250);
  });
  const reasons = select([["", say("any_reason")], ...REASONS.map((one) => [one, term("reason", one)])], reason, { onchange: (event) => filter({ reason: event.target.value }) });
  const languages = select([["", say("any_language")], ["en", term("language", "en")], ["zh", term("language", "zh")]], language, { onchange: (event) => filter({ language: event.target.value }) });
  label(reasons, "reason");
  label(languages, "language_of_shopper");
  const more = label(el("button", { type: "button", class: "more-filters", onclick: () => unfold(!unfolded) }, glyph("sliders")), "more_filters");
  root.querySelector(".filters").replaceChildren(boxes, el("div", { class: "narrow" }, el("span", { class: "searching" }, glyph("search"), search), more, reasons, languages));
  unfold(unfolded || Boolean(reason || language));
}

let unfolded = false;

function unfold(on) {
  unfolded = on;
  const [reasons, languages] = root.querySelectorAll(".narrow select");
  reasons.hidden = languages.hidden = !on;
  const more = root.querySelector(".more-filters");
  more.setAttribute("aria-expanded", String(on));
  more.toggleAttribute("data-active", Boolean(reasons.value || languages.value));
}

function current() {
  const { status, mine } = where();
  return mine ? "mine" : status || "all";
}

function box(name, to) {
  return el("button", { type: "button", class: "tab", "data-box": name, "aria-pressed": String(current() === name), onclick: () => filter(to) }, put(el("span"), `box_${name}`), el("b", { class: "count", hidden: true }));
}

function filter(change, typed = false) {
  go(change, typed);
  showFilters();
  root.querySelector(".pane").scrollTop = 0;
  acts.filtered();
}

// Marks what the address says without drawing anew what is being typed in.
export function showFilters() {
  for (const node of root.querySelectorAll("[data-box]")) node.setAttribute("aria-pressed", String(node.dataset.box === current()));
  const { reason, language, q } = where();
  const [reasons, languages] = root.querySelectorAll(".narrow select");
  reasons.value = reason;
  languages.value = language;
  unfold(unfolded || Boolean(reason || language));
  const search = root.querySelector("#desk-search");
  if (search.value.trim() !== q) search.value = q;
}

export function showCounts(counts) {
  const n = { ...counts, all: (counts.open || 0) + (counts.claimed || 0) };
  for (const node of root.querySelectorAll("[data-box]")) {
    const count = node.querySelector(".count");
    count.hidden = !n[node.dataset.box] || node.dataset.box === "closed";
    count.textContent = n[node.dataset.box];
  }
}

// ---- The list

// Rows that say the same as before are left where they are: they keep the focus and nothing flickers.
export function showTickets(tickets, selected) {
  const gone = new Set(rows.keys());
  const wanted = tickets.map((ticket) => {
    gone.delete(ticket.id);
    const told = JSON.stringify(ticket) + locale();
    const kept = rows.get(ticket.id);
    if (kept?.told === told) return kept.node;
    const node = row(ticket);
    if (kept?.node.contains(document.activeElement)) requestAnimationFrame(() => node.firstChild.focus());
    rows.set(ticket.id, { told, node });
    return node;
  });
  for (const id of gone) rows.delete(id);
  if (wanted.length !== list.children.length || wanted.some((node, i) => list.children[i] !== node)) list.replaceChildren(...wanted);
  showSelected(selected);
  empty.hidden = tickets.length > 0;
  if (!tickets.length) drawEmpty();
}

export function showFailed() {
  if (rows.size) return;
  empty.hidden = false;
  empty.replaceChildren(glyph("warn"), put(el("p"), "queue_failed"));
}

function drawEmpty() {
  const narrowed = filtering();
  const way = narrowed && el("button", { type: "button", class: "button quiet", onclick: () => { filter({ reason: "", language: "", q: "" }); drawFilters(); } }, put(el("span"), "clear_filters"));
  empty.replaceChildren(glyph(narrowed ? "search" : "inbox"), put(el("p"), narrowed ? "none_found" : `none_${current()}`), ...(way ? [way] : []));
}

export function showSelected(id) {
  for (const [ticket, { node }] of rows) node.firstChild.setAttribute("aria-current", String(ticket === id));
}

// The ticket `step` rows further on; the first where none is selected.
export function neighbour(id, step) {
  const ids = [...list.children].map((node) => node.firstChild.dataset.ticket);
  const at = ids.indexOf(id);
  return at < 0 ? ids[0] : ids[Math.min(Math.max(at + step, 0), ids.length - 1)];
}

export function focusRow(id) {
  const link = rows.get(id)?.node.firstChild;
  link?.focus({ preventScroll: true });
  link?.scrollIntoView({ block: "nearest" });
}

function row(ticket) {
  const mine = acts.mine(ticket);
  const link = el("a", { href: address({ ticket: ticket.id, view: "" }), "data-ticket": ticket.id, class: ticket.unread ? "ticket unread" : "ticket" },
    el("span", { class: "ticket-top" },
      el("span", { class: `reason reason-${ticket.reason}` }, term("reason", ticket.reason)),
      ticket.priority >= 2 && el("span", { class: "urgent" }, term("priority", ticket.priority)),
      ticket.language && el("abbr", { class: "tongue", title: term("language", ticket.language) }, ticket.language.toUpperCase()),
      mood(ticket.mood),
      el("span", { class: "age" }, waiting(ticket))),
    el("span", { class: "ticket-line" }, ticket.line || say("no_line")),
    (ticket.last || ticket.agent || ticket.unread > 0 || ticket.snoozed_until) && el("span", { class: "ticket-last" },
      el("span", { class: "last-words" }, lastWords(ticket)),
      ticket.agent && face(ticket.agent.name, mine),
      ticket.agent && el("span", { class: "unseen" }, say("held_by", { name: mine ? say("you") : ticket.agent.name })),
      ticket.unread > 0 && el("b", { class: "unread-count" }, String(ticket.unread), el("span", { class: "unseen" }, say("unread_words", { n: ticket.unread })))));
  return el("li", {}, link);
}

function lastWords({ last, snoozed_until: until, status }) {
  if (status === "snoozed" && until) return say("snoozed_until", { when: when(until) });
  if (!last?.text) return "";
  const who = { assistant: say("assistant_short"), agent: say("shop_short") }[last.author];
  return who ? [el("i", {}, `${who} `), last.text] : last.text;
}

// How long the shopper has been waiting, where they are; else how old the ticket is.
function waiting(ticket) {
  if (ticket.status === "closed" || !ticket.waiting_since) return since(ticket.created_at);
  const late = minutesSince(ticket.waiting_since) >= LATE_MIN;
  return el("span", { class: late ? "waits late" : "waits" }, glyph("clock"), el("span", { class: "unseen" }, say("waits")), since(ticket.waiting_since, { title: say("waits_since", { when: clock(ticket.waiting_since) }) }));
}
