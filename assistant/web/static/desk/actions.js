// What an agent does with a whole ticket: claims it, passes it on, puts it off, closes it, gives it back. Each says first what will happen.

import { el } from "../dom.js";
import { label, put, say } from "../words.js";
import { get, post, why } from "./api.js";
import { button, closeBox, fault, faultLine, field, glyph, menu, mood, select, showBox, term, when } from "./parts.js";
import { askRating } from "./survey.js";

const REASONS = ["resolved", "no_answer", "spam", "duplicate", "other"];
let head, acts;
let ticket = null;

// `acts`: me(), leads(), may(ticket), mine(ticket), changed(ticket), back(), translate(on), translating(), foreign(), tell(key, args)
export function setUpActions(node, given) {
  head = node;
  acts = given;
}

// ---- The head of the conversation

export function showHead(detail, others) {
  ticket = detail;
  if (!detail) return head.replaceChildren();
  const open = head.querySelector("details[open]");
  if (open) return; // a menu that is open is not taken from under the pointer
  const focused = document.activeElement?.closest?.("[data-do]")?.dataset.do;
  head.replaceChildren(
    el("div", { class: "head-words" }, el("h2", { title: detail.line }, detail.line || say("no_line")), facts(detail, others)),
    el("div", { class: "head-acts" }, ways(detail)));
  if (focused) head.querySelector(`[data-do="${focused}"]`)?.focus();
}

function facts(detail, others) {
  const parts = [
    el("span", { class: `reason reason-${detail.reason}` }, term("reason", detail.reason)),
    detail.priority >= 2 && el("span", { class: "urgent" }, term("priority", detail.priority)),
    detail.customer?.name || detail.email ? el("b", {}, detail.customer?.name || detail.email) : put(el("span"), "shopper_unknown"),
    detail.language && el("abbr", { class: "tongue", title: term("language", detail.language) }, detail.language.toUpperCase()),
    el("span", {}, held(detail)),
    mood(detail.mood),
    others.length > 0 && el("span", { class: "others" }, glyph("eye"), put(el("span"), "also_here", { names: others.join(", ") })),
  ];
  return el("p", { class: "head-facts" }, parts.filter(Boolean));
}

function held(detail) {
  if (detail.status === "claimed") return acts.mine(detail) ? say("held_by_you") : say("held_by", { name: detail.agent?.name || "" });
  return term("status", detail.status);
}

function act(name, run, options = {}) {
  const node = button(name, run, options);
  node.dataset.do = name;
  return node;
}

function ways(detail) {
  const { status } = detail;
  const active = status === "claimed" && acts.may(detail);
  const row = [];
  if (status === "open") row.push(act("claim", claim, { look: "primary roomy", sign: "hand", hint: "c" }));
  if (active) row.push(act("close_ticket", askClose, { sign: "check", hint: "e" }), act("hand_back", askHandBack, { look: "roomy", sign: "spark", hint: "h" }));
  if (status === "closed") row.push(act("reopen", reopen, { sign: "undo", hint: "o" }));
  if (status === "snoozed") row.push(act("wake", reopen, { sign: "clock" }));
  const rest = [
    active && act("hand_back", askHandBack, { look: "row tight", sign: "spark", hint: "h" }),
    active && act("transfer", askTransfer, { look: "row", sign: "people", hint: "t" }),
    status === "open" && acts.leads() && act("assign", askAssign, { look: "row", sign: "people", hint: "t" }),
    (active || status === "open") && act("snooze", askSnooze, { look: "row", sign: "clock", hint: "z" }),
    active && act("release", release, { look: "row", sign: "out" }),
    (active || (status === "closed" && acts.may(detail))) && act("ask_rating", () => askRating(ticket, acts.tell), { look: "row", sign: "star" }),
    status === "open" && act("close_ticket", askClose, { look: "row", sign: "check", hint: "e" }),
    acts.foreign() && act(acts.translating() ? "show_original" : "translate_all", () => acts.translate(!acts.translating()), { look: "row", sign: "words" }),
  ].filter(Boolean);
  if (rest.length) row.push(menu([glyph("more"), put(el("span", { class: "unseen" }), "more_actions")], rest));
  return row;
}

// ---- Doing it

// Sends one change with the version that it was decided on; a ticket that has changed since is shown as it is now.
async function change(what, body = {}, wrong = null) {
  const answer = await post(`/tickets/${encodeURIComponent(ticket.id)}/${what}`, { version: ticket.version, ...body });
  if (answer.ok) {
    closeBox();
    acts.changed(answer.data);
    return true;
  }
  if (answer.status === 409 && answer.data?.ticket) {
    closeBox();
    acts.changed(answer.data.ticket);
    const holder = answer.data.ticket.agent;
    acts.tell(what === "claim" && holder ? "claimed_first" : "changed_meanwhile", { name: holder?.name || "" });
  } else if (wrong) fault(wrong, why(answer));
  else acts.tell(why(answer));
  return false;
}

// Whether it can be changed: nobody's by anybody, somebody's by them and by leads.
function changeable() { return ticket?.status === "open" || inHand(); }
function inHand() { return ticket?.status === "claimed" && acts.may(ticket); }

export async function claim() { return ticket?.status === "open" ? change("claim") : false; }
async function release() { return change("release"); }
export async function reopen() { return ["closed", "snoozed"].includes(ticket?.status) && change("reopen"); }

function shopper() { return ticket.customer?.name || say("shopper"); }

// A form in the box: a line on what will happen, fields, and one button that does it.
function form(title, line, fields, key, read, options = {}) {
  const wrong = faultLine();
  const go = button(key, null, { look: "primary", type: "submit", args: { name: shopper() }, ...options });
  const node = el("form", { class: "box-form" }, line && put(el("p", { class: "will" }), line, { name: shopper() }), fields, wrong, el("div", { class: "ways" }, go, button("cancel", closeBox)));
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    await read(new FormData(node), wrong);
    go.disabled = false;
  });
  showBox(title, {}, node);
}

export function askClose() {
  if (!changeable()) return;
  const reasons = REASONS.map((one, i) => el("label", { class: "choice" }, el("input", { type: "radio", name: "reason", value: one, checked: i === 0, "data-first": i === 0 }), el("span", {}, term("close", one))));
  const fields = [
    el("fieldset", {}, put(el("legend", { class: "field-name" }), "close_why"), reasons),
    field("note_optional", el("textarea", { class: "control", name: "note", rows: 2, maxlength: 2000 })),
  ];
  const will = ticket.email && ticket.mail === "on" ? "close_will_mail" : "close_will";
  form("close_title", will, fields, "close_go", (data, wrong) => change("close", { reason: data.get("reason"), ...(data.get("note").trim() ? { note: data.get("note").trim() } : {}) }, wrong));
}

export function askHandBack() {
  if (!inHand()) return;
  form("hand_back_title", "hand_back_will", [], "hand_back_go", (_, wrong) => change("hand-back", {}, wrong));
}

function askTransfer() { return passOn("transfer", "transfer_title", "transfer_will", "transfer_go", true); }
function askAssign() { return passOn("assign", "assign_title", "assign_will", "assign_go", false); }

export function askPassOn() {
  if (inHand()) askTransfer();
  else if (ticket?.status === "open" && acts.leads()) askAssign();
}

async function passOn(what, title, line, key, withNote) {
  const answer = await get("/agents");
  if (!answer.ok) return acts.tell(why(answer));
  const agents = (answer.data.agents || answer.data).filter((agent) => agent.active !== false && agent.id !== ticket.agent?.id);
  if (!agents.length) return acts.tell("nobody_else");
  const choices = agents.map((agent) => [agent.id, agent.id === acts.me().id ? say("you_named", { name: agent.name }) : agent.name]);
  const fields = [field("to_whom", select(choices, choices[0][0], { name: "agent_id", "data-first": true }))];
  if (withNote) fields.push(field("note_for_them", el("textarea", { class: "control", name: "note", rows: 3, maxlength: 2000 })));
  form(title, line, fields, key, (data, wrong) => change(what, Object.fromEntries(data), wrong));
}

export function takeOver() {
  form("take_over_title", "take_over_will", [], "take_over", (_, wrong) => change("assign", { agent_id: acts.me().id }, wrong));
}

// ---- Putting off: a few times, each said in full

function later(hours) { return new Date(Date.now() + hours * 3600000); }

function morning(days) {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(9, 0, 0, 0);
  return at;
}

export function askSnooze() {
  if (!changeable()) return;
  const monday = ((8 - new Date().getDay()) % 7) || 7;
  const times = [["in_1_hour", later(1)], ["in_3_hours", later(3)], ["tomorrow", morning(1)], ["next_monday", morning(monday)]];
  const wrong = faultLine();
  const until = (at) => change("snooze", { until: at.toISOString() }, wrong);
  const rows = times.map(([key, at], i) => el("li", {}, el("button", { type: "button", class: "time-choice", "data-first": i === 0, onclick: () => until(at) }, put(el("b"), key), el("span", {}, when(at)))));
  const own = el("input", { class: "control", type: "datetime-local", required: true });
  const form = el("form", { class: "own-time", onsubmit: (event) => { event.preventDefault(); until(new Date(own.value)); } }, field("other_time", own), button("snooze", null, { type: "submit" }));
  showBox("snooze_title", {}, put(el("p", { class: "will" }), "snooze_will"), label(el("ul", { class: "times" }, rows), "snooze_title"), form, wrong);
}

