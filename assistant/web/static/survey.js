// One question on a scale as a card: answered or skipped with one tap, thanked once the record has it, then a word on it
// from whoever has one. The chat shows it, and the page behind a link does.

import { el, icon } from "./dom.js";
import { label, put, teach } from "./words.js";

// Whether the record has it; null where nobody knows, since it did not arrive.
async function post(offer, what, body = {}) {
  try {
    const json = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), cache: "no-store", keepalive: true };
    const answer = await fetch(`/api/v1/surveys/${encodeURIComponent(offer.id)}/${what}`, json);
    return answer.ok ? (await answer.json()).recorded : null;
  } catch {
    return null;
  }
}

// Nobody of the shop answers in a shopper's place.
function outcome(done, thanks) { return done ? thanks : done === false ? "not_counted" : "not_recorded"; }

// `source` is where it is shown: chat or link; `value` an answer that was given before; `gone()` what follows a skip.
export function surveyCard(offer, { source = "chat", value = null, gone = null } = {}) {
  const keys = learn(offer);
  const name = { name: offer.agent };
  const card = el("div", { class: "survey", role: "group", "data-offer": offer.id }, put(el("p", { class: "survey-question" }), keys.question, name));
  label(card, keys.question, name);
  const note = el("p", { class: "thanks", role: "status" });
  const answer = async (n) => {
    const done = await post(offer, "answer", { value: n, source });
    put(note, outcome(done, keys.thanks));
    if (done) card.replaceChildren(...[note, offer.comment && remark(offer, keys, source, note)].filter(Boolean));
  };
  const skip = () => {
    post(offer, "skip");
    if (gone) gone();
    else card.remove();
  };
  card.append(scaleOf(offer, keys, answer, value), put(el("button", { type: "button", class: "button quiet", onclick: skip }), "not_now"), note);
  return card;
}

// The words of this offer, under keys that a change of language finds again.
function learn(offer) {
  const key = (name) => `survey.${offer.id}.${name}`;
  const { labels } = offer.scale;
  const said = { [key("question")]: offer.question, [key("thanks")]: offer.thanks };
  if (offer.comment) said[key("comment")] = offer.comment;
  labels.forEach((words, i) => (said[key(`label${i}`)] = words));
  teach(said);
  return { question: key("question"), thanks: key("thanks"), comment: key("comment"), labels: labels.map((_, i) => key(`label${i}`)) };
}

// ---- The scale

function scaleOf({ scale }, keys, answer, value) {
  const numbers = Array.from({ length: scale.high - scale.low + 1 }, (_, i) => scale.low + i);
  const all = keys.labels.length === numbers.length; // a label for each, else for the two ends
  const draw = scale.kind === "stars" ? star : scale.kind === "csat" ? face : all ? pill : digit;
  const row = el("div", { class: `survey-row ${draw.name}s` });
  const light = (upTo) => draw === star && [...row.children].forEach((node, i) => node.classList.toggle("lit", i < upTo));
  const given = value === null ? 0 : value - scale.low + 1;
  for (const [i, n] of numbers.entries()) {
    const button = draw(n, scale, all ? keys.labels[i] : null);
    button.addEventListener("click", () => answer(n));
    button.addEventListener("pointerenter", () => light(i + 1));
    button.addEventListener("pointerleave", () => light(given));
    button.addEventListener("focus", () => light(i + 1));
    button.addEventListener("blur", () => light(given));
    if (n === value) button.setAttribute("aria-pressed", "true");
    row.append(button);
  }
  light(given);
  if (draw === pill || keys.labels.length < 2) return row;
  const ends = el("div", { class: "survey-ends", "aria-hidden": "true" }, put(el("span"), keys.labels[0]), put(el("span"), keys.labels.at(-1)));
  return el("div", { class: "survey-scale" }, row, ends);
}

function choice(look, ...inside) { return el("button", { type: "button", class: look }, ...inside); }

function star(n, scale, own) { return label(choice("survey-star", icon("star")), own || "star", { n }); }

function face(n, scale, own) { return label(choice("survey-face", icon(`face_${n}`)), own || `face_${n}`); }

function digit(n, { high }) { return label(choice("survey-digit", String(n)), "answer_of", { n, most: high }); }

function pill(n, scale, own) { return put(choice("pill"), own); }

// ---- A word on it

function remark(offer, keys, source, note) {
  const box = el("textarea", { id: `aisle-remark-${offer.id}`, rows: 2, maxlength: 2000 });
  const submit = async (event) => {
    event.preventDefault();
    if (!box.value.trim()) return box.focus();
    const done = await post(offer, "answer", { comment: box.value.trim(), source });
    put(note, outcome(done, keys.thanks));
    if (done) form.remove();
  };
  const form = el("form", { class: "survey-remark", onsubmit: submit },
    put(el("label", { for: box.id }), keys.comment), box, put(el("button", { type: "submit", class: "button" }), "send_reasons"));
  return form;
}
