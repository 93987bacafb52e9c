// Over the shelf: how varied it is to be, in three steps, and the way back to what was there before.

import { el } from "./dom.js";
import { label, put, say } from "./words.js";

const LEVELS = { closest: 0, mixed: 0.3, varied: 0.6 };
let node;
let act;

// `act(words, variety)` is called with the step that was chosen, or without one to go back.
export function setUpSteer(box, acts) {
  node = box;
  act = acts;
}

// As the last turn left it; hidden where there was none.
export function steer(at) {
  node.hidden = at === null;
  if (node.hidden) return;
  const near = (a, b) => (Math.abs(a[1] - at) <= Math.abs(b[1] - at) ? a : b);
  const [now] = Object.entries(LEVELS).reduce(near);
  const step = ([name, variety]) => {
    const choose = () => name !== now && act(say(`variety_${name}_said`), variety);
    return put(el("button", { type: "button", class: "level", "aria-pressed": String(name === now), onclick: choose }), `variety_${name}`);
  };
  const steps = label(el("div", { class: "levels", role: "group" }, Object.entries(LEVELS).map(step)), "variety");
  node.replaceChildren(steps, put(el("button", { type: "button", class: "back", onclick: () => act(say("undo")) }), "undo"));
}

export function placeSteer(before) {
  if (before && node.nextSibling !== before) before.before(node);
}
