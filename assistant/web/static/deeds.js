// What a shopper does with a product: looks at it or at a source, asks about it, puts it in the cart.

import { carried } from "./carry.js";
import { addToCart } from "./cart.js";
import { dwell, leave, setUpDwell } from "./dwell.js";
import { isOpen, showListing, showPolicy } from "./sheet.js";
import { tell as tellRecord } from "./told.js";
import { locale, say } from "./words.js";

// `call(what, ...args)` asks the server; `tell(words)` is read out to those who do not see the page.
export function deeds({ call, composer, dialog, tell }) {
  setUpDwell(dialog);

  async function open(product, turn, sources = [], choosing = false) {
    if (!sources.length && !choosing) tellRecord(turn, product, "click");
    const id = product.product_id;
    const [answer, beside] = await Promise.all([
      call("listings", { ids: [id], locale: locale() }),
      call("beside", { id, locale: locale() }),
    ]);
    const found = answer.ok && answer.listings[0];
    if (!found) return composer.tell("listing_failed");
    dwell(turn, found);
    showListing({ ...found, url: carried(found.url, turn, found) }, sources, beside, { add: (variant) => put(found, turn, variant), ask: () => ask(found), open: (other) => open(other, turn) }, choosing);
  }

  async function source(turn, ids) {
    const sources = ids.map((id) => turn?.evidence.get(id)).filter(Boolean);
    if (!sources.length) return;
    const [first] = sources;
    if (first.kind === "policy" || !first.product_id) {
      leave();
      showPolicy(first, await call("policy", first.quote));
    } else open({ product_id: first.product_id }, turn, sources.filter((s) => s.product_id === first.product_id));
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
    tellRecord(turn, product, "cart", { quantity: 1 });
  }

  return { open, source, ask, add };
}
