// How long a listing was looked at: from its opening until it is closed, another takes its place, or the page is left.

import { tell } from "./told.js";

const LEAST_MS = 1000;
const MOST_MS = 3_600_000;
let stay = null;
let away = null; // what was looked at when the page went out of sight

export function dwell(turn, product) {
  leave();
  stay = { turn, product, since: performance.now() };
}

export function leave() {
  const ms = stay && Math.round(performance.now() - stay.since);
  if (ms >= LEAST_MS) tell(stay.turn, stay.product, "dwell", { dwell_ms: Math.min(ms, MOST_MS) });
  stay = away = null;
}

export function setUpDwell(dialog) {
  dialog.addEventListener("close", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      const left = stay;
      leave();
      away = left;
    } else if (away) dwell(away.turn, away.product);
  });
}
