// The answer in one screen: four figures against the period before, and what went wrong most with what to do about it.

import { el } from "../dom.js";
import { put, say } from "../words.js";
import { FEW, arrow, behind, card, change, count, earlier, figure, interval, money, note, percent, percentOf, phrase } from "./kit.js";
import { address } from "./place.js";
import { SECTIONS } from "./sections.js";

export function headline(told) {
  const { now, before } = told;
  const enough = now.counts.conversations >= FEW && before.counts.conversations >= FEW;
  const days = before.counts.conversations ? { from: told.before_from, to: told.before_to } : null;
  return el("dl", { class: "tiles headline" },
    figure({ name: "talked", value: count(now.counts.conversations), measure: "conversations", change: change(now.counts.conversations, before.counts.conversations, { enough: before.counts.conversations >= FEW }), before: days, rests: say("n_messages", { n: now.counts.turns }) }),
    figure({ name: "clicked", value: percentOf(now.clicking), measure: "click", change: shareChange(told, "clicking", enough), before: days, rests: say("n_of_talks", { n: now.counts.with_click, all: now.counts.conversations }) }),
    figure({ name: "bought", value: percentOf(now.conversion), measure: "purchase", change: shareChange(told, "conversion", enough), before: days, rests: say("n_bought_for", { n: now.counts.with_purchase, amount: money(now.revenue), each: money(now.revenue_each) }) }),
    figure({ name: "satisfied", value: now.csat.n ? percentOf(now.csat) : null, measure: now.csat.n ? "satisfied" : null, change: now.csat.n ? shareChange(told, "csat", now.csat.n >= FEW && before.csat.n >= FEW) : null, before: before.csat.n ? days : null, rests: satisfiedRests(now) }));
}

function satisfiedRests({ csat, response }) {
  const rate = response.n ? responseRate(response, "rate") : say("nobody_asked");
  if (!csat.n) return el("span", {}, say("nobody_rated"), " ", rate);
  const sure = csat.n < FEW ? say("few_ratings", { n: csat.n }) : say("sure_between", { between: interval(csat.low, csat.high, (value) => percentOf({ value, n: csat.n })) });
  return el("span", {}, sure, " ", rate);
}

// How many of those who were asked have answered; `key` tells the places apart where it stands.
export function responseRate({ value, count: answered, n }, key) {
  const link = (words, measure) => behind(count(words), measure, {}, { "data-key": `${key}-${measure}` });
  return phrase("response_rate", { share: percent(value), n: link(answered, "answered"), all: link(n, "offered") });
}

// A share against the one before: in points, and whether that is more than chance.
export function shareChange({ now, before, changes }, name, enough, good = "up") {
  if (!enough) return el("span", { class: "change" }, put(el("span"), "too_few_to_compare"));
  const { value, sure } = changes[name];
  if (value === null) return null;
  const way = Math.abs(value) < 0.0005 ? "level" : value > 0 ? "up" : "down";
  if (way === "level") return el("span", { class: "change" }, arrow("level"), put(el("span"), "change_none"));
  const words = say(`change_${way}`, { by: say("points", { n: Math.round(Math.abs(value) * 1000) / 10 }), before: percentOf(before[name]) });
  const look = !sure || !good ? "" : (good === way) ? " better" : " worse";
  return el("span", { class: `change${look}` }, arrow(way), el("span", {}, sure ? words : say("maybe_chance", { words })));
}

// ---- What went wrong most

const WRONG = [
  ["no_match", "no_match", "no_match", "turns", "gaps"],
  ["failed", "failed", "failed", "turns", null],
  ["handoff", "handoff", "handoff", "conversations", "desk"],
  ["dissatisfied", "csat", "dissatisfied", "ratings", "opinions"],
  ["thumbs_down", "thumbs", "thumbs_down", "thumbs", null],
];

function wrongs({ now }) {
  const all = WRONG.map(([key, share, measure, of, view]) => {
    const part = now[share];
    const good = ["csat", "thumbs"].includes(share);
    return { key, share, measure, of, view, good, n: good ? part.n - part.count : part.count, all: part.n };
  });
  return all.filter((one) => one.n > 0).sort((a, b) => b.n - a.n);
}

export function troubles(told) {
  const found = wrongs(told);
  if (!found.length) return card("went_wrong", note("nothing_wrong"));
  const most = found[0].n;
  return card("went_wrong", el("ol", { class: "troubles" }, found.map((one) => trouble(told, one, most))));
}

function trouble(told, one, most) {
  const bar = el("span", { class: "bar-fill" });
  bar.style.inlineSize = `${(one.n / most) * 100}%`;
  const enough = told.now[one.share].n >= FEW && told.before[one.share].n >= FEW;
  return el("li", {},
    el("div", { class: "trouble-what" }, behind([el("b", {}, count(one.n)), " ", el("span", {}, say(`wrong_${one.key}`, { n: one.n }))], one.measure, {}, { "data-key": `wrong-${one.key}` }), el("span", { class: "quiet-line" }, say(`share_of_${one.of}`, { share: percent(one.n / one.all) }))),
    el("span", { class: "bar-line", "aria-hidden": "true" }, bar),
    el("div", { class: "trouble-change" }, enough ? earlier(flipped(told, one), one.measure, { from: told.before_from, to: told.before_to }, one.key) : null),
    el("p", { class: "advice" }, el("span", {}, say(`advice_${one.key}`)), " ", way(one)));
}

// What is good of a share is bad of the rest.
function flipped({ now, before, changes }, one) {
  const turn = one.good ? -1 : 1;
  const { value, sure } = changes[one.share];
  const was = before[one.share].value;
  const told = { now, before: { [one.share]: { value: one.good ? 1 - was : was, n: before[one.share].n } }, changes: { [one.share]: { value: value * turn, sure } } };
  return shareChange(told, one.share, true, "down");
}

function way({ view, measure, key }) {
  if (view === "desk") return put(el("a", { href: "/desk" }), "open_desk");
  if (view && SECTIONS.some((one) => one.id === view)) return el("a", { href: address({ view, behind: "", talk: "" }) }, say(`go_${view}`));
  return behind(say("read_them"), measure, {}, { class: "", "data-key": `read-${key}` });
}

// ---- What all of it rests on

export function bottom({ behind: waiting }) {
  return el("p", { class: "quiet-line foot" }, [say("days_in_utc"), waiting ? say("still_counting", { n: waiting }) : ""].filter(Boolean).join(" "));
}
