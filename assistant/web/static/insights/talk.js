// One conversation in full, as the log has it: what was said, shown, seen, done and rated. Nothing can be changed here.

import { glyph, term, when } from "../desk/parts.js";
import { el, icon } from "../dom.js";
import { label, price, put, say } from "../words.js";
import { failed, valueName } from "./kit.js";

export async function drawTalk(node, asking, id) {
  const answer = await asking(`/conversations/${encodeURIComponent(id)}`);
  if (!answer.ok) return node.replaceChildren(failed(answer));
  node.append(facts(answer.data), el("ol", { class: "story" }, items(answer.data)));
}

function facts(told) {
  const parts = [when(told.started_at), term("language", told.locale), told.who === "shopper" ? say(told.known ? "shopper_known" : "shopper_new") : say(`who_${told.who}`), ...told.arms.map((arm) => valueName("arm", arm))];
  const versions = told.turns.find((turn) => turn.versions.model)?.versions;
  const made = versions && el("p", { class: "quiet-line" }, say("made_by", { model: versions.model, prompt: versions.prompt.slice(0, 12), ranker: versions.ranker }));
  return el("div", { class: "story-facts" }, el("p", {}, parts.join(" · ")), made);
}

// Turns and what people of the shop said, in one order of time.
function items(told) {
  const turns = told.turns.map((turn) => ({ at: turn.at, node: turnItem(turn) }));
  const heard = new Set(told.turns.map((turn) => turn.id));
  const desk = told.desk.filter((one) => !(one.author === "shopper" && heard.has(one.turn_id))).map((one) => ({ at: one.at, node: deskItem(one) }));
  return [...turns, ...desk].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).map((one) => one.node);
}

function turnItem(turn) {
  return el("li", { class: "story-turn" },
    el("div", { class: "said-by shopper" }, put(el("span", { class: "unseen" }), "shopper_said"), el("p", {}, turn.message || say(turn.origin === "edited" ? "changed_need" : "nothing_said"))),
    answer(turn), turn.shown.length ? shownList(turn) : null, loose(turn), turn.ratings.map(rating), turn.asked.map(asked));
}

function answer(turn) {
  if (!turn.kind) return el("p", { class: "mark-of bad" }, icon("but"), put(el("span"), "never_answered"));
  const time = turn.total_ms ? say("answered_in", { s: (turn.total_ms / 1000).toFixed(1) }) : "";
  return el("div", { class: "said-by shop" }, el("p", { class: "quiet-line" }, [say(`kind_${turn.kind}`), time].filter(Boolean).join(" · ")), turn.text && el("p", { class: "long" }, turn.text),
    turn.failure && el("p", { class: "mark-of bad" }, icon("but"), el("span", {}, say("failed_by", { why: turn.failure }))));
}

function shownList(turn) {
  return el("ol", { class: "shown" }, turn.shown.map((one) => el("li", {},
    label(el("span", { class: "place-no" }, String(one.position)), "at_position", { n: one.position }),
    el("span", { class: "shown-name" }, one.title, one.price !== null && el("span", { class: "quiet-line" }, price(one.price, one.currency))),
    el("span", { class: "deeds" }, seen(one), deedsOf(turn, one.product_id).map(deed)))));
}

function seen(one) {
  if (one.visible_ms === null) return null;
  return el("span", { class: "deed" }, glyph("eye"), el("span", {}, say("seen_s", { n: Math.round(one.visible_ms / 100) / 10 })));
}

function deedsOf(turn, id) { return turn.deeds.filter((one) => one.product_id === id); }

const SIGNS = { click: "hand", cart: "bag", purchase: "check", dwell: "clock" };

function deed(one) {
  const more = one.kind === "purchase" && one.amount !== null ? price(one.amount, one.currency) : one.kind === "dwell" && one.dwell_ms ? say("seconds", { n: Math.round(one.dwell_ms / 1000) }) : null;
  const words = [say(`deed_${one.kind}`), more, one.mark && say(`who_${one.mark}`)].filter(Boolean).join(" · ");
  return el("span", { class: `deed deed-${one.kind}`, title: when(one.at) }, glyph(SIGNS[one.kind] || "link"), el("span", {}, words));
}

// What was done with a product that this turn did not show.
function loose(turn) {
  const known = new Set(turn.shown.map((one) => one.product_id));
  return turn.deeds.filter((one) => !known.has(one.product_id)).map((one) => el("p", { class: "deeds" }, deed(one), el("span", {}, one.title)));
}

function rating(one) {
  const bad = one.score !== null ? one.score < 0.75 : one.value === "down";
  const words = one.kind === "comment" ? say("said_comment", { text: one.value }) : one.kind === "thumb" ? say(one.value === "down" ? "thumb_down" : "thumb_up") : say(`rated_in_${one.kind}`, { value: one.value });
  const whom = one.subject === "agent" ? say("about_agent") : "";
  return el("p", { class: `mark-of ${bad ? "bad" : "good"}` }, icon(one.kind === "thumb" ? (bad ? "down" : "up") : one.kind === "comment" ? "ask" : "star"), el("span", {}, [words, whom, one.reasons.map((why) => term("thumb_why", why)).join(", ")].filter(Boolean).join(" · ")));
}

function asked(one) {
  return el("p", { class: "quiet-line" }, say(one.skipped ? "survey_skipped" : "survey_asked", { when: when(one.at) }));
}

function deskItem(one) {
  if (one.kind === "message") return el("li", { class: "said-by person" }, el("p", { class: "quiet-line" }, `${one.name || say("person")} · ${when(one.at)}`), el("p", { class: "long" }, one.text));
  return el("li", { class: "story-note" }, el("span", {}, [say(`desk_${one.kind}`) === `desk_${one.kind}` ? one.kind : say(`desk_${one.kind}`), one.name, one.text].filter(Boolean).join(" · ")), el("time", { class: "quiet-line", datetime: one.at }, when(one.at)));
}
