// What the shop remembers of a shopper who agreed: the id that is kept for it, and the panel that shows and deletes it.

import { el, icon } from "./dom.js";
import { keep, recall } from "./memory.js";
import { showSheet } from "./sheet.js";
import { label, locale, put } from "./words.js";

let whose = "shopper"; // what the id is kept under: each customer who is signed in has their own
let agreed = recall(whose, null, localStorage); // an id is kept only once the shopper has agreed
let call;
let asked = null; // an id that is sent with the answer to the question, and forgotten unless that was yes

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keepId(id) {
  agreed = id;
  keep(whose, id, localStorage);
}

// For the customer of that key, who takes over what was remembered before anybody signed in, or for nobody in particular.
export function rememberAs(key) {
  const before = whose === "shopper" ? agreed : null;
  whose = key ? `shopper.${key}` : "shopper";
  agreed = recall(whose, null, localStorage);
  asked = null;
  if (!key || agreed || !before) return;
  keep("shopper", null, localStorage);
  keepId(before);
}

export function shopperId() { return agreed || asked; }

export function setUpMemory(button, askServer) {
  call = askServer;
  button.append(icon("person"));
  button.addEventListener("click", showMemory);
}

// After each turn: whether it asks to remember, and what became of an id that went with the answer.
export async function afterTurn(turn) {
  const id = turn.kind === "chat" && shopperId();
  if (id) {
    const found = await call("consent", id);
    if (found.ok) keepId(found.agreed ? id : null);
  }
  asked = turn.asks_consent && !agreed ? newId() : null;
}

async function request(method, path, body) {
  try {
    const json = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`/api/v1/shoppers/${path}`, { method, cache: "no-store", ...json });
    const told = answer.status === 200 ? await answer.json() : {};
    return { ...told, ok: answer.ok, gone: answer.status === 404 };
  } catch {
    return { ok: false };
  }
}

function fetchMemory(id) { return request("GET", `${id}/memory`); }

// The panel; what is done in it is done at once, and what failed is said in it.
async function showMemory() {
  const box = el("section", { class: "remembered", tabindex: "-1" });
  const found = agreed ? await fetchMemory(agreed) : { ok: true, agreed: false };
  if (found.gone) keepId(null);
  showSheet("memory", put(el("h2"), "remembered"), box);
  draw(box, found.gone ? { ok: true, agreed: false } : found);
}

function draw(box, found) {
  if (!found.ok) return box.replaceChildren(failed());
  const parts = [put(el("p", { class: "remembered-line" }), "remembered_line"), consent(box, found)];
  if (found.agreed && !found.facts.length) parts.push(put(el("p", { class: "remembered-empty" }), "remembered_empty"));
  if (found.facts?.length) parts.push(el("ul", { class: "remembered-facts" }, found.facts.map((fact) => line(box, fact))), all(box));
  box.replaceChildren(...parts);
}

function consent(box, found) {
  const text = put(el("span"), "remember_me");
  const knob = el("span", { class: "switch", "aria-hidden": "true" });
  const flip = () => act(box, async () => {
    const id = agreed || newId();
    const now = await request("PUT", `${id}/consent`, { agreed: !found.agreed });
    if (now.ok) keepId(now.agreed ? id : null);
    return now;
  });
  return el("button", { type: "button", class: "remember-me", role: "switch", "aria-checked": String(found.agreed), onclick: flip }, text, knob);
}

function line(box, fact) {
  const what = fact.label[locale()];
  const away = label(el("button", { type: "button", class: "tool", onclick: () => forget(box, fact) }, icon("close")), "forget_one", { what });
  const source = el("p", { class: "fact-source" }, fact.source[locale()], fact.words ? el("q", {}, fact.words) : null);
  const once = fact.certain ? null : put(el("p", { class: "fact-source" }), "seen_once");
  return el("li", { class: "remembered-fact", "data-fact": fact.id }, el("div", {}, el("p", { class: "fact-what" }, what), source, once), away);
}

function all(box) {
  const erase = () => act(box, async () => {
    const gone = await request("DELETE", `${agreed}/memory`);
    if (gone.ok || gone.gone) keepId(null);
    return gone.ok || gone.gone ? { ok: true, agreed: false } : gone;
  });
  return put(el("button", { type: "button", class: "button", onclick: erase }), "forget_all");
}

function forget(box, fact) {
  return act(box, async () => {
    const gone = await request("DELETE", `${agreed}/facts/${fact.id}`);
    return gone.ok || gone.gone ? fetchMemory(agreed) : gone;
  });
}

// The buttons are drawn anew: the focus goes to the switch or stays with the list.
async function act(box, deed) {
  const held = document.activeElement?.className;
  const found = await deed();
  if (!found.ok) {
    if (!box.querySelector(".remembered-failed")) box.prepend(failed());
    return;
  }
  draw(box, found);
  (held === "remember-me" ? box.querySelector(".remember-me") : box).focus();
}

function failed() { return put(el("p", { class: "remembered-failed", role: "alert" }), "remembered_failed"); }
