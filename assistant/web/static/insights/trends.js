// From talking to buying, satisfaction with what it rests on, and how both went on from day to day.

import { term } from "../desk/parts.js";
import { el } from "../dom.js";
import { put, say } from "../words.js";
import { barChart, lineChart, rangeBar } from "./charts.js";
import { FEW, behind, behindOf, card, count, dayName, money, moneyTick, note, percent, phrase, seconds, table } from "./kit.js";
import { responseRate } from "./headline.js";
import { address } from "./place.js";

const Z = 1.959963984540054;
const LONG = 120; // days beyond which weeks are drawn

// ---- The funnel

export function funnel({ now }) {
  const c = now.counts;
  const stages = [["talked", c.conversations, "conversations"], ["stage_slate", c.with_slate, "slate"], ["stage_click", c.with_click, "click"], ["stage_cart", c.with_cart, "cart"], ["stage_purchase", c.with_purchase, "purchase"]];
  const rows = stages.map(([key, value, measure], i) => ({ name: say(key), value, words: count(value), href: address({ behind: measure, talk: "" }), rest: i ? say("of_first", { share: percent(stages[0][1] ? value / stages[0][1] : null) }) : say("conversations_word") }));
  return card("funnel", barChart({ title: "funnel_title", unit: "unit_conversations", rows, most: Math.max(1, c.conversations), key: "funnel" }), c.impressions > 0 && el("p", { class: "quiet-line" }, phrase("funnel_note", {
    n: behind(count(c.impressions), "impression", {}, { "data-key": "shown" }), seen: behind(percent(now.seen.value), "view", {}, { "data-key": "seen" }),
    ctr: behind(percent(now.ctr.value), "click", {}, { "data-key": "ctr" }), clicks: behind(count(c.clicks), "click", {}, { "data-key": "clicks" }),
  })), c.dwells > 0 && el("p", { class: "quiet-line" }, phrase("dwell_note", { time: seconds(now.dwell_s), n: behind(count(c.dwells), "dwell", {}, { "data-key": "dwells" }) })));
}

// ---- Satisfaction, as answered and as it would be had everybody answered

export function satisfaction({ now, corrected }) {
  const { csat, response, score, thumbs } = now;
  if (!csat.n && !thumbs.n && !now.agent_csat.n && now.nps === null) return card("satisfaction", note(response.n ? "asked_none_answered" : "never_rated", { n: response.n }));
  const lines = [["as_answered", csat.value, csat.low, csat.high, csat.n ? say("n_ratings", { n: csat.n }) : say("nobody_rated"), "rated"]];
  const weighed = corrected.share !== null && corrected.strata > 1;
  if (weighed) lines.push(["if_all_answered", corrected.share, corrected.low, corrected.high, say("n_effective", { n: Math.round(corrected.effective_n) }), "conversations"]);
  if (now.agent_csat.n) lines.push(["agents_part", now.agent_csat.value, now.agent_csat.low, now.agent_csat.high, say("n_ratings", { n: now.agent_csat.n }), "agent_rated"]);
  const line = ([key, value, low, high, rests, measure]) => el("li", {}, put(el("span", { class: "bar-name" }), key), rangeBar({ value, low, high }),
    el("span", { class: "bar-value" }, value === null ? el("b", {}, percent(value)) : behind(percent(value), measure, {}, { "data-key": `csat-${key}` }), el("span", { class: "quiet-line" }, low === null ? rests : `${say("between", { low: percent(low), high: percent(high) })} · ${rests}`)));
  const c = now.counts;
  const more = [
    score.n > 0 && phrase("mean_stars", { n: behind(String(Math.round((1 + score.value * 4) * 100) / 100), "rated", {}, { "data-key": "mean-stars" }) }),
    now.nps !== null && phrase("nps_is", { n: String(Math.round(now.nps)), up: behind(count(c.promoters), "promoter", {}, { "data-key": "promoters" }), down: behind(count(c.detractors), "detractor", {}, { "data-key": "detractors" }) }),
    response.n > 0 && responseRate(response, "satisfaction"),
  ].filter(Boolean).flatMap((part) => [...part, " "]);
  const hands = thumbs.n > 0 && el("p", {}, say("thumbs_line"), " ", behind(say("n_up", { n: thumbs.count }), "thumbs_up", {}, { "data-key": "thumbs-up" }), " · ", behind(say("n_down", { n: thumbs.n - thumbs.count }), "thumbs_down", {}, { "data-key": "thumbs-down" }));
  return card("satisfaction", el("figure", { class: "chart" }, el("figcaption", {}, put(el("h3"), "satisfaction_title"), put(el("span", { class: "quiet-line" }), "unit_share")), el("ol", { class: "bars ranges" }, lines.map(line))),
    weighed ? note("corrected_note", { n: corrected.strata }) : null, more.length ? el("p", {}, more) : null, hands || null);
}

// ---- Why thumbs were down

export function reasons({ now }, answer) {
  if (!answer.ok) return null;
  const { total, reasons: given } = answer.data;
  if (!total) return card("reasons", note(now.counts.thumbs_down ? "reasons_none" : "reasons_no_thumbs", { n: now.counts.thumbs_down }));
  const rows = given.map(({ reason, count: n }) => ({
    name: term("thumb_why", reason), value: n, words: count(n), rest: say("of_reasons", { share: percent(n / total) }),
    href: address({ behind: behindOf("/reasons/conversations", { reason, label: term("thumb_why", reason) }), talk: "" }),
  }));
  return card("reasons", barChart({ title: "reasons_title", unit: "unit_reasons", rows, most: total, key: "reason" }), note("reasons_of", { n: total, all: now.counts.thumbs_down }));
}

// ---- From day to day

export function trends({ now }, series) {
  if (!series.ok) return null;
  const n = now.counts.conversations;
  if (n < FEW) return card("by_day_title", note("too_few_for_trend", { n, few: FEW }), dayTable(series.data.days));
  const cells = grained(series.data.days);
  const weekly = cells[0].days > 1;
  const days = cells.map((cell) => cell.day);
  const part = (name) => cells.map((cell) => cell.shares[name]);
  const link = (measure) => (i) => address({ behind: behindOf(measure, { from: cells[i].from, to: cells[i].to }), talk: "" });
  const shareLine = (name, key, measure) => ({ name: key, values: part(name).map((one) => one.value), low: part(name).map((one) => one.low), high: part(name).map((one) => one.high), link: link(measure) });
  const total = (name, key, measure) => ({ name: key, values: cells.map((cell) => cell.counts[name]), link: link(measure) });
  const by = weekly ? "by_week" : "by_day_word";
  const titled = (key) => [key, { by: say(by) }];
  const charts = [
    lineChart({ title: titled("chart_people"), unit: "unit_conversations", days, show: count, key: "day-people", lines: [total("conversations", "talked", "conversations"), total("with_click", "stage_click", "click"), total("with_purchase", "stage_purchase", "purchase")] }),
    lineChart({ title: titled("chart_revenue"), unit: "unit_money", days, show: money, tick: moneyTick, key: "day-revenue", lines: [{ name: "revenue_word", values: cells.map((cell) => cell.revenue), link: link("purchase") }] }),
    lineChart({ title: titled("chart_ctr"), unit: "unit_share_impressions", days, show: percent, key: "day-ctr", lines: [shareLine("ctr", "ctr_word", "click")] }),
    now.csat.n < FEW ? few("chart_csat", by, "too_few_ratings", { n: now.csat.n, few: FEW }) : lineChart({ title: titled("chart_csat"), unit: "unit_share_ratings", days, show: percent, top: 1, key: "day-csat", lines: [shareLine("csat", "satisfied", "rated")] }),
  ];
  return card(weekly ? "by_week_title" : "by_day_title", weekly ? note(series.data.days.length > LONG ? "weekly_long_note" : "weekly_note") : null, el("div", { class: "quad" }, charts));
}

function few(title, by, key, args) {
  return el("figure", { class: "chart" }, el("figcaption", {}, put(el("h3"), title, { by: say(by) })), note(key, args));
}

// Days as they are, or weeks where a day has too few conversations to say anything; a week is the sum of its days.
function grained(days) {
  const busy = days.filter((day) => day.counts.conversations).map((day) => day.counts.conversations).sort((a, b) => a - b);
  const middle = busy[Math.floor(busy.length / 2)] || 0;
  const size = days.length > LONG || (days.length > 14 && middle < FEW) ? 7 : 1;
  const cells = [];
  for (let end = days.length; end > 0; end -= size) {
    const run = days.slice(Math.max(0, end - size), end);
    if (run.length < size) break; // the days of a week that has only begun are no week
    cells.unshift(summed(run));
  }
  return cells;
}

const SHARES = ["csat", "ctr"];

function summed(run) {
  const counts = Object.fromEntries(Object.keys(run[0].counts).map((name) => [name, run.reduce((sum, day) => sum + day.counts[name], 0)]));
  const shares = Object.fromEntries(SHARES.map((name) => [name, run.length === 1 ? run[0][name] : wilson(run.reduce((sum, day) => sum + day[name].count, 0), run.reduce((sum, day) => sum + day[name].n, 0))]));
  return { day: run[run.length - 1].day, from: run[0].day, to: run[run.length - 1].day, days: run.length, counts, shares, revenue: run.reduce((sum, day) => sum + day.revenue, 0) };
}

// Wilson's interval of a share (Wilson 1927).
export function wilson(hits, n) {
  if (!n) return { value: null, low: null, high: null };
  const p = hits / n;
  const spread = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const [middle, scale] = [p + (Z * Z) / (2 * n), 1 + (Z * Z) / n];
  return { value: p, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}

function dayTable(days) {
  const some = days.filter((day) => day.counts.conversations).reverse();
  const at = (measure, day, n) => (n ? behind(count(n), measure, { from: day.day, to: day.day }, { "data-key": `few-${measure}-${day.day}` }) : count(0));
  return table([
    { key: "day", title: "by_day", show: (day) => dayName(day.day) },
    { key: "talked", num: true, show: (day) => at("conversations", day, day.counts.conversations) },
    { key: "stage_click", num: true, show: (day) => at("click", day, day.counts.with_click) },
    { key: "stage_purchase", num: true, show: (day) => at("purchase", day, day.counts.with_purchase) },
    { key: "revenue_word", num: true, show: (day) => (day.revenue ? behind(money(day.revenue), "purchase", { from: day.day, to: day.day }, { "data-key": `few-paid-${day.day}` }) : money(0)) },
  ], some, { caption: "by_day_title", key: "few-days" });
}
