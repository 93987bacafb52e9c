// The cart of this tab: quantities and a total. It knows nothing of payment.

import { el, icon, picture } from "./dom.js";
import { keep, recall } from "./memory.js";
import { label, locale, price, put, say } from "./words.js";

const lines = new Map(recall("cart", []).map((line) => [line.product_id, line]));
let redraw = () => {};

export function onCart(draw) { redraw = draw; }
export function cartIds() { return [...lines.keys()]; }
export function cartCount() { return [...lines.values()].reduce((sum, line) => sum + line.n, 0); }

function changed() {
  keep("cart", [...lines.values()]);
  redraw();
}

export function addToCart(product) {
  const line = lines.get(product.product_id);
  const { product_id, title, price: amount, currency, image_url, quantity } = product;
  lines.set(product_id, { product_id, title, price: amount, currency, image_url, quantity, n: Math.min((line?.n || 0) + 1, 99) });
  changed();
}

// Takes fresh listings (another language, another price) over into the cart.
export function refreshCart(listings) {
  for (const product of listings) {
    const line = lines.get(product.product_id);
    if (line) Object.assign(line, { title: product.title, price: product.price, quantity: product.quantity });
  }
  changed();
}

function step(line, by) {
  line.n += by;
  if (line.n < 1) lines.delete(line.product_id);
  changed();
}

export function total() {
  const sums = new Map();
  for (const line of lines.values()) sums.set(line.currency, (sums.get(line.currency) || 0) + line.price * line.n);
  return [...sums].map(([currency, sum]) => price(Math.round(sum * 1000) / 1000, currency)).join(" + ");
}

export function drawCart(box) {
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const count = cartCount();
  const head = el("div", { class: "cart-head" }, put(el("h2"), "cart"), count ? put(el("p"), "items", { n: count }) : null);
  const list = el("ul", { class: "cart-lines", tabindex: "-1" }, [...lines.values()].map(drawLine));
  const sum = el("p", { class: "cart-total" }, put(el("span"), "total"), el("strong", {}, total()));
  box.replaceChildren(head, ...(count ? [list, sum] : [put(el("p", { class: "cart-empty" }), "cart_empty")]));
  if (focused) (box.querySelector(`[data-key="${CSS.escape(focused)}"]`) || list).focus();
}

function drawLine(line) {
  const { title, product_id: id } = line;
  const less = label(el("button", { type: "button", class: "step", "data-key": `${id} less`, onclick: () => step(line, -1) }, icon("minus")), line.n > 1 ? "one_less" : "remove", { title });
  const full = line.n >= Math.min(99, line.quantity ?? 99);
  const more = label(el("button", { type: "button", class: "step", "data-key": `${id} more`, disabled: full, onclick: () => step(line, 1) }, icon("plus")), "one_more", { title });
  return el(
    "li",
    { class: "cart-line", "data-product": id },
    picture(line, ""),
    el("span", { class: "cart-title" }, title),
    el("span", { class: "steps" }, less, el("output", {}, String(line.n)), more),
    el("span", { class: "cart-price" }, price(line.price * line.n, line.currency)),
  );
}

export function drawCartBar(bar) {
  const count = cartCount();
  bar.hidden = !count;
  bar.replaceChildren(icon("bag"), el("span", {}, say("items", { n: count })), el("strong", {}, total()), put(el("span", { class: "push" }), "view_cart"));
  bar.lang = locale();
}
