// Up to four ticked products, whichever shelf they stand on, and the bar that offers to compare them.

import { el, icon } from "./dom.js";
import { label, put, say } from "./words.js";

const MOST = 4;
let ticked = [];
let bar;
let compare = () => {};

// `act(words)` is called with what to say to have the ticked products compared, in the order in which they were ticked.
export function setUpCompare(node, act) {
  bar = node;
  compare = act;
}

export function tickOf(product) {
  const box = el("input", { type: "checkbox", value: product.product_id });
  box.checked = ticked.some((p) => p.product_id === product.product_id);
  box.addEventListener("change", () => {
    const others = ticked.filter((p) => p.product_id !== product.product_id);
    untick(box.checked ? [...others, product].slice(-MOST) : others);
  });
  label(box, "compare_label", { title: product.title });
  return el("label", { class: "tick" }, box, put(el("span", { "aria-hidden": "true" }), "compare"));
}

export function untick(left = []) {
  ticked = left;
  showTicks();
}

// Every tick box and the bar as things stand, after cards came back or were told in another language.
export function showTicks(listings = new Map()) {
  ticked = ticked.map((p) => listings.get(p.product_id) || p);
  for (const box of document.querySelectorAll(".tick input")) box.checked = ticked.some((p) => p.product_id === box.value);
  bar.hidden = !ticked.length;
  if (bar.hidden) return;
  const clear = label(el("button", { type: "button", class: "tool", onclick: () => untick() }, icon("close")), "compare_none");
  const go = () => {
    const titles = ticked.map((p) => p.title);
    untick();
    compare(say("compare_message", { a: titles.slice(0, -1).join(say("list_gap")), b: titles.at(-1) }));
  };
  const words = ticked.length > 2 ? "compare_several" : "compare_two";
  const offer = ticked.length > 1
    ? put(el("button", { type: "button", class: "button primary", onclick: go }), words, { n: ticked.length })
    : put(el("p"), "compare_one_more", { title: ticked[0].title });
  bar.replaceChildren(offer, clear);
}
