// The figures of each language, category, product, position on the shelf, version and so on.

import { el } from "../dom.js";
import { put, say } from "../words.js";
import { rangeBar } from "./charts.js";
import { FEW, behind, card, count, failed, interval, money, note, percent, seconds, table, valueName } from "./kit.js";
import { address } from "./place.js";

export const BYS = ["locale", "category", "product", "position", "model", "prompt", "ranker", "arm", "day"];

export function breakdown(answer, by, to) {
  const tab = (one) => put(el("a", { class: "tab", href: to({ by: one === BYS[0] ? "" : one }), "aria-current": one === by ? "true" : null, "data-key": `by-${one}` }), `by_${one}`);
  const tabs = el("div", { class: "boxes by-row", role: "group", "aria-label": say("compare_by") }, BYS.map(tab));
  if (!answer.ok) return card("compared", tabs, failed(answer));
  const { lines, total } = answer.data;
  if (!lines.length) return card("compared", tabs, note("nothing_compared"));
  const ofItems = ["product", "position"].includes(by);
  const shown = ofItems ? itemTable(lines, by) : valueTable(lines, by);
  const rest = total > lines.length ? note("of_total", { n: lines.length, all: total }) : null;
  const elsewhere = by === "position" && lines.some((line) => line.value === "0");
  return card("compared", tabs, shown, ofItems ? null : note("few_marked", { few: FEW }), elsewhere ? note("elsewhere_note") : null, rest);
}

function named(by) {
  return (line) => {
    const words = valueName(by, line.value === "-" ? "" : line.value, line.label);
    if (by === "day" || line.value === "") return words;
    return el("a", { class: "value-name", href: address({ [by]: line.value, by: "", behind: "", talk: "" }), title: say("only_these") }, words);
  };
}

function only(by, line) {
  return by === "day" ? { from: line.value, to: line.value } : { [by]: line.value, ...(line.label ? { label: line.label } : {}) };
}

function linked(by, measure, words, name) {
  return (line) => behind(words(line), measure, only(by, line), { "data-key": `${by}-${name}-${line.value}` });
}

function valueTable(lines, by) {
  const most = Math.max(...lines.map((line) => line.counts.conversations));
  const small = (line, n, words) => (n < FEW ? el("span", { class: "few", title: say("rests_on", { n }) }, words) : words);
  return table([
    { key: "value", title: `by_${by}`, show: named(by) },
    { key: "talked", num: true, bar: (line) => line.counts.conversations / most, show: linked(by, "conversations", (line) => count(line.counts.conversations), "n") },
    { key: "clicked", num: true, show: linked(by, "click", (line) => small(line, line.clicking.n, percent(line.clicking.value, 1)), "click") },
    { key: "bought", num: true, show: linked(by, "purchase", (line) => small(line, line.conversion.n, percent(line.conversion.value, 1)), "buy") },
    { key: "revenue_each", num: true, show: linked(by, "purchase", (line) => money(line.revenue_each), "paid") },
    { key: "satisfied", num: true, show: (line) => satisfied(line, by) },
    { key: "wrong_no_match", title: "no_match_word", num: true, show: linked(by, "no_match", (line) => percent(line.no_match.value, 1), "none") },
    { key: "wrong_handoff", title: "handoff_word", num: true, show: linked(by, "handoff", (line) => percent(line.handoff.value, 1), "hand") },
  ], lines, { caption: ["compared_by", { by: say(`by_${by}`) }], key: "compare" });
}

function satisfied(line, by) {
  const { value, low, high, n } = line.csat;
  if (!n) return "–";
  const words = say("satisfied_of", { share: percent(value), between: interval(low, high), n });
  return el("span", { class: "with-range" }, el("span", { class: "range-cell" }, rangeBar({ value, low, high, words })), behind(n < FEW ? el("span", { class: "few" }, percent(value)) : percent(value), "rated", only(by, line), { "data-key": `${by}-csat-${line.value}`, title: words }));
}

// What came of showing each product, or each position.
function itemTable(lines, by) {
  const most = Math.max(1, ...lines.map((line) => line.counts.impressions));
  const of = (measure, words, name) => linked(by, measure, words, name);
  return table([
    { key: "value", title: `by_${by}`, show: named(by) },
    { key: "shown_times", num: true, bar: (line) => line.counts.impressions / most, show: of("impression", (line) => count(line.counts.impressions), "n") },
    { key: "seen_word", num: true, show: of("view", (line) => line.seen.n ? `${percent(line.seen.value, 1)} (${count(line.counts.views)})` : "–", "seen") },
    { key: "ctr_word", num: true, show: of("click", (line) => percent(line.ctr.value, 1), "click") },
    { key: "dwell_word", num: true, show: of("dwell", (line) => line.counts.dwells ? `${seconds(line.dwell_s)} (${count(line.counts.dwells)})` : "–", "dwell") },
    { key: "carts_word", num: true, show: of("cart", (line) => count(line.counts.carts), "cart") },
    { key: "sold_word", num: true, show: of("purchase", (line) => count(line.counts.purchases), "buy") },
    { key: "revenue_word", num: true, show: of("purchase", (line) => money(line.revenue), "paid") },
  ], lines, { caption: ["compared_by", { by: say(`by_${by}`) }], key: "compare" });
}
