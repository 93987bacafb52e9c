// The hand-over: everything is checked again, what has changed is shown first, then the shop's checkout opens.

import { ask, drawCart, drawCartBar, onCart, refreshCart, setUpCart } from "./cart.js";
import { el } from "./dom.js";
import { isOpen, showCart, showSheet } from "./sheet.js";
import { locale, price, put, say } from "./words.js";

// Draws the cart in its places on `page`. `session()` is the conversation's id or null, `begun(id)` is told one that the
// cart began, `tell(key)` says what went wrong, `linked` whether the shop has an address for its checkout, `carry(url,
// lines)` is that address with the turns that showed what is bought.
export function setUpHandover(page, { session, begun, tell, linked, carry }) {
  const dialog = page.querySelector("dialog");
  const bar = page.querySelector(".cart-bar");
  const close = () => isOpen() && dialog.close();
  const complain = (key) => {
    close();
    tell(key);
  };
  const draw = () => {
    drawCart(page.querySelector(".side .cart"));
    drawCartBar(bar);
    const inSheet = dialog.querySelector(".cart");
    if (inSheet && isOpen()) drawCart(inSheet);
  };
  setUpCart({ session, begun, linked, tell: complain, check: checkout({ session, tell: complain, close, linked, carry }) });
  onCart(draw);
  bar.addEventListener("click", () => showCart(drawCart));
  draw();
}

function checkout({ session, tell, close, linked, carry }) {
  async function check(accept, seen = "") {
    let told;
    try {
      told = await ask(`/${encodeURIComponent(session())}/checkout?locale=${locale()}`, "POST", { accept });
    } catch {
      return tell("cart_failed");
    }
    await refreshCart();
    // What is taken over must be what was shown: where it changed once more meanwhile, it is shown once more.
    if (told.changes.length && JSON.stringify(told.changes) !== seen) return show(told);
    close();
    if (!told.lines.length) return undefined;
    return linked && told.url ? location.assign(carry(told.url, told.lines)) : download(told);
  }

  function show(told) {
    const titles = new Map(told.lines.map((line) => [line.line_id, line]));
    const accept = put(el("button", { type: "button", class: "button primary", onclick: () => check(true, JSON.stringify(told.changes)) }), "accept_changes");
    const back = put(el("button", { type: "button", class: "button", onclick: close }), "back_to_cart");
    showSheet("changes", put(el("h2"), "changed_since"),
      el("ul", { class: "changes" }, told.changes.map((one) => el("li", {}, ...line(one, titles.get(one.line_id))))),
      el("div", { class: "card-acts" }, accept, back));
  }

  function line(change, now) {
    const shown = (value) => (change.field === "price" ? price(value, now?.currency || "USD") : String(value));
    const title = now ? now.title : say("a_product");
    if (change.field === "quantity" && !change.now) return [el("span", {}, title), put(el("strong"), "not_to_be_had")];
    return [el("span", {}, title), put(el("span", { class: "field" }), change.field === "price" ? "price" : "count"),
      el("s", {}, shown(change.before)), el("strong", {}, shown(change.now))];
  }

  return () => check(false);
}

function download(told) {
  const file = new Blob([JSON.stringify(told, null, 2)], { type: "application/json" });
  const link = el("a", { href: URL.createObjectURL(file), download: "cart.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
