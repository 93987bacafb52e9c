// How a turn was liked: thumbs, and reasons after a thumb down. Thanks come after the record has it.

import { el, icon } from "./dom.js";
import { label, put, say } from "./words.js";

const REASONS = ["products", "price", "untrue", "unclear", "slow"];

// `turn` is one that is over, with its id and token.
export function thumbs(turn) {
  const box = el("div", { class: "thumbs", role: "group" });
  const note = el("p", { class: "thanks", role: "status" });
  const buttons = { up: thumb("up", "helpful"), down: thumb("down", "not_helpful") };
  for (const [value, button] of Object.entries(buttons)) {
    button.addEventListener("click", async () => {
      if (!(await told(note, rate(turn, { value })))) return;
      for (const [name, other] of Object.entries(buttons)) other.setAttribute("aria-pressed", String(name === value));
      box.querySelector(".why-not")?.remove();
      if (value !== "down") return;
      note.textContent = "";
      box.append(whyNot(turn, note));
    });
  }
  box.append(el("div", { class: "thumb-row" }, buttons.up, buttons.down, note));
  return box;
}

function thumb(name, key) {
  const button = el("button", { type: "button", class: "thumb", "aria-pressed": "false", "data-t-title": key, title: say(key) }, icon(name));
  return label(button, key);
}

// Resolves to true once the record has it, to false where somebody of the shop rates in a shopper's place.
async function rate({ id, token }, said) {
  const body = JSON.stringify({ turn_id: id, token, kind: "thumb", ...said });
  try {
    const answer = await fetch("/api/v1/feedback", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    return answer.ok ? (await answer.json()).recorded : null;
  } catch {
    return null;
  }
}

async function told(note, recorded) {
  const done = await recorded;
  put(note, done ? "thanks" : done === false ? "not_counted" : "not_recorded");
  return done;
}

function whyNot(turn, note) {
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
    if (await told(note, rate(turn, { value: "down", reasons: [...chosen] }))) box.remove();
  });
  box.append(send);
  return box;
}
