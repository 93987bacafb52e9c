// How a turn was liked: thumbs, reasons after a thumb down, and one survey question. Thanks come after the record has it.

import { el, icon } from "./dom.js";
import { keep, recall } from "./memory.js";
import { label, put, say } from "./words.js";

const REASONS = ["products", "price", "untrue", "unclear", "slow"];

// `rate(body)` resolves to true once the record has it.
export function thumbs(turnId, rate, afterwards) {
  const box = el("div", { class: "thumbs", role: "group" });
  const note = el("p", { class: "thanks", role: "status" });
  const buttons = { up: thumb("up", "helpful"), down: thumb("down", "not_helpful") };
  for (const [value, button] of Object.entries(buttons)) {
    button.addEventListener("click", async () => {
      if (!(await told(note, rate({ turn_id: turnId, kind: "thumb", value })))) return;
      for (const [name, other] of Object.entries(buttons)) other.setAttribute("aria-pressed", String(name === value));
      box.querySelector(".why-not")?.remove();
      if (value === "down") {
        note.textContent = "";
        box.append(whyNot(turnId, rate, note, afterwards));
      } else afterwards();
    });
  }
  box.append(el("div", { class: "thumb-row" }, buttons.up, buttons.down, note));
  return box;
}

function thumb(name, key) {
  const button = el("button", { type: "button", class: "thumb", "aria-pressed": "false", "data-t-title": key, title: say(key) }, icon(name));
  return label(button, key);
}

async function told(note, recorded) {
  const done = await recorded;
  put(note, done ? "thanks" : "not_recorded");
  return done;
}

function whyNot(turnId, rate, note, afterwards) {
  const chosen = new Set();
  const box = el("div", { class: "why-not" }, put(el("p"), "what_was_wrong"));
  for (const reason of REASONS) {
    const button = put(el("button", { type: "button", class: "pill", "aria-pressed": "false" }), `reason_${reason}`);
    button.addEventListener("click", () => {
      if (!chosen.delete(reason)) chosen.add(reason);
      button.setAttribute("aria-pressed", String(chosen.has(reason)));
      send.disabled = !chosen.size;
    });
    box.append(button);
  }
  const send = put(el("button", { type: "button", class: "button primary", disabled: true }), "send_reasons");
  send.addEventListener("click", async () => {
    if (!(await told(note, rate({ turn_id: turnId, kind: "thumb", value: "down", reasons: [...chosen] })))) return;
    box.remove();
    afterwards();
  });
  box.append(send);
  return box;
}

export function surveyDue(turns) {
  return turns >= 3 && !recall("surveyed", false);
}

export function surveyDone() { return recall("surveyed", false); }

// The one survey question, as a card; answered or skipped with one tap, and never asked twice in a conversation.
export function survey(turnId, rate) {
  keep("surveyed", true);
  const card = el("div", { class: "survey", role: "group" }, put(el("p", { class: "survey-question" }), "survey"));
  label(card, "survey");
  return asking(card, (value) => rate({ turn_id: turnId, kind: "stars", value }), (note) => [note]);
}

// How a person of the shop did, and a word on it from whoever has one. Whoever calls sees that it is asked once.
export function agentSurvey(turnId, rate, name) {
  const card = el("div", { class: "survey", role: "group" }, put(el("p", { class: "survey-question" }), "agent_survey", { name }));
  label(card, "agent_survey", { name });
  const send = (kind, value) => rate({ turn_id: turnId, kind, value, reasons: ["agent"] });
  return asking(card, (value) => send("csat", value), (note) => [note, remark((words) => send("comment", words), note)]);
}

function remark(send, note) {
  const box = el("textarea", { id: "aisle-remark", rows: 2, maxlength: 2000 });
  const submit = async (event) => {
    event.preventDefault();
    if (box.value.trim() && (await told(note, send(box.value.trim())))) form.remove();
  };
  const form = el("form", { class: "survey-remark", onsubmit: submit },
    put(el("label", { for: "aisle-remark" }), "remark"), box, put(el("button", { type: "submit", class: "button" }), "send_reasons"));
  return form;
}

// Five stars on `card`: `send(value)` is true once the record has it, and `then(thanks)` is what the card holds after.
function asking(card, send, then) {
  const note = el("p", { class: "thanks", role: "status" });
  const row = el("div", { class: "survey-stars" });
  for (let n = 1; n <= 5; n += 1) {
    const star = label(el("button", { type: "button", class: "survey-star" }, icon("star")), "star", { n });
    const light = (upTo) => [...row.children].forEach((node, i) => node.classList.toggle("lit", i < upTo));
    star.addEventListener("pointerenter", () => light(n));
    star.addEventListener("pointerleave", () => light(0));
    star.addEventListener("focus", () => light(n));
    star.addEventListener("blur", () => light(0));
    star.addEventListener("click", async () => {
      if (await told(note, send(n))) card.replaceChildren(...then(note));
    });
    row.append(star);
  }
  const ends = el("div", { class: "survey-ends", "aria-hidden": "true" }, put(el("span"), "star_low"), put(el("span"), "star_high"));
  const skip = put(el("button", { type: "button", class: "button quiet", onclick: () => card.remove() }), "not_now");
  card.append(el("div", { class: "survey-scale" }, row, ends), skip, note);
  return card;
}
