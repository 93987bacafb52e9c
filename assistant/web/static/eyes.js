// Which cards were really seen: half of one in view for a second. Each is told once a turn.

import { tellSeen } from "./told.js";

const PART = 0.5;
const LONG_MS = 1000;
const watched = new WeakMap(); // what each card shows: turn, product, and since when it is in view
const told = new WeakMap(); // of each turn the products that were seen
const inView = new Set();
const eye = new IntersectionObserver(look, { threshold: PART });

export function watch(card, turn, product) {
  if (!turn || told.get(turn)?.has(product.product_id)) return;
  watched.set(card, { turn, product, timer: null, since: 0 });
  eye.observe(card);
}

function look(entries) {
  for (const { target, intersectionRatio } of entries) {
    if (intersectionRatio >= PART) inView.add(target);
    else inView.delete(target);
    time(target, inView.has(target));
  }
}

function time(card, seen) {
  const one = watched.get(card);
  clearTimeout(one.timer);
  if (!seen || document.hidden) return;
  one.since = performance.now();
  one.timer = setTimeout(saw, LONG_MS, card, one);
}

function saw(card, { turn, product, since }) {
  eye.unobserve(card);
  inView.delete(card);
  if (!told.has(turn)) told.set(turn, new Set());
  if (!turn.id || told.get(turn).has(product.product_id)) return;
  told.get(turn).add(product.product_id);
  tellSeen(turn, product, Math.round(performance.now() - since));
}

document.addEventListener("visibilitychange", () => inView.forEach((card) => time(card, true)));
