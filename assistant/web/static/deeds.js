// What a shopper does with a product: looks at it or at a source, asks about it, puts it in the cart.

import { addToCart } from "./cart.js";
import { shopperId } from "./remembered.js";
import { isOpen, showListing, showPolicy } from "./sheet.js";
import { locale, say } from "./words.js";

// `call(what, ...args)` asks the server; `tell(words)` is read out to those who do not see the page.
export function deeds({ call, composer, dialog, tell }) {
  const mark = (kind, product, turn) => {
    if (turn?.id) call("mark", { turn_id: turn.id, product_id: product.product_id, kind, shopper_id: shopperId() });
  };

  async function open(product, turn, sources = [], choosing = false) {
    if (!sources.length && !choosing) mark("click", product, turn);
    const id = product.product_id;
    const [answer, beside] = await Promise.all([
      call("listings", { ids: [id], locale: locale() }),
      call("beside", { id, locale: locale() }),
    ]);
    const found = answer.ok && answer.listings[0];
    if (!found) return composer.tell("listing_failed");
    showListing(found, sources, beside, { add: (variant) => put(found, turn, variant), ask: () => ask(found), open: (other) => open(other, turn) }, choosing);
  }

  async function source(turn, ids) {
    const sources = ids.map((id) => turn?.evidence.get(id)).filter(Boolean);
    if (!sources.length) return;
    const [first] = sources;
    if (first.kind === "policy" || !first.product_id) showPolicy(first, await call("policy", first.quote));
    else open({ product_id: first.product_id }, turn, sources.filter((s) => s.product_id === first.product_id));
  }

  function ask(product) {
    if (isOpen()) dialog.close();
    composer.fill(say("about", { title: product.title }));
  }

  // From a card: which size or colour is asked where there are several.
  function add(product, turn) {
    return product.choices > 1 ? open(product, turn, [], true) : put(product, turn);
  }

  async function put(product, turn, variant = null) {
    if (isOpen()) dialog.close();
    if (!(await addToCart(product, variant))) return;
    tell(say("added", { title: product.title }));
    mark("cart", product, turn);
  }

  return { open, source, ask, add };
}
