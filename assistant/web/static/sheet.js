// The sheet over the page: a whole listing with the cited line highlighted, a policy, or the cart on a phone.

import { el, icon, picture, safeUrl, stars } from "./dom.js";
import { rating, stock } from "./shelf.js";
import { date, label, price, put } from "./words.js";

let dialog;

export function setUpSheet(node) {
  dialog = node;
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

export function isOpen() { return dialog.open; }

export function showSheet(name, heading, ...parts) {
  const close = label(el("button", { type: "button", class: "tool", onclick: () => dialog.close() }, icon("close")), "close");
  heading.id = "sheet-title";
  heading.tabIndex = -1;
  const body = el("div", { class: "sheet-body", tabindex: "-1" }, ...parts.filter(Boolean));
  dialog.className = `sheet sheet-${name}`;
  dialog.setAttribute("aria-labelledby", "sheet-title");
  dialog.replaceChildren(el("div", { class: "sheet-head" }, heading, close), body);
  if (dialog.open) heading.focus(); // what was pressed is gone: what has come in its place is read out
  else dialog.showModal();
  body.scrollTop = 0;
  const cited = body.querySelector("mark, .cited");
  if (cited) cited.scrollIntoView({ block: "center" });
}

// A listing as a sheet. `sources` are evidence to highlight; `beside`: similar, together; `acts`: ask(), add(), open(product).
export function showListing(product, sources, beside, acts) {
  const similar = part(product.in_stock ? "similar" : "instead", row(beside.similar, acts));
  const ours = sources.filter((s) => s.kind !== "policy");
  const heading = el("h2", {}, product.title);
  const buy = el("button", { type: "button", class: "button primary", disabled: !product.in_stock, onclick: acts.add }, put(el("span"), "add"));
  const ask = el("button", { type: "button", class: "button", onclick: acts.ask }, put(el("span"), "ask_about"));
  label(buy, "add_label", { title: product.title });
  label(ask, "ask_about_label", { title: product.title });
  showSheet(
    "listing",
    heading,
    origin(ours),
    el("div", { class: "listing-top" }, picture(product, product.title), el("div", { class: "listing-facts" },
      el("p", { class: "card-price" }, el("strong", {}, price(product.price, product.currency)), stock(product)),
      rating(product), el("div", { class: "card-acts" }, buy, ask), shopLink(product))),
    !product.in_stock && similar,
    part("description", product.description && el("p", {}, ...marked(product.description, quotes(ours, "description")))),
    part("attributes", facts(product, ours)),
    part("variants", variants(product)),
    part("reviews", reviews(product, ours)),
    part("together", row(beside.together, acts)),
    product.in_stock && similar,
  );
}

export function showPolicy(source, policy) {
  const text = policy.ok ? marked(policy.text, [source.quote]) : [el("mark", {}, source.quote)];
  const heading = policy.ok ? el("h2", {}, policy.title) : put(el("h2"), "policy");
  showSheet("policy", heading, origin([source]), el("section", { class: "part" }, el("p", {}, ...text)));
}

export function showCart(draw) {
  const box = el("section", { class: "cart" });
  showSheet("cart", put(el("h2"), "cart"), box);
  draw(box);
}

function origin(sources) {
  return sources.length ? put(el("p", { class: "origin" }), `source_${sources[0].kind}`) : null;
}

function part(key, content) {
  return content ? el("section", { class: "part" }, put(el("h3"), key), content) : null;
}

// Small cards side by side, each of which opens its listing.
function row(products, acts) {
  if (!products?.length) return null;
  const small = (one) => el("li", {}, el("button", { type: "button", class: "small-card", onclick: () => acts.open(one) },
    picture(one, ""),
    el("span", { class: "small-title" }, one.title),
    el("span", { class: "small-price" }, el("strong", {}, price(one.price, one.currency)), stock(one))));
  return el("ul", { class: "small-cards" }, products.map(small));
}

function shopLink(product) {
  if (!safeUrl(product.url)) return null;
  return put(el("a", { href: product.url, target: "_blank", rel: "noopener noreferrer" }), "open_in_shop");
}

function quotes(sources, kind) {
  return sources.filter((s) => s.kind === kind).map((s) => s.quote);
}

function facts(product, sources) {
  const cited = sources.filter((s) => s.kind === "field");
  const rows = Object.entries(product.attributes || {});
  if (product.brand) rows.unshift(["brand", product.brand]);
  const isCited = (name, value) => cited.some((s) => namesField(s.field, name) || (s.quote.includes(name) && s.quote.includes(value)));
  const row = ([name, value]) => {
    const said = name === "brand" ? put(el("dt"), "brand") : el("dt", {}, name);
    const hit = isCited(name, value);
    return el("div", { class: hit ? "fact cited" : "fact" }, said, el("dd", {}, hit ? el("mark", {}, value) : value));
  };
  const shown = rows.map(row);
  const others = cited.filter((s) => !rows.some(([name, value]) => namesField(s.field, name) || (s.quote.includes(name) && s.quote.includes(value))));
  for (const source of others) shown.unshift(el("div", { class: "fact cited" }, el("dt", {}, fieldName(source.field)), el("dd", {}, el("mark", {}, source.quote))));
  return shown.length ? el("dl", { class: "facts" }, shown) : null;
}

function fieldName(field) {
  const bare = field.replace(/^attributes\./, "");
  return ["price", "rating"].includes(bare) ? put(el("span"), bare) : bare;
}

function namesField(field, name) {
  return field.replace(/^attributes\./, "").toLowerCase() === name.toLowerCase();
}

function variants(product) {
  if (!product.variants?.length) return null;
  return el("ul", { class: "variants" }, product.variants.map((v) => el("li", {},
    el("span", {}, Object.values(v.options).join(", ")),
    v.price !== product.price && el("span", {}, price(v.price, product.currency)), stock(v))));
}

function reviews(product, sources) {
  if (!product.reviews?.length) return null;
  const wanted = quotes(sources, "review");
  return el("ul", { class: "reviews" }, product.reviews.map((r) => el("li", {},
    stars(r.rating),
    r.date && el("time", { datetime: r.date }, date(r.date)),
    r.title && el("h4", {}, ...marked(r.title, wanted)),
    el("p", {}, ...marked(r.text, wanted)))));
}

// The text as nodes, with the first quote that stands in it marked.
export function marked(text, wanted) {
  for (const quote of wanted) {
    const at = quote ? text.indexOf(quote) : -1;
    if (at >= 0) return [text.slice(0, at), el("mark", {}, quote), text.slice(at + quote.length)];
  }
  return wanted.some((quote) => quote?.includes(text)) ? [el("mark", {}, text)] : [text];
}
