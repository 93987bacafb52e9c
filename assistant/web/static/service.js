// What a service turn asks back: to agree to what will be done, or who the shopper is.

import { el } from "./dom.js";
import { put } from "./words.js";

const FIELDS = {
  email: { label: "field_email", type: "email", autocomplete: "email", inputmode: "email", maxlength: 254 },
  order_id: { label: "field_order", type: "text", autocomplete: "off", autocapitalize: "characters", maxlength: 60 },
  first_name: { label: "field_first_name", type: "text", autocomplete: "given-name", maxlength: 100 },
  last_name: { label: "field_last_name", type: "text", autocomplete: "family-name", maxlength: 100 },
  postcode: { label: "field_postcode", type: "text", autocomplete: "postal-code", maxlength: 20 },
};
const YES = /^(yes\b|是|好|可以|对|确)/i;
const NO = /^(no\b|don.t|不|否|别|先不|算了)/i;
const known = {}; // of a form that has to be filled in once more

// Whether `replies` are yes and no to something that will be done.
export function decides(kind, replies) {
  return kind === "service" && replies.length === 2 && YES.test(replies[0]) && NO.test(replies[1]);
}

// The fields that a small form can ask for, of those that a turn names.
export function asked(form) { return (Array.isArray(form) ? form : form?.fields || []).filter((name) => FIELDS[name]); }

// Whether a turn waits for an answer that matters more than how it was liked.
export function asksBack(turn) { return turn.after.querySelector(".decide, .identify") !== null; }

export function decisions(replies, say) {
  return replies.map((words, i) => el("button", { type: "button", class: i ? "button" : "button primary", onclick: () => say(words) }, words));
}

export function forgetTyped() { for (const name of Object.keys(known)) delete known[name]; }

// Labelled fields whose values are sent as words; whoever would rather type them may.
export function identify(names, say) {
  const inputs = names.map((name) => {
    const { label: _, ...kind } = FIELDS[name];
    return el("input", { ...kind, name, id: `aisle-${name}`, required: true, spellcheck: "false", value: known[name] });
  });
  const send = (event) => {
    event.preventDefault();
    for (const input of inputs) known[input.name] = input.value.trim();
    say(inputs.map((input) => input.value.trim()).join(", "));
  };
  const type = () => {
    box.remove();
    document.getElementById("aisle-ask").focus();
  };
  const box = el("form", { class: "identify", onsubmit: send },
    inputs.map((input) => el("div", {}, put(el("label", { for: input.id }), FIELDS[input.name].label), input)),
    el("div", { class: "identify-acts" },
      put(el("button", { type: "submit", class: "button primary" }), "go_on"),
      put(el("button", { type: "button", class: "button quiet", onclick: type }), "rather_type")));
  return box;
}
