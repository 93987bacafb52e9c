// The titles of products that stand on the page, in its language.

import { drawSlate } from "./shelf.js";
import { locale } from "./words.js";

// Draws `slates` anew; gives the listings by their ids, none where the server did not tell them.
export async function translate(slates, call) {
  const ids = [...new Set(slates.flatMap((s) => s.products.map((p) => p.product_id)))];
  const answer = ids.length ? await call("listings", { ids, locale: locale() }) : { ok: false };
  if (!answer.ok) return undefined;
  const byId = new Map(answer.listings.map((p) => [p.product_id, p]));
  for (const slate of slates) {
    slate.products = slate.products.map((p) => ({ ...p, title: byId.get(p.product_id)?.title || p.title }));
    drawSlate(slate);
  }
  return byId;
}
