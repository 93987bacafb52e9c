// When the shopper is asked how it went. The server decides; the page says what has happened, and never asks twice.

import { keep, recall } from "./memory.js";
import { surveyCard } from "./survey.js";

const STIRS = ["pointerdown", "keydown", "wheel", "touchmove"]; // signs that somebody is doing something
const DAY_MS = 86_400_000;

let page, host;
let timer = null;
let wait_s = null;

// `session()` is the conversation's id or null, `shopper()` the shopper's; `busy(turn)` is no time to ask how it went: a
// turn is under way, a person is waited for, or the last turn waits for an answer.
export function setUpSurveys(node, given) {
  page = node;
  host = given;
  for (const stir of STIRS) document.addEventListener(stir, startWaiting, { passive: true });
  document.addEventListener("visibilitychange", startWaiting);
}

// Something has happened: a turn is done ("turn"), people of the shop have closed what they were asked ("closed").
export async function surveyAfter(what, place = under) {
  if (what === "idle" && !free()) return startWaiting();
  wait_s = null;
  clearTimeout(timer);
  if (what !== "closed" && (!free() || left())) return;
  const session = host.session();
  const answer = session ? await due(session, what) : null;
  if (!answer || session !== host.session()) return;
  wait_s = answer.again_s;
  startWaiting();
  if (["asked", "lately"].includes(answer.why) && what !== "closed") keep("surveyed", true);
  if (answer.offer) showSurvey(answer.offer, place);
}

// A question that is to be shown whatever goes on: the server has it as asked.
export function showSurvey(offer, place = under) {
  keep("surveyed", true);
  if (offer.subject === "assistant" && offer.quiet_days) keep("surveyed_until", Date.now() + offer.quiet_days * DAY_MS, localStorage);
  if (!document.querySelector(`[data-offer="${CSS.escape(offer.id)}"]`)) place(surveyCard(offer));
}

export function forgetSurvey() {
  keep("surveyed", null);
  wait_s = null;
  clearTimeout(timer);
}

function free() {
  const last = host.turns().at(-1);
  return Boolean(last) && !host.busy(last) && !page.querySelector("#aisle-ask").value.trim();
}

// The card under the last turn, in view.
function under(card) {
  const scroll = page.querySelector(".scroll");
  host.turns().at(-1).after.append(card);
  const below = card.getBoundingClientRect().bottom + 16 - scroll.getBoundingClientRect().bottom;
  if (below > 0) scroll.scrollBy(0, below);
}

// Whether this browser's shopper has been asked in this conversation, or lately in another.
function left() { return recall("surveyed", false) || Date.now() < recall("surveyed_until", 0, localStorage); }

async function due(session, what) {
  const asked = new URLSearchParams({ session_id: session, trigger: what });
  if (host.shopper()) asked.set("shopper_id", host.shopper());
  try {
    const answer = await fetch(`/api/v1/surveys/due?${asked}`, { cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// Nothing has been done for a while, and the page is being looked at.
function startWaiting() {
  clearTimeout(timer);
  if (wait_s !== null && !document.hidden) timer = setTimeout(() => surveyAfter("idle"), wait_s * 1000);
}
