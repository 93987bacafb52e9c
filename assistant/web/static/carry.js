// The way from the chat to the shop's own pages: the turn that showed a product goes along with its token, so that what
// is bought there can be told of it (aisle-events.js reads it).

import { safeUrl } from "./dom.js";

const MOST = 20; // products in one address

export function carried(url, turn, product) { return withAll(url, [[turn, product.product_id]]); }

// `lines` of the cart, each with the newest of `turns` that showed its product, else the newest of all.
export function carriedCart(url, lines, turns) {
  const newest = turns.filter((turn) => turn.token).toReversed();
  const showed = (id) => newest.find((turn) => turn.slate?.products.some((product) => product.product_id === id)) || newest[0];
  return withAll(url, lines.slice(0, MOST).map(({ product_id: id }) => [showed(id), id]));
}

// The address itself stays as it is, letter by letter.
function withAll(url, pairs) {
  const known = pairs.filter(([turn]) => turn?.token);
  if (!safeUrl(url) || !known.length) return url;
  const more = new URLSearchParams();
  for (const [turn, id] of known) {
    more.append("aisle_product", id);
    more.append("aisle_turn", turn.id);
    more.append("aisle_token", turn.token);
  }
  const [address, ...rest] = url.split("#");
  return [`${address}${address.includes("?") ? "&" : "?"}${more}`, ...rest].join("#");
}
