// The cart as the server keeps it: shown at once as it will be, and put right by what the server answers.

import { el, icon, picture } from "./dom.js";
import { label, locale, price, put, say } from "./words.js";

const EMPTY = { lines: [], total: 0, currency: "USD", checkout_url: null };
let cart = EMPTY;
let redraw = () => {};
let shop = { session: () => null, begun: () => {}, tell: () => {}, check: () => {}, linked: false };
let waiting = 0; // changes that the server has not answered yet
let beginning = null; // a conversation that the server has not given its id yet
let turn = Promise.resolve(); // they go out one after the other

// `session()` is the conversation's id or null, `begun(id)` is told one that the cart began, `tell(key)` says what went
// wrong, `check()` is what "Go to checkout" does, `linked` whether the shop has an address for it.
export function setUpCart(given) { shop = given; }
export function onCart(draw) { redraw = draw; }
export function cartCount() { return cart.lines.reduce((sum, line) => sum + line.quantity, 0); }

// What the server says is in the cart; while changes are on their way it is already out of date.
export function takeCart(told) {
  if (!told || waiting) return;
  cart = told;
  redraw();
}

function emptyCart() {
  cart = EMPTY;
  redraw();
}

export async function ask(path, method = "GET", body = undefined) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`/api/v1/carts${path}`, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status });
  return told;
}

// The conversation's id; where there is none it is begun, once for all who wait. `from` is one whose cart it takes over.
export async function beginSession(from = undefined) {
  if (from || !shop.session()) {
    beginning ??= ask("", "POST", { locale: locale(), from_session: from }).finally(() => (beginning = null));
    shop.begun((await beginning).session_id);
  }
  return shop.session();
}

// The cart's own path on the server.
async function own(rest, from = undefined) {
  return `/${encodeURIComponent(await beginSession(from))}${rest}?locale=${locale()}`;
}

// Fetches the cart again: in another language, or after a turn that was left.
export async function refreshCart() {
  redraw();
  if (!shop.session()) return;
  try {
    takeCart(await ask(await own("")));
  } catch {
    // What is shown stays until the server is back.
  }
}

// A new conversation with the same cart.
export async function carryCart(from) {
  if (!from || !cart.lines.length) return emptyCart();
  const kept = cart;
  try {
    takeCart(await ask(await own("", from)));
  } catch {
    cart = kept;
    shop.tell("cart_failed");
  }
}

// Shows `lines` at once, sends the change and takes what the server makes of it; false where it did not.
async function change(lines, send) {
  const before = cart;
  cart = { ...cart, lines };
  waiting += 1;
  redraw();
  let told = null;
  turn = turn.then(async () => {
    try {
      told = await send();
    } catch (fault) {
      shop.tell(fault.status === 422 ? "cart_no_more" : "cart_failed");
      told = await own("").then(ask).catch(() => null);
      if (told) told.refused = true;
    }
    waiting -= 1;
    if (told || !waiting) takeCart(told || before);
  });
  await turn;
  return told !== null && !told.refused;
}

// Puts one more in; `variant` is needed where there are several. True once the server has it.
export function addToCart(product, variant = null) {
  const id = product.product_id;
  const line = cart.lines.find((one) => one.product_id === id && (!variant || one.variant === variant.id));
  const quantity = Math.min((line?.quantity || 0) + 1, 99);
  const drawn = line || {
    line_id: `new ${id}`, product_id: id, variant: variant?.id ?? null, title: product.title, options: variant?.options || {},
    price: variant?.price ?? product.price, currency: product.currency, image_url: product.image_url, left: null, note: null,
  };
  const changed = { ...drawn, quantity, orderable: quantity };
  const lines = line ? cart.lines.map((one) => (one === line ? changed : one)) : [...cart.lines, changed];
  const body = { product_id: id, variant: changed.variant, quantity };
  return change(lines, async () => ask(await own("/lines"), "PUT", body));
}

function step(line, by) {
  const quantity = line.quantity + by;
  if (quantity < 1) return remove(line);
  const lines = cart.lines.map((one) => (one === line ? { ...one, quantity, orderable: quantity } : one));
  const body = { product_id: line.product_id, variant: line.variant, quantity };
  return change(lines, async () => ask(await own("/lines"), "PUT", body));
}

function remove(line) {
  const lines = cart.lines.filter((one) => one !== line);
  return change(lines, async () => ask(await own(`/lines/${line.line_id}`), "DELETE"));
}

export function total() {
  const sums = new Map();
  for (const line of cart.lines) sums.set(line.currency, (sums.get(line.currency) || 0) + line.price * line.orderable);
  return [...sums].map(([currency, sum]) => price(Math.round(sum * 1000) / 1000, currency)).join(" + ");
}

export function drawCart(box) {
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const count = cartCount();
  const head = el("div", { class: "cart-head" }, put(el("h2"), "cart"), count ? put(el("p"), "items", { n: count }) : null);
  const list = el("ul", { class: "cart-lines", tabindex: "-1" }, cart.lines.map(drawLine));
  const sum = el("p", { class: "cart-total" }, put(el("span"), "total"), el("strong", {}, total()));
  const go = put(el("button", { type: "button", class: "button primary cart-go", "data-key": "go", onclick: () => turn.then(() => shop.check()) }), shop.linked ? "to_checkout" : "download_cart");
  box.replaceChildren(head, ...(cart.lines.length ? [list, sum, go] : [put(el("p", { class: "cart-empty" }), "cart_empty")]));
  if (focused) (box.querySelector(`[data-key="${CSS.escape(focused)}"]`) || list).focus();
}

function drawLine(line) {
  const { title, line_id: id } = line;
  const pending = id.startsWith("new ");
  const less = label(el("button", { type: "button", class: "step", "data-key": `${id} less`, disabled: pending, onclick: () => step(line, -1) }, icon("minus")), line.quantity > 1 ? "one_less" : "remove", { title });
  const full = pending || line.quantity >= Math.min(99, line.left ?? 99);
  const more = label(el("button", { type: "button", class: "step", "data-key": `${id} more`, disabled: full, onclick: () => step(line, 1) }, icon("plus")), "one_more", { title });
  const options = Object.values(line.options || {}).join(", ");
  return el(
    "li",
    { class: "cart-line", "data-product": line.product_id },
    picture(line, ""),
    el("span", { class: "cart-what" },
      el("span", { class: "cart-title" }, title),
      options && el("span", { class: "cart-options" }, options),
      line.note && el("span", { class: "cart-note" }, line.note)),
    el("span", { class: "steps" }, less, el("output", {}, String(line.quantity)), more),
    el("span", { class: "cart-price" }, price(line.price * line.orderable, line.currency)),
  );
}

export function drawCartBar(bar) {
  const count = cartCount();
  bar.hidden = !count;
  bar.replaceChildren(icon("bag"), el("span", {}, say("items", { n: count })), el("strong", {}, total()), put(el("span", { class: "push" }), "view_cart"));
  bar.lang = locale();
}
