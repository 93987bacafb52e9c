// A ranking by weights of one's own: a field for each, read as the one line that the server knows a ranker by.

import { field } from "../desk/parts.js";
import { el } from "../dom.js";
import { say } from "../words.js";

export const OWN = "own"; // what the menu calls it

export function isOwn(given) { return String(given).includes("="); }

function weightsOf(given) { return Object.fromEntries(String(given).split(",").map((part) => part.split("="))); }

export function ownLine(weights) { return Object.entries(weights).map(([name, weight]) => `${name}=${weight}`).join(","); }

// "words of the wish 0.8 · rating 0.3 · …"
export function ownWords(given) {
  return Object.entries(weightsOf(given)).map(([name, weight]) => `${say(`x_w_${name}`)} ${weight}`).join(" · ");
}

// The fields for the weights in `given`; `kept` is told each new line.
export function weightFields(given, most, kept) {
  const weights = weightsOf(given);
  const one = (name) => field(`x_w_${name}`, el("input", {
    class: "control", type: "number", inputmode: "decimal", min: "0", max: most, step: "any", value: weights[name],
    oninput: (event) => { weights[name] = event.target.value; kept(ownLine(weights)); },
  }));
  return el("div", { class: "x-weights" }, Object.keys(weights).map(one));
}
