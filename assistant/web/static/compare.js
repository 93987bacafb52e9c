// Up to two ticked products, whichever shelf they stand on, and the bar that offers to compare them.

import { el, icon } from "./dom.js";
import { label, put } from "./words.js";

let ticked = [];
let bar;
let compare = () => {};

// `act(a, b)` is called with the two products to compare.
export function setUpCompare(node, act) {
  bar = node;
  compare = act;
}

export function tickOf(product) {
  const box = el("input", { type: "checkbox", value: product.product_id });
  box.checked = ticked.some((p) => p.product_id === product.product_id);
  box.addEventListener("change", () => {
    const others = ticked.filter((p) => p.product_id !== product.product_id);
    untick(box.checked ? [...others, product].slice(-2) : others);
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
    const [a, b] = ticked;
    untick();
    compare(a, b);
  };
  const offer = ticked.length > 1
    ? put(el("button", { type: "button", class: "button primary", onclick: go }), "compare_two")
    : put(el("p"), "compare_one_more", { title: ticked[0].title });
  bar.replaceChildren(offer, clear);
}
