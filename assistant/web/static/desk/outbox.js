// Words on their way to a shopper. Each has a key of its own and is sent again until the server has it: never lost, never twice.

import { keep, recall } from "../memory.js";
import { newKey, post, why } from "./api.js";

const WAITS_MS = [1000, 2000, 4000, 8000, 15000];
let letters = recall("desk.out", []); // {key, ticket, note, text, seen, anyway, draft, at, state, unseen?, why?}
let changed = () => {};
let arrived = () => {};
const busy = new Set(); // tickets from which something is being sent: one at a time, in order

// `redraw(ticket)` when what is on its way has changed; `taken(letter, item)` once the server has it.
export function setUpOutbox(redraw, taken) {
  changed = redraw;
  arrived = taken;
}

function save() { keep("desk.out", letters.length ? letters : null); }

export function lettersOf(ticket) { return letters.filter((letter) => letter.ticket === ticket); }
export function held(ticket) { return letters.find((letter) => letter.ticket === ticket && letter.state === "held"); }

export function dispatch(ticket, words) {
  letters.push({ key: newKey(), ticket, at: new Date().toISOString(), state: "sending", tries: 0, ...words });
  save();
  changed(ticket);
  flush(ticket);
}

// Takes a letter back: its words are the writer's again.
export function takeBack(key) {
  const letter = letters.find((one) => one.key === key);
  letters = letters.filter((one) => one.key !== key);
  save();
  if (letter) changed(letter.ticket);
  return letter;
}

export function sendAnyway(key, seen) {
  const letter = letters.find((one) => one.key === key);
  if (!letter) return;
  Object.assign(letter, { state: "sending", anyway: true, seen: seen ?? letter.seen, unseen: null });
  save();
  changed(letter.ticket);
  flush(letter.ticket);
}

export function retry(key) {
  const letter = letters.find((one) => one.key === key);
  if (letter) Object.assign(letter, { state: "sending", tries: 0, why: null });
  flushAll();
}

export function flushAll() { for (const ticket of new Set(letters.map((letter) => letter.ticket))) flush(ticket); }

// The oldest that is not given up, where it may go now: nothing overtakes what waits or is held.
function next(ticket) {
  const first = letters.find((one) => one.ticket === ticket && one.state !== "stopped");
  return first?.state === "sending" ? first : null;
}

async function flush(ticket) {
  if (busy.has(ticket)) return;
  busy.add(ticket);
  try {
    await sendAll(ticket);
  } finally {
    busy.delete(ticket);
  }
}

async function sendAll(ticket) {
  let letter;
  while ((letter = next(ticket))) {
    const { text, key, seen, anyway } = letter;
    const path = `/tickets/${encodeURIComponent(ticket)}/${letter.note ? "notes" : "messages"}`;
    const answer = await post(path, letter.note ? { text, key } : { text, key, seen, ...(anyway ? { anyway } : {}) });
    settle(letter, answer);
    save();
    changed(ticket);
  }
}

function settle(letter, answer) {
  if (answer.ok) {
    letters = letters.filter((one) => one !== letter);
    arrived(letter, answer.data);
  } else if (answer.status === 409 && answer.data?.unseen) Object.assign(letter, { state: "held", unseen: answer.data.unseen });
  else if ([0, 429, 502, 503, 504].includes(answer.status)) later(letter, answer);
  else Object.assign(letter, { state: "stopped", why: why(answer) });
}

function later(letter, answer) {
  letter.state = "waiting";
  const wait = answer.wait ? answer.wait * 1000 : WAITS_MS[Math.min(letter.tries, WAITS_MS.length - 1)];
  letter.tries += 1;
  setTimeout(() => again(letter), wait);
}

function again(letter) {
  if (letter.state !== "waiting" || !letters.includes(letter)) return;
  letter.state = "sending";
  flush(letter.ticket);
}

// When the line is back there is no need to wait any longer.
export function resume() {
  for (const letter of letters) if (letter.state === "waiting" || (letter.state === "stopped" && letter.why === "signed_out")) letter.state = "sending";
  flushAll();
}
