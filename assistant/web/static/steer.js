// Over the shelf: how varied it is to be, in three steps, and the way back to what was there before.

import { el } from "./dom.js";
import { label, put, say } from "./words.js";

const LEVELS = { closest: 0, mixed: 0.3, varied: 0.6 };

// `set(variety, words)` is called with the step that was chosen, `back()` to undo; `at` is the variety as it stands.
export function drawSteer(node, at, { set, back }) {
  const near = (a, b) => (Math.abs(a[1] - at) <= Math.abs(b[1] - at) ? a : b);
  const [now] = Object.entries(LEVELS).reduce(near);
  const step = ([name, variety]) => {
    const choose = () => name !== now && set(variety, say(`variety_${name}_said`));
    return put(el("button", { type: "button", class: "step", "aria-pressed": String(name === now), onclick: choose }), `variety_${name}`);
  };
  const steps = label(el("div", { class: "steps", role: "group" }, Object.entries(LEVELS).map(step)), "variety");
  const undo = put(el("button", { type: "button", class: "back", onclick: back }), "undo");
  node.replaceChildren(steps, undo);
}
