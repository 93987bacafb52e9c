// A person of the shop in the conversation: who is waited for, who is there, what they write, and when they leave.

import { el, icon } from "./dom.js";
import { openLine } from "./line.js";
import { drawPresence, setUpPresence } from "./presence.js";
import { showSurvey, surveyAfter } from "./surveying.js";
import { moment, put } from "./words.js";

const LATER = new Set(["question", "stock"]); // reasons whose answer comes some day: nobody is waited for meanwhile
const TYPING_MS = 6000; // how long somebody counts as typing after it was told
const TELL_MS = 3000; // how often the shopper's own typing is told
const REPLAY_MS = 250; // what has been said before comes at once: nothing is drawn of it half told
const DROPPED_MS = 4000; // a shorter drop is not worth a word
const LINGER_MS = 5000; // a request that is closed may be opened again at once, and is while the past is told

let page, host, scroll;
let now = nothing();

// `tickets` holds for each ticket that is open what is told of its waiting, or null where nobody waits.
function nothing() {
  return { session: null, last: 0, close: null, tickets: new Map(), agent: null, wrote: null, typing: false, lost: false, unread: null, told: 0 };
}

// `turns()` are those of the page, `composer` is where the shopper writes.
export function setUpLive(node, given) {
  page = node;
  host = given;
  scroll = page.querySelector(".scroll");
  setUpPresence(page, toEnd);
  page.querySelector("#aisle-ask").addEventListener("input", tellTyping);
  scroll.addEventListener("scroll", () => now.unread && atEnd() && read(), { passive: true });
  document.addEventListener("visibilitychange", () => !document.hidden && title(null));
}

export function withAgent() { return now.agent !== null; }

// Whether a person is there or on the way: no time to ask how the assistant does.
export function expecting() { return withAgent() || [...now.tickets.values()].some(Boolean); }

// What the empty box says.
export function invitation() { return withAgent() ? ["write_to", { name: now.agent.name }] : ["ask_more"]; }

export function hangUp() {
  now.close?.();
  now = nothing();
  title(null);
  draw();
}

// ---- The shopper's turns while a person is there

// Only the shopper's words are shown of a turn that a person answers, and whether they have arrived.
export function hush(turn) {
  turn.hushed = true;
  turn.node.classList.add("hushed");
  turn.sent = put(el("p", { class: "sent" }), "sending");
  turn.node.querySelector(".said").after(turn.sent);
  now.told = 0;
}

// The assistant has the word after all.
export function unhush(turn) {
  turn.hushed = false;
  turn.node.classList.remove("hushed");
  turn.sent?.remove();
}

// The end of a turn; true where a person is to answer it. `fresh` is false for one of before the page was loaded.
export function handOver(turn, data, fresh) {
  const { handoff } = data;
  if (handoff?.ticket_id) expect(handoff, data.session_id, fresh);
  const quiet = data.kind === "handoff" && !data.reply;
  if (!quiet) {
    unhush(turn);
    if (handoff) whatTheySee(turn, handoff);
    return false;
  }
  if (!turn.hushed) hush(turn);
  if (fresh) put(turn.sent, "sent");
  else turn.sent.remove();
  return true;
}

// What stood under a turn that is taken back goes under the one before it.
export function rescue(turn) { if (turn.live?.childNodes.length) boxFor(null)?.append(...turn.live.childNodes); }

function whatTheySee(turn, handoff) {
  if (LATER.has(handoff.reason)) return;
  turn.node.classList.add("handed");
  const more = handoff.summary && handoff.summary !== turn.message && el("p", {}, handoff.summary);
  turn.reply.append(el("details", { class: "they-see" }, put(el("summary"), "they_see"), put(el("p"), "they_see_this"), more));
}

function expect(handoff, session, fresh) {
  const waits = !LATER.has(handoff.reason) && !handoff.live && handoff.waits !== false;
  now.tickets.set(handoff.ticket_id, waits ? (fresh ? handoff : {}) : null);
  if (now.session !== session) {
    now.close?.();
    Object.assign(now, { session, last: 0, close: null });
  }
  now.close ??= openLine(session, now.last, (name, data) => HEAR[name](data), stands);
  if (fresh) draw();
}

function stands(up) {
  const at = now;
  const change = () => {
    if (at !== now) return;
    now.lost = !up;
    draw();
  };
  if (!up) now.dropped ??= setTimeout(change, DROPPED_MS);
  else {
    clearTimeout(now.dropped);
    now.dropped = null;
    setTimeout(change, REPLAY_MS);
  }
}

// ---- What the line tells

const HEAR = {
  claimed(data) {
    if (data.ticket_id) now.tickets.set(data.ticket_id, null);
    else waitFor(data, null);
    now.agent = { name: data.name, ticket: data.ticket_id };
    note("joined", data);
    draw();
  },
  released(data) {
    waitFor(data, {});
    leave(data, "left_queue");
  },
  handed_back(data) { over(data, "left_assistant"); },
  closed(data) { over(data, "request_closed"); },
  message(data) {
    now.wrote = data.name;
    now.typing = false;
    show(said(data), data);
    draw();
  },
  typing(data) {
    if (!withAgent() || data.author === "shopper") return;
    clearTimeout(now.ceasing);
    now.typing = data.name;
    const at = now;
    now.ceasing = setTimeout(() => {
      at.typing = false;
      draw();
    }, TYPING_MS);
    draw();
  },
  waiting(data) {
    waitFor(data, data);
    draw();
  },
  survey(data) { showSurvey(data, (card) => show(card, data)); },
};

function over(data, key) {
  if (data.ticket_id) now.tickets.delete(data.ticket_id);
  else now.tickets.clear();
  leave(data, key);
  if (now.wrote) surveyAfter("closed", (card) => show(card, data));
  const at = now;
  setTimeout(() => {
    if (at !== now || now.tickets.size || !now.close) return;
    now.last = now.close();
    now.close = null;
  }, LINGER_MS);
}

// Of all tickets where the event names none.
function waitFor({ ticket_id: id }, waits) {
  for (const one of id ? [id] : now.tickets.keys()) if (now.tickets.has(one)) now.tickets.set(one, waits);
}

function leave(data, key) {
  const name = data.name || now.agent?.name;
  if (now.agent && (!data.ticket_id || !now.agent.ticket || data.ticket_id === now.agent.ticket)) now.agent = null;
  now.typing = false;
  if (name || key === "request_closed") note(key, { ...data, name });
  draw();
}

// ---- Drawing

function boxFor(turnId) {
  const turns = host.turns();
  const turn = turns.find((one) => turnId && one.id === turnId) || turns.at(-1);
  if (!turn) return null;
  turn.live ??= turn.node.appendChild(el("div", { class: "live" }));
  return turn.live;
}

function note(key, { name, turn_id }) {
  show(el("p", { class: `live-note ${key}` }, key === "joined" ? icon("person") : null, put(el("span"), key, { name, shop: host.shop })), { turn_id });
}

function said({ name, text, at, turn_id: turnId }) {
  const again = boxFor(turnId)?.lastElementChild?.dataset.agent === name;
  const time = at && el("time", { datetime: at, "data-at": at }, moment(at));
  const head = el("p", { class: "agent-head" }, put(el("strong"), "of_shop", { name, shop: host.shop }), time);
  const words = el("p", { class: "agent-words", lang: /[\u4e00-\u9fff]/.test(text) ? "zh-CN" : "en" }, ...links(text));
  return el("div", { class: again ? "agent-said more" : "agent-said", "data-agent": name }, head, words);
}

// Addresses in a text as links, without the full stop after them.
function links(text) {
  return text.split(/(https?:\/\/[^\s<>"“”，。！？；）]*[^\s<>"“”，。！？；）.,!?;:)'])/).map((part, i) => (
    i % 2 ? el("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part
  ));
}

// Whoever reads elsewhere in the conversation is told, and not moved.
function show(node, { turn_id: turnId, name }) {
  const box = boxFor(turnId);
  if (!box) return;
  const follows = atEnd();
  box.append(node);
  if (follows) toEnd();
  else if (node.matches(".agent-said")) now.unread = name;
  if (document.hidden && node.matches(".agent-said")) title(name);
}

// A question of before stands under all that was said; `.live` keeps it there while the past is told.
export function standUnder(card) {
  boxFor(null).append(card);
  toEnd();
}

function atEnd() { return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80; }

function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  if (now.unread) read();
}

function read() {
  now.unread = null;
  draw();
}

function title(name) {
  host.title ??= document.title;
  document.title = name ? `(${name}) ${host.title}` : host.title;
}

function draw() {
  if (!withAgent()) now.typing = false;
  const waits = [...now.tickets.values()].filter(Boolean).at(-1);
  drawPresence({ ...now, waits, agent: now.agent?.name, shop: host.shop });
  if (!host.turns().length) return;
  host.composer.placeholder(...invitation());
  put(page.querySelector('label[for="aisle-ask"]'), withAgent() ? "write_to" : "ask_label", { name: now.agent?.name });
}

function tellTyping(event) {
  if (!withAgent() || !event.target.value.trim() || Date.now() - now.told < TELL_MS) return;
  now.told = Date.now();
  fetch(`/api/v1/sessions/${encodeURIComponent(now.session)}/typing`, { method: "POST" }).catch(() => {});
}
