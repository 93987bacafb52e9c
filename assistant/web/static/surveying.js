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

// What was asked before the page was loaded and still waits for an answer is there again: `place` puts it where it stands.
export async function surveyAgain(place) {
  const session = host.session();
  const answer = session && host.turns().length ? await ask("open", { session_id: session }) : null;
  if (!answer || session !== host.session()) return;
  for (const offer of answer.offers) showSurvey(offer, place);
}

// A question that is to be shown whatever goes on: the server has it as asked, now or at the moment that it tells.
export function showSurvey(offer, place = under) {
  keep("surveyed", true);
  const until = (Date.parse(offer.at) || Date.now()) + offer.quiet_days * DAY_MS;
  if (offer.subject === "assistant" && until > quietUntil()) keep("surveyed_until", until, localStorage);
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
function left() { return recall("surveyed", false) || Date.now() < quietUntil(); }

function quietUntil() { return recall("surveyed_until", 0, localStorage); }

function due(session, what) {
  const shopper = host.shopper();
  return ask("due", { session_id: session, trigger: what, ...(shopper ? { shopper_id: shopper } : {}) });
}

async function ask(what, query) {
  try {
    const answer = await fetch(`/api/v1/surveys/${what}?${new URLSearchParams(query)}`, { cache: "no-store" });
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
