// One turn in the conversation: the shopper's words, what is going on, sentences with their sources, what to say next.

import { el, icon } from "./dom.js";
import { asked, decides, decisions, identify } from "./service.js";
import { label, locale, put, say } from "./words.js";

// `acts`: source(turn, ids), open(product, turn), say(words), again(turn), shown(turn): the products it may name
export function newTurn(message, acts) {
  const parts = {
    slot: el("div", { class: "slot" }),
    wait: el("p", { class: "wait", role: "status" }),
    reply: el("div", { class: "reply" }),
    after: el("div", { class: "after" }),
  };
  const said = el("div", { class: "said" }, put(el("span", { class: "unseen" }), "you"), el("p", {}, message));
  const node = el("li", { class: "turn" }, said, parts.slot, parts.wait, parts.reply, parts.after);
  parts.reply.append(put(el("span", { class: "unseen" }), "assistant"));
  return { ...parts, node, acts, message, id: null, sentences: [], evidence: new Map(), marks: [], linked: new Set(), slate: null };
}

// Once something has been said, what is going on stands under it, where the next words will be.
export function waitFor(turn, key, args) {
  turn.wait.hidden = !key;
  if (!key) return;
  if (turn.sentences.length && turn.wait.previousSibling !== turn.reply) turn.reply.after(turn.wait);
  turn.wait.replaceChildren(el("span", { class: "pulse", "aria-hidden": "true" }), put(el("span"), key, args));
}

// How many are served first and about how long that takes, in steps of five seconds; place 0 is the turn's own.
export function waitInLine(turn, { place, expected_s }) {
  const s = Math.ceil(expected_s / 5) * 5;
  if (place > 1) waitFor(turn, "queued", { n: place - 1, s });
  else waitFor(turn, place ? "queued_next" : "thinking", { s });
  return turn;
}

export function learn(turn, evidence) {
  for (const one of evidence) turn.evidence.set(one.id, one);
}

// A paragraph speaks of one product, of one rule of the shop, or of none; a sentence about several at once is a line of a comparison.
export function addSentence(turn, sentence) {
  if (sentence.status === "dropped") return;
  learn(turn, sentence.sources || []);
  turn.sentences.push(sentence.text);
  const ids = (sentence.evidence || []).filter((id) => turn.evidence.has(id));
  const subjects = [...new Set(ids.map((id) => turn.evidence.get(id).product_id || id))];
  const alone = subjects.length > 1;
  const p = paragraph(turn, subjects.sort().join(" "));
  if (p.childNodes.length && !alone && !/[。！？…]$|[。！？，\u4e00-\u9fff]”$/.test(p.textContent)) p.append(" "); // Chinese sets no space after a stop
  const many = ids.length > 2 && subjects.length === 1; // several lines of one listing open together
  const marks = many ? [markFor(turn, ids)] : ids.map((id) => markFor(turn, [id]));
  const cut = marks.length ? sentence.text.length - 1 : sentence.text.length;
  const tail = marks.length ? el("span", { class: "tail" }, sentence.text.slice(cut), ...marks) : null;
  p.append(el("span", { class: alone ? "sentence alone" : "sentence" }, ...linked(turn, sentence.text.slice(0, cut)), tail));
}

function paragraph(turn, about) {
  const last = turn.reply.lastElementChild;
  return last.dataset.about === about ? last : turn.reply.appendChild(el("p", { "data-about": about }));
}

// A small number that opens the lines it stands for; the same lines have the same number throughout a turn.
function markFor(turn, ids) {
  const key = ids.join(" ");
  if (!turn.marks.includes(key)) turn.marks.push(key);
  const n = turn.marks.indexOf(key) + 1;
  return label(el("button", { type: "button", class: "cite", onclick: () => turn.acts.source(turn, ids) }, String(n)), "source", { n });
}

// The first mention of a product that has been shown becomes a link to its listing.
function linked(turn, text) {
  const products = turn.acts.shown(turn).filter(({ p }) => !turn.linked.has(p.product_id));
  const hit = products.map(({ p, on }) => ({ p, on, at: text.indexOf(p.title) })).filter((h) => h.at >= 0)
    .sort((a, b) => a.at - b.at || b.p.title.length - a.p.title.length)[0];
  if (!hit) return [text];
  turn.linked.add(hit.p.product_id);
  const { p, on, at } = hit;
  const go = (event) => {
    event.preventDefault();
    turn.acts.open(p, on);
  };
  const link = el("a", { href: "#", class: "name", onclick: go }, p.title); // a button would not wrap
  return [text.slice(0, at), link, ...linked(turn, text.slice(at + p.title.length))];
}

// The end of a turn: the reply as it was committed, the quick replies, the way back to its products.
export function finish(turn, done) {
  turn.id = done.turn_id;
  waitFor(turn, null);
  learn(turn, done.evidence);
  const shown = done.claims.filter((claim) => claim.status !== "dropped");
  if (shown.map((c) => c.text).join("\n") !== turn.sentences.join("\n")) {
    turn.sentences = [];
    turn.linked.clear();
    turn.reply.querySelectorAll("p").forEach((p) => p.remove());
    shown.forEach((claim) => addSentence(turn, claim));
    if (!shown.length && done.reply) addSentence(turn, { text: done.reply, status: "supported", evidence: [] });
  }
  turn.reply.lang = done.locale || locale();
}

// What an answer says without a line to show for it is what the listing does not say: put quietly.
export function unsaid(turn, done) {
  const bare = done.kind === "answer" ? turn.reply.querySelectorAll('p[data-about=""]') : [];
  bare.forEach((p) => p.classList.add("unsaid"));
}

// What may be said next. To ask the shop is marked: it is the way on where the listing does not say.
export function offer(turn, { quick_replies: replies, kind, form }) {
  const fields = asked(form);
  if (!replies.length && !fields.length) return;
  const decided = decides(kind, replies);
  const row = el("div", { class: decided ? "quick decide" : "quick", role: "group" });
  label(row, decided ? "your_decision" : "quick_replies");
  if (fields.length) row.append(identify(fields, turn.acts.say));
  if (decided) row.append(...decisions(replies, turn.acts.say));
  else for (const words of replies) {
    const asks = words === say("ask_shop") ? [icon("ask")] : [];
    row.append(el("button", { type: "button", class: "pill", onclick: () => turn.acts.say(words) }, ...asks, el("span", {}, words)));
  }
  turn.after.append(row);
}

export function offerAgain(turn) {
  const n = turn.slate?.products.length;
  if (!n) return;
  turn.after.append(put(el("button", { type: "button", class: "again", onclick: () => turn.acts.again(turn) }), "show_again", { n }));
}
