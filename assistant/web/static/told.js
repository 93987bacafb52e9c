// What the shopper did and saw, on its way to the record: kept until the server has it, and sent again where it was away.
// Each event has a key of its own, so that what is sent twice is there once.

import { keep, recall } from "./memory.js";

const SOON_MS = 400;
const LONGEST_MS = 60_000;
const MOST = 50; // events of a request: what is sent while the page is left must be small
const KEPT = 500;
let unsent = recall("unsent", { events: [], views: [] });
let wait = SOON_MS;
let timer = null;
let sending = false;

export function tell(turn, product, kind, more = {}) {
  if (!turn?.id) return;
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  unsent.events.push({ at: Date.now(), event: { turn_id: turn.id, token: turn.token, product_id: product.product_id, kind, key, ...more } });
  take();
}

export function tellSeen(turn, product, visible_ms) {
  unsent.views.push({ turn_id: turn.id, token: turn.token, product_id: product.product_id, visible_ms });
  take();
}

function take() {
  unsent = { events: unsent.events.slice(-KEPT), views: unsent.views.slice(-KEPT) };
  keepUnsent();
  if (document.hidden) send(true);
  else timer ??= setTimeout(send, wait);
}

function keepUnsent() { keep("unsent", unsent.events.length || unsent.views.length ? unsent : null); }

// While the page is left all goes out once more, even what is on its way.
async function send(leaving = false) {
  clearTimeout(timer);
  timer = null;
  if (sending && !leaving) return;
  const { events, views } = { events: unsent.events.slice(0, MOST), views: unsent.views.slice(0, MOST) };
  if (!events.length && !views.length) return;
  sending = true;
  const answers = await Promise.all([
    events.length && post("events/batch", { events: events.map(said) }),
    ...byTurn(views).map((body) => post("views", body)),
  ]);
  sending = false;
  if (answers.includes(null)) wait = Math.min(2 * wait, LONGEST_MS);
  else settle(events, views, answers[0]);
  if (unsent.events.length || unsent.views.length) timer ??= setTimeout(send, wait);
}

// The server has them, or will not have them: only an event whose clock was wrong goes out again, without its time.
function settle(events, views, answer) {
  wait = SOON_MS;
  const again = events.filter((one, at) => answer.results?.[at]?.field === "happened_at" && !one.timeless);
  for (const one of again) one.timeless = true;
  const done = new Set([...events.filter((one) => !again.includes(one)), ...views]);
  unsent = { events: unsent.events.filter((one) => !done.has(one)), views: unsent.views.filter((one) => !done.has(one)) };
  keepUnsent();
}

function said({ at, event, timeless }) {
  const late = Date.now() - at > LONGEST_MS && !timeless;
  return late ? { ...event, happened_at: new Date(at).toISOString() } : event;
}

function byTurn(views) {
  const turns = new Map(views.map(({ turn_id, token }) => [turn_id, { turn_id, token, products: [] }]));
  for (const { turn_id, product_id, visible_ms } of views) turns.get(turn_id).products.push({ product_id, visible_ms });
  return [...turns.values()];
}

// What the server answers; null where it is to be asked again.
async function post(path, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body), keepalive: true });
    if (answer.status === 429 || answer.status >= 500) return null;
    return answer.ok ? await answer.json() : {};
  } catch {
    return null;
  }
}

document.addEventListener("visibilitychange", () => document.hidden && send(true));
addEventListener("pagehide", () => send(true));
addEventListener("online", () => send());
timer = setTimeout(send, SOON_MS); // what an earlier page could not send
