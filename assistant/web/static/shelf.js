// Slates as cards: skeletons first, then products.

import { drawChips } from "./chips.js";
import { tickOf } from "./compare.js";
import { el, icon, picture, stars } from "./dom.js";
import { watch } from "./eyes.js";
import { label, locale, number, price, put, say } from "./words.js";

// `acts`: open(product, turn), source(turn, ids), ask(product), add(product, turn), edit(need, words)
export function newSlate(acts, turn) {
  const node = el("section", { class: "slate" });
  return { node, acts, turn, products: [], need: null, matching: 0, allCounted: true, title: "shelf", state: "empty" };
}

export function drawSlate(slate) {
  const { node } = slate;
  node.setAttribute("aria-busy", String(slate.state === "waiting"));
  const parts = [headline(slate)];
  if (slate.need) parts.push(drawChips(slate.need, slate.acts.edit));
  if (slate.state === "shown" && !slate.products.length) parts.push(put(el("p", { class: "nothing" }), "nothing"));
  const left = node.querySelector(".cards")?.scrollLeft || 0;
  node.replaceChildren(...parts, cards(slate));
  node.querySelector(".cards").scrollLeft = left;
}

// Cards that stand there already are left alone: taken out and put back, they would lose how far they were scrolled.
export function stand(place, { node }) {
  if (place.firstChild !== node || node.nextSibling) place.replaceChildren(node);
}

export function dim(slate, on) { slate.node.classList.toggle("dim", on); }

// The list is made anew only for other products or another language, so that pictures on it do not flicker.
function cards(slate) {
  const { products, drawn } = slate;
  if (products.length && drawn?.products === products && drawn.locale === locale()) return drawn.list;
  const waiting = slate.state === "waiting" && !products.length;
  const list = el("ul", { class: "cards" }, waiting ? [1, 2, 3, 4].map(skeleton) : products.map((p) => card(slate, p)));
  slate.drawn = { products, locale: locale(), list };
  return list;
}

function headline(slate) {
  const head = el("div", { class: "shelf-head" }, put(el("h2"), slate.title));
  const shown = slate.products.length;
  if (slate.state === "shown" && slate.matching > shown) head.append(put(el("p"), slate.allCounted ? "shown" : "shown_more", { shown, n: slate.matching }));
  else if (slate.state === "shown" && slate.matching) head.append(put(el("p"), "found", { n: slate.matching }));
  return head;
}

function skeleton() {
  const bar = (kind) => el("span", { class: `bone ${kind}` });
  return el("li", { class: "card bones", "aria-hidden": "true" }, bar("bone-picture"), bar("wide"), bar("half"), bar("tall"), bar("wide"), bar("tall"));
}

function card(slate, product) {
  const { acts, turn } = slate;
  const { title } = product;
  const open = () => acts.open(product, turn);
  const look = label(el("button", { type: "button", class: "look", onclick: open, tabindex: -1 }, picture(product, "")), "details", { title });
  const node = el(
    "li",
    { class: "card", "data-product": product.product_id },
    look,
    el("h3", {}, el("button", { type: "button", class: "title", onclick: open }, title)),
    el("p", { class: "card-price" }, el("strong", {}, price(product.price, product.currency)), stock(product)),
    el("div", { class: "card-row" }, rating(product), tickOf(product)),
    reasons(slate, product),
    actions(acts, product, turn),
  );
  watch(node, turn, product);
  return node;
}

export function stock(product) {
  const few = product.in_stock && product.quantity !== null && product.quantity !== undefined && product.quantity <= 3;
  if (!product.in_stock) return put(el("span", { class: "stock out" }), "sold_out");
  if (few && product.quantity > 0) return put(el("span", { class: "stock few" }), "few_left", { n: product.quantity });
  return put(el("span", { class: "stock" }), "in_stock");
}

export function rating(product) {
  if (!product.rating) return put(el("p", { class: "card-rating none" }), "no_ratings");
  const count = product.rating_count || 0;
  const words = put(el("span", { class: "unseen" }), "stars", { rating: product.rating, n: count });
  const figures = el("span", { "aria-hidden": "true" }, `(${number(count)})`);
  return el("p", { class: "card-rating", title: String(product.rating) }, stars(product.rating), figures, words);
}

function reasons(slate, product) {
  const box = el("div", { class: "reasons" });
  const line = (reason, kind) => {
    const words = el("span", {}, reason.text);
    const open = () => slate.acts.source(slate.turn, reason.evidence, product);
    const mark = icon(kind === "but" ? "but" : "check");
    const props = { class: `reason ${kind}`, type: "button", onclick: open, "data-t-title": "see_source", title: say("see_source") };
    const node = reason.evidence.length ? el("button", props, mark, words) : el("p", { class: `reason ${kind}` }, mark, words);
    node.prepend(put(el("span", { class: "unseen" }), kind));
    return node;
  };
  if (product.reasons?.length) box.append(line(product.reasons[0], "why"));
  if (product.drawback) box.append(line(product.drawback, "but"));
  return box;
}

function actions(acts, product, turn) {
  const { title } = product;
  const add = el("button", { type: "button", class: "button add", disabled: !product.in_stock, onclick: () => acts.add(product, turn) }, put(el("span"), "add"));
  const ask = el("button", { type: "button", class: "button quiet", onclick: () => acts.ask(product) }, put(el("span"), "ask_about"));
  return el("div", { class: "card-acts" }, label(add, "add_label", { title }), label(ask, "ask_about_label", { title }));
}
