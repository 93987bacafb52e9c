// What shoppers think: complaints against praise by aspect, from day to day, by product, and in their own words.

import { when } from "../desk/parts.js";
import { el } from "../dom.js";
import { put, say } from "../words.js";
import { lineChart } from "./charts.js";
import { FEW, arrow, behind, behindOf, card, count, earlier, empty, failed, files, interval, note, percent, table } from "./kit.js";
import { address as addressOf, earlierDays } from "./place.js";
import { wilson } from "./trends.js";

const FIRST = 8;
const ROUTE = "/opinions/conversations";
const SOURCES = ["", "chat", "comment", "review"];

// What is looked at closely stands in the address as ASPECT:SIDE:HOW_MANY:SOURCE, each of which may be empty.
function looked(item) {
  const [aspect = "", side = "", many = "", source = ""] = (item || "").split(":");
  return { aspect, side: ["negative", "positive"].includes(side) ? side : "", many: Number(many) || FIRST, source: SOURCES.includes(source) ? source : "" };
}

function itemOf({ aspect, side, many, source }) {
  return [aspect, side, many === FIRST ? "" : many, source].join(":").replace(/:+$/, "");
}

// Words that lead to the conversations in which such opinions were said; `only` narrows by aspect, side, product and days.
function talks(words, look, only, key) {
  return behind(words, ROUTE, narrowed(look, only), { "data-key": `op-talks-${key}` });
}

function narrowed(look, only) { return { ...(look.source ? { source: look.source } : {}), ...only }; }

export const section = {
  id: "opinions",
  title: "opinions",
  async draw(place, { get, address, item }) {
    const look = looked(item);
    const { aspect, source, side } = look;
    const at = (change) => address({ item: itemOf({ ...look, many: FIRST, ...change }) });
    const [answer, series, quotes] = await Promise.all([get("/opinions", { source }), get("/opinions/series", { aspect, source }), get("/opinions/quotes", { aspect, side, source, limit: Math.min(100, look.many) })]);
    if (!answer.ok) return place.replaceChildren(failed(answer));
    const { total, aspects, products } = answer.data;
    if (!total.n) return place.replaceChildren(nothing(look, at));
    const name = aspects.find((one) => one.value === look.aspect)?.name || null;
    place.replaceChildren(el("div", { class: "stack" }, head(total, look, at), byAspect(aspects, look, at),
      el("div", { class: "pair" }, byDay(series, name, look), byProduct(products, look, address)), words(quotes, look, name, at, address), taken(look)));
  },
};

function nothing(look, at) {
  return el("section", { class: "card first" }, put(el("h2"), "opinions_title"), look.source ? sources(look, at) : null, empty("opinions_none"), look.source ? null : note("opinions_none_more"));
}

// Where the opinions were said.
function sources(look, at) {
  const tab = (source) => put(el("a", { class: "tab", href: at({ source }), "aria-current": source === look.source ? "true" : null, "data-key": `op-source-${source}` }), `op_from_${source || "any"}`);
  return el("div", { class: "boxes by-row", role: "group", "aria-label": say("op_from") }, SOURCES.map(tab));
}

function head(total, look, at) {
  const tile = (side, share) => el("div", { class: "tile figure" }, put(el("dt"), `op_${side}`), el("dd", {}, talks(el("b", { class: "big" }, percent(share.value)), look, { side, label: say(`op_${side}`) }, `all-${side}`),
    el("span", { class: "quiet-line" }, `${total.n < FEW ? say("op_few", { n: total.n }) : interval(share.low, share.high)} · ${say("op_share_of", { count: share.count, n: total.n })}`), side === "negative" ? moved(total, look, {}) : null));
  return el("section", { class: "card first" }, put(el("h2"), "opinions_title"), el("p", {}, talks(say("opinions_line", { n: total.n }), look, {}, "all")), sources(look, at),
    el("dl", { class: "tiles" }, tile("negative", total.negative), tile("positive", total.positive)), note("opinions_measured"));
}

// Only a change beyond chance is told.
function moved(one, look, only) {
  if (!one.change.sure) return null;
  const more = one.change.value > 0;
  const words = el("span", { class: `change ${more ? "worse" : "better"}` }, arrow(more ? "up" : "down"), el("span", {}, `${say(more ? "op_more" : "op_less")} (${percent(one.before.negative.value)})`));
  return earlier(words, ROUTE, narrowed(look, { side: "negative", ...only, ...earlierDays() }), `op-${one.value}`);
}

// ---- By aspect

function byAspect(aspects, look, at) {
  return card("op_by_aspect", note("op_by_aspect_line"), el("ol", { class: "leans" }, aspects.map((one) => aspectRow(one, look, at))),
    look.aspect ? put(el("a", { class: "button small", href: at({ aspect: "" }), "data-key": "op-all" }), "op_all_aspects") : null);
}

function aspectRow(one, look, at) {
  const chosen = one.value === look.aspect;
  const spoken = { name: one.name, negative: percent(one.negative.value), positive: percent(one.positive.value), n: one.n };
  const only = { aspect: one.value, label: one.name };
  const half = (side, share) => el("span", { class: `lean ${side}` }, el("span", { class: "lean-words" }, talks(`${percent(share.value)} (${count(share.count)})`, look, { ...only, side, label: `${one.name}, ${say(`op_${side}`)}` }, `${one.value}-${side}`)), el("span", { class: "lean-track" }, length(share.value)));
  return el("li", { class: chosen ? "chosen" : null },
    el("div", { class: "lean-row" },
      el("a", { class: "lean-name", href: at({ aspect: chosen ? "" : one.value }), "data-key": `op-${one.value}`, "aria-label": say("op_bar", spoken), "aria-current": chosen ? "true" : null }, el("b", {}, one.name),
        el("span", { class: "quiet-line" }, one.n < FEW ? say("op_few", { n: one.n }) : `n = ${count(one.n)}`)),
      half("negative", one.negative), half("positive", one.positive)),
    moved(one, look, only));
}

function length(share) {
  const node = el("span", { class: "lean-fill", "aria-hidden": "true" });
  node.style.inlineSize = `${Math.round((share || 0) * 1000) / 10}%`;
  return node;
}

// ---- From day to day, or from week to week where a day has too few opinions to say anything

function byDay(series, name, look) {
  if (!series.ok) return null;
  const { days } = series.data;
  const n = days.reduce((sum, day) => sum + day.n, 0);
  const title = name ? ["op_over_time_of", { name }] : "op_over_time";
  if (n < FEW) return card(title, note("op_too_few", { n, few: FEW }));
  const weekly = days.length > 14 && n / days.length < FEW;
  const cells = weekly ? weeks(days) : days.map((day) => ({ day: day.day, from: day.day, value: day.negative.value, low: day.negative.low, high: day.negative.high }));
  const only = { side: "negative", ...(name ? { aspect: look.aspect, label: name } : {}) };
  const link = (i) => addressOf({ behind: behindOf(ROUTE, narrowed(look, { ...only, from: cells[i].from, to: cells[i].day })), talk: "" });
  return card(title, lineChart({ title: "op_negative", unit: weekly ? "unit_share_opinions_week" : "unit_share_opinions", days: cells.map((cell) => cell.day), show: percent, key: "op-days",
    lines: [{ name: "op_negative", values: cells.map((cell) => cell.value), low: cells.map((cell) => cell.low), high: cells.map((cell) => cell.high), link }] }));
}

// Whole weeks, the last one ending with the last day; each is named by its last day.
function weeks(days) {
  const cells = [];
  for (let end = days.length; end >= 7; end -= 7) {
    const run = days.slice(end - 7, end);
    const count = run.reduce((sum, day) => sum + day.negative.count, 0);
    cells.unshift({ day: run[6].day, from: run[0].day, ...wilson(count, run.reduce((sum, day) => sum + day.n, 0)) });
  }
  return cells;
}

// ---- By product

function byProduct(products, look, address) {
  if (!products.length) return card("op_by_product", note("op_no_products"));
  const of = (row, words, side) => talks(words, look, { product: row.value, label: row.name, ...(side ? { side } : {}) }, `${row.value}-${side}`);
  const shown = (side) => (row) => of(row, `${percent(row[side].value)} (${count(row[side].count)})`, side);
  const columns = [
    { key: "product", title: "op_product", show: (row) => el("a", { href: address({ product: row.value, item: "" }), "data-key": `op-p-${row.value}` }, row.name) },
    { key: "n", title: "opinions", num: true, show: (row) => of(row, count(row.n), "") },
    { key: "negative", title: "op_negative", num: true, show: shown("negative") },
    { key: "positive", title: "op_positive", num: true, show: shown("positive") },
  ];
  return card("op_by_product", table(columns, products, { caption: "op_by_product", key: "op-products" }));
}

// ---- Files

function taken({ source }) {
  const file = (what) => ({ name: `op_file_${what}`, path: "/opinions/export", query: { what, ...(source ? { source } : {}) } });
  return files(["aspects", "products", "days", "quotes"].map(file));
}

// ---- In their words

function words(answer, look, name, at, address) {
  if (!answer.ok) return failed(answer);
  const { quotes, total } = answer.data;
  const choice = (side) => put(el("a", { class: `button small${look.side === side ? " on" : ""}`, href: at({ side }), "aria-current": look.side === side ? "true" : null, "data-key": `op-side-${side}` }), `op_side_${side || "any"}`);
  const more = quotes.length < total && quotes.length < 100 && put(el("a", { class: "button small", href: at({ many: quotes.length + 20 }), "data-key": "op-more" }), "op_more_quotes");
  return card(name ? ["op_quotes_of", { name }] : "op_quotes", el("div", { class: "ways-out" }, ["", "negative", "positive"].map(choice)),
    quotes.length ? el("ul", { class: "quotes" }, quotes.map((one) => quote(one, address))) : note("op_no_quotes"), more || null);
}

function quote(one, address) {
  const side = one.polarity <= -0.25 ? "negative" : one.polarity >= 0.25 ? "positive" : "neutral";
  const talk = one.session_id && put(el("a", { href: address({ talk: one.session_id, behind: "" }), "data-key": `op-t-${one.id}` }), "op_open_talk");
  const product = one.product && el("a", { href: address({ product: one.product_id, item: "" }), title: say("op_only_product"), "data-key": `op-q-${one.id}` }, one.product);
  return el("li", { class: `quote ${side}` }, el("blockquote", { lang: one.locale }, one.words),
    el("p", { class: "quiet-line" }, el("b", {}, say(`op_verdict_${side}`)), ` · ${one.aspect_name} · ${say(`op_source_${one.source}`)} · ${when(one.at)}`),
    talk || product ? el("p", { class: "quote-ways" }, product || null, talk || null) : null);
}
