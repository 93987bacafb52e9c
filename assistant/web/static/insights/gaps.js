// What shoppers wanted and did not get: five lists, each thing with how many wanted it, whether the catalogue has it now,
// the conversations behind it, and a file of what there is to do.

import { el } from "../dom.js";
import { locale, put, say } from "../words.js";
import { behind, behindOf, change, count, dayName, download, earlier, empty, failed, fileOf, money } from "./kit.js";
import { address as addressOf, eachDay, earlierDays } from "./place.js";

const FIRST = 8; // things of each list where all lists are shown
const ALL = 200;
const FEW = 10; // conversations of both periods below which no change is told
const ROUTE = "/gaps/conversations";
const SVG = "http://www.w3.org/2000/svg";

export const section = {
  id: "gaps",
  title: "gaps",
  async draw(place, { get, address, item }) {
    const answer = await get("/gaps", item ? { list: item, limit: ALL } : { limit: FIRST });
    if (!answer.ok) return place.replaceChildren(failed(answer));
    const { conversations, lists } = answer.data;
    if (!conversations) return place.replaceChildren(nothing());
    const back = item && put(el("a", { class: "button small", href: address({ item: "" }), "data-key": "gaps-back" }), "back_to_lists");
    const head = el("section", { class: "card first" }, put(el("h2"), "gaps_title"),
      el("p", {}, behind(say("gaps_line", { n: conversations }), ROUTE, {}, { "data-key": "gaps-all" })), el("div", { class: "ways-out" }, back || null, taken("gaps_to_do", {})));
    place.replaceChildren(el("div", { class: "stack" }, head, lists.map((one) => drawList(one, address, Boolean(item)))));
  },
};

function nothing() {
  return el("div", { class: "stack" }, el("section", { class: "card first" }, put(el("h2"), "gaps_title"), empty("gaps_none"), put(el("p", { class: "quiet-line" }), "gaps_none_more")));
}

// A list as both kinds of files.
function taken(key, query) {
  return ["csv", "parquet"].map((format) => download(`${key}_${format}`, fileOf("/gaps/export", { ...query, format })));
}

function drawList({ list, items, total, conversations }, address, alone) {
  const heading = el("div", { class: "gap-head" }, put(el("h2"), `list_${list}`), total ? el("span", { class: "quiet-line" }, behind(say("n_things_in", { n: total, talks: conversations }), ROUTE, { list, label: say(`list_${list}`) }, { "data-key": `gaps-${list}` })) : null);
  if (!total) return el("section", { class: "card" }, heading, put(el("p", { class: "quiet-line" }), `list_nothing_${list}`));
  const most = items[0].conversations;
  const rows = el("ol", { class: "gaps" }, items.map((item) => drawItem(list, item, most)));
  const more = !alone && total > items.length && put(el("a", { class: "button small", href: address({ item: list }), "data-key": `all-${list}` }), "all_of_list", { n: total });
  const cut = alone && total > items.length && put(el("p", { class: "quiet-line" }), "more_in_file", { n: items.length });
  return el("section", { class: "card", "data-list": list }, heading, put(el("p", { class: "quiet-line" }), `list_${list}_line`), rows, cut || null,
    el("div", { class: "ways-out" }, more || null, taken("gaps_this_list", { list })));
}

function drawItem(list, item, most) {
  const bar = el("span", { class: "bar-fill" });
  bar.style.inlineSize = `${(item.conversations / most) * 100}%`;
  const key = [item.key, item.product_id || ""].join("|");
  const query = { list, key: item.key, of: list === "unanswered" ? item.product_id || undefined : undefined, label: item.product ? `${item.name}, ${item.product}` : item.name };
  const talks = behind([el("b", {}, count(item.conversations)), put(el("span", { class: "unseen" }), "see_conversations")], ROUTE, query, { "data-key": `gap-${list}-${key}` });
  return el("li", { class: `gap ${item.state}` },
    el("div", { class: "gap-what" }, el("b", {}, item.name), state(item), item.product && list !== "out_of_stock" ? el("span", { class: "quiet-line" }, item.product) : null, fact(item)),
    el("div", { class: "gap-count" }, el("span", { class: "gap-bar", "aria-hidden": "true" }, bar), talks),
    el("div", { class: "gap-trend" }, spark(item.days, query, `spark-${list}-${key}`), item.before ? earlier(trend(item), ROUTE, { ...query, ...earlierDays() }, `${list}-${key}`) : put(el("span", { class: "change" }), "new_now")),
    details(item, `more-${list}-${key}`));
}

function state({ state: so }) {
  return so === "open" ? null : put(el("span", { class: `gap-state ${so}` }), `gap_${so}`);
}

// What matters most beside the count: what comes nearest, or how many listings lack it.
function fact(item) {
  const words = nearest(item.nearest) || lacking(item);
  return words ? el("span", { class: "quiet-line" }, words) : null;
}

function trend({ conversations, before }) {
  if (before + conversations < FEW) return put(el("span", { class: "change" }), "n_before", { n: before });
  return change(conversations, before, { good: null });
}

// Conversations by day as small bars from zero: the pointer or the arrow keys choose a day, a click or Enter opens it.
function spark(days, query, key) {
  const link = el("a", { class: "spark-link", "data-key": key }, bars(days));
  const dates = eachDay();
  let at = 0;
  const choose = (i) => {
    at = Math.max(0, Math.min(days.length - 1, i));
    const day = dates[at];
    link.href = addressOf({ behind: behindOf(ROUTE, { ...query, from: day, to: day }), talk: "" });
    link.title = `${dayName(day)}: ${count(days[at])}`;
    link.setAttribute("aria-label", say("gap_on_day", { day: dayName(day), n: days[at], most: Math.max(...days) }));
    for (const [n, bar] of [...link.firstChild.children].entries()) bar.classList.toggle("chosen", n === at);
  };
  for (const moved of ["pointermove", "pointerdown"]) {
    link.addEventListener(moved, (event) => {
      const box = link.firstChild.getBoundingClientRect();
      choose(Math.floor(((event.clientX - box.left) / box.width) * days.length));
    });
  }
  link.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: days.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  });
  choose(days.findLastIndex((n) => n > 0));
  return link;
}

function bars(days) {
  const most = Math.max(1, ...days);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("viewBox", `0 0 ${days.length * 3} 20`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const [i, n] of days.entries()) {
    const rect = document.createElementNS(SVG, "rect");
    const height = (n / most) * 20;
    for (const [name, value] of Object.entries({ x: i * 3, y: 20 - height, width: 2, height })) rect.setAttribute(name, value);
    svg.append(rect);
  }
  return svg;
}

function details(item, key) {
  const facts = [parts(item), seen(item)].filter(Boolean);
  const quotes = item.examples.map((one) => el("li", {}, behindTalk(one)));
  const first = el("summary", { "data-key": key }, el("span", {}, `“${item.examples[0].said}”`), put(el("span", { class: "unseen" }), "gap_examples"));
  return el("details", { class: "gap-more" }, first,
    el("ul", { class: "gap-facts" }, facts.map((words) => el("li", { class: "quiet-line" }, words))), put(el("p", { class: "quiet-line" }), "gap_read"), el("ul", { class: "gap-said" }, quotes));
}

function behindTalk(one) {
  const asked = new URLSearchParams(location.search);
  asked.set("talk", one.session_id);
  return el("a", { class: "behind", href: `/insights?${asked}`, "data-key": `said-${one.turn_id}` }, `“${one.said}”`);
}

function parts({ parts: several }) {
  return several.length ? say("gap_of", { things: several.map((one) => say("gap_part", { name: one.name, n: one.conversations })).join(locale() === "zh" ? "、" : ", ") }) : null;
}

function nearest(one) {
  if (!one) return null;
  if (one.misses_by === 0) return say("gap_nearest_least", one);
  if (one.misses_by !== null) return say("gap_nearest_price", { title: one.title, by: money(one.misses_by) });
  return say(one.states ? "gap_nearest_states" : "gap_nearest", one);
}

function lacking({ asked, category }) {
  const told = [asked?.of ? say("gap_asked_of", asked) : null, category?.of ? say("gap_lacking", { ...category, category: category.name }) : null];
  return told.filter(Boolean).join(locale() === "zh" ? "；" : "; ") || null;
}

function seen({ first, last, turns }) {
  return say("gap_seen", { from: dayName(first), to: dayName(last), n: turns });
}
