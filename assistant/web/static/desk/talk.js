// The conversation of one ticket: shopper, assistant, agents, notes and what happened, in one order of time.

import { el, picture } from "../dom.js";
import { label, locale, price, put, say } from "../words.js";
import { post, why } from "./api.js";
import { button, clock, day, glyph, term, when } from "./parts.js";

const NEAR = 80; // pixels from the end within which the view keeps following
const TOGETHER_MS = 4 * 60 * 1000; // messages of one author this close share one head
const SAID = new Set(["message", "note"]);
let root, log, list, more, typing, acts;
let lastTop = 0;
let stuck = true; // whether the view follows the end: it stays there when the room for it changes
let shown = new Map(); // key of an item -> {told, node}
let ticket = null;
let translating = false;
const translations = new Map(); // language and text -> translated text

// `acts`: me(), back(letter), retry(letter)
export function setUpTalk(node, given) {
  root = node;
  acts = given;
  list = el("ol", { class: "said-list" });
  log = label(el("div", { role: "log", "aria-live": "polite" }, list), "conversation");
  typing = el("p", { class: "typing", role: "status" });
  more = button("newer_below", () => toEnd(true), { look: "newer", sign: "chevron" });
  more.hidden = true;
  root.replaceChildren(log, typing, more);
  root.addEventListener("scroll", scrolled, { passive: true });
  new ResizeObserver(() => stuck && toEnd()).observe(root);
}

// Draws what has changed. `letters` are this agent's words on their way.
export function showTalk(detail, letters) {
  const other = ticket?.id !== detail.id;
  if (other) begin();
  log.setAttribute("aria-live", other ? "off" : "polite"); // another conversation is not read out, what comes in is
  ticket = detail;
  const follow = other || stuck;
  const known = shown.size;
  const gone = new Set(shown.keys());
  const nodes = arranged(detail, letters).map(({ key, told, draw }) => {
    gone.delete(key);
    const kept = shown.get(key);
    if (kept?.told === told) return kept.node;
    const node = draw();
    shown.set(key, { told, node });
    return node;
  });
  for (const key of gone) shown.delete(key);
  place(nodes);
  if (follow) toEnd();
  else if (shown.size > known) more.hidden = false;
  if (translating) translateAll(true);
}

function begin() {
  shown = new Map();
  translating = false;
  showTyping(null);
  more.hidden = true;
  list.replaceChildren();
}

export function redrawTalk() { shown = new Map(); }

// Nodes that stay are not taken out: a log that is built anew is read out anew.
function place(nodes) {
  const wanted = new Set(nodes);
  for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, i) => list.children[i] !== node && list.insertBefore(node, list.children[i] || null));
}

// Only who scrolls up leaves the end: when the room grows smaller, the end is gone from view without anybody's doing.
function scrolled() {
  if (atEnd()) stuck = true;
  else if (root.scrollTop < lastTop) stuck = false;
  lastTop = root.scrollTop;
  if (stuck) more.hidden = true;
}

function atEnd() { return root.scrollHeight - root.scrollTop - root.clientHeight < NEAR; }

function toEnd(smooth = false) {
  root.scrollTo({ top: root.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  stuck = true;
  more.hidden = true;
}

function followEnd(change) {
  const follow = stuck;
  change();
  if (follow) toEnd();
}

// ---- The order of things

function arranged(detail, letters) {
  const items = detail.conversation || [];
  const out = [];
  let before = null;
  for (const item of items) {
    const newDay = !before || new Date(before.at).toDateString() !== new Date(item.at).toDateString();
    if (newDay) out.push({ key: `day ${day(item.at)}`, told: locale(), draw: () => el("li", { class: "day" }, el("span", {}, day(item.at))) });
    if (item.id === detail.firstNew) out.push({ key: "new", told: locale(), draw: () => el("li", { class: "fresh" }, put(el("span"), "new_from_here")) });
    const joined = !newDay && item.id !== detail.firstNew && together(before, item);
    out.push({ key: `${item.kind} ${item.author} ${item.id}`, told: JSON.stringify([item, joined, locale()]), draw: () => draw(item, joined) });
    before = item;
  }
  for (const letter of letters) if (!arrived(letter, items)) out.push({ key: `letter ${letter.key}`, told: JSON.stringify([letter, locale()]), draw: () => onItsWay(letter) });
  return out;
}

function together(before, item) {
  const alike = before && before.kind === item.kind && before.author === item.author && before.name === item.name;
  return alike && SAID.has(item.kind) && new Date(item.at) - new Date(before.at) < TOGETHER_MS;
}

// Words may stand in the conversation before the answer that says so has come, or after it was lost on the way.
function arrived(letter, items) {
  return letter.state !== "held" && items.some((item) => item.id > letter.seen && item.text === letter.text && SAID.has(item.kind) && acts.me(item));
}

// Where what came in since this agent's last look begins, when a ticket is opened.
export function firstUnread({ conversation = [], unread: n }) {
  return n ? conversation.filter((item) => item.kind === "message" && item.author === "shopper").at(-n)?.id : null;
}

// ---- One item

function draw(item, joined) {
  if (item.kind === "note") return note(item, joined);
  if (item.kind !== "message") return happening(item);
  const words = el("p", { class: "bubble", lang: item.language }, item.text);
  const node = el("li", { class: `item by-${item.author}${joined ? " joined" : ""}${acts.me(item) ? " mine" : ""}` },
    !joined && head(item), item.text && words, products(item.products), withheld(item.claims));
  if (item.text) node.append(translator(item));
  return node;
}

function who(item) {
  if (item.author === "shopper") return ticket.customer?.name || say("shopper");
  if (item.author === "assistant") return say("assistant_name");
  return acts.me(item) ? say("you") : item.name || say("an_agent");
}

function head(item) {
  const sign = { assistant: "spark", shopper: "person" }[item.author];
  return el("p", { class: "item-head" }, sign && glyph(sign), el("b", {}, who(item)), el("time", { datetime: item.at, title: when(item.at) }, clock(item.at)));
}

function note(item, joined) {
  const by = el("p", { class: "item-head" }, glyph("lock"), put(el("b"), acts.me(item) ? "note_mine" : "note_by", { name: who(item) }), el("time", { datetime: item.at, title: when(item.at) }, clock(item.at)));
  return el("li", { class: `item note${joined ? " joined" : ""}` }, by, el("p", { class: "note-words" }, item.text));
}

// What happened is one quiet line: who did what, and when.
function happening(item) {
  const key = ["ev", item.kind, item.asks].filter(Boolean).join("_");
  const told = say(key, { name: who(item), to: item.to || say("an_agent") });
  const more = [happened(item), item.note].filter(Boolean).join(". ");
  return el("li", { class: `happening is-${item.kind}` }, el("span", {}, told === key ? term("ev", item.kind) : told, more && `: ${more}`),
    " ", el("time", { datetime: item.at, title: when(item.at) }, clock(item.at)));
}

// What is said of it: nothing where the head of the conversation says it already.
function happened({ kind, text }) {
  if (["opened", "asked", "reopened"].includes(kind)) return "";
  if (kind === "closed") return term("close", text);
  const [what, value] = kind === "rated" ? text.split(/ (.*)/s) : [];
  return what ? say(`rated_${what}`, { n: term("thumb", value) }) : text;
}

function products(list) {
  if (!list?.length) return null;
  const card = (p) => el("li", { class: "mini" }, picture(p, ""), el("span", { class: "mini-words" }, el("span", { class: "mini-title" }, p.title), typeof p.price === "number" && el("b", {}, price(p.price, p.currency))));
  return label(el("ul", { class: "minis" }, list.map(card)), "products_shown");
}

function withheld(claims) {
  const n = (claims || []).filter((claim) => claim.status === "dropped").length;
  return n ? el("p", { class: "withheld" }, glyph("shield"), put(el("span"), "withheld", { n })) : null;
}

function onItsWay(letter) {
  const state = el("p", { class: `sending is-${letter.state}` }, put(el("span"), `letter_${letter.state}`));
  if (letter.why) state.append(" ", typeof letter.why === "string" ? put(el("span"), letter.why) : el("span", {}, letter.why.words));
  const ways = ["stopped", "waiting"].includes(letter.state)
    ? [button("try_again", () => acts.retry(letter), { look: "quiet" }), button("take_back", () => acts.back(letter), { look: "quiet" })] : [];
  const bubble = el("p", { class: letter.note ? "note-words" : "bubble" }, letter.text);
  return el("li", { class: letter.note ? "item note pending" : "item by-agent mine pending" }, bubble, el("div", { class: "sending-row" }, state, ...ways));
}

// ---- Translation: the words stay, what they say in the agent's language stands under them

export async function translate(text, to) {
  const key = `${to} ${text}`;
  if (translations.has(key)) return { ok: true, text: translations.get(key) };
  const answer = await post("/translate", { text, to }, 120);
  if (!answer.ok) return { ok: false, why: answer.status === 503 ? "no_translation" : why(answer) };
  translations.set(key, answer.data.text);
  return { ok: true, text: answer.data.text };
}

export function foreign(text, to = locale()) {
  const chinese = /[\u3400-\u9fff]/.test(text);
  return to === "zh" ? !chinese && /[a-z]{2}/i.test(text) : chinese;
}

function translator(item) {
  if (!foreign(item.text)) return "";
  const said = el("p", { class: "translated", hidden: true, lang: locale() });
  const toggle = button("translate", null, { look: "quiet small", sign: "words" });
  toggle.setAttribute("aria-expanded", "false");
  const show = async (on) => {
    toggle.setAttribute("aria-expanded", String(on));
    put(toggle.querySelector("span"), on ? "hide_translation" : "translate");
    if (!on) return followEnd(() => (said.hidden = true));
    put(said, "translating");
    followEnd(() => (said.hidden = false));
    const answer = await translate(item.text, locale());
    delete said.dataset.t;
    const words = answer.ok ? answer.text : answer.why.words;
    followEnd(() => (words ? (said.textContent = words) : put(said, answer.why)));
  };
  toggle.addEventListener("click", () => show(said.hidden));
  const node = el("div", { class: "translator" }, said, toggle);
  node.show = show;
  return node;
}

export function hasForeign() { return Boolean(list.querySelector(".translator")); }

// The whole conversation at once, and whatever comes after.
export async function translateAll(on) {
  translating = on;
  for (const node of list.querySelectorAll(".translator")) {
    if (node.firstChild.hidden === on) await node.show(on);
  }
}

export function isTranslating() { return translating; }

// ---- Who is writing

export function showTyping(names) {
  const draw_ = () => {
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    typing.replaceChildren(...(names ? [dots, put(el("span"), "is_typing", { name: names })] : []));
  };
  followEnd(draw_);
}

