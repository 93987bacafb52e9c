// What shoppers wanted and did not get: five lists, each thing with how many wanted it, whether the catalogue has it now,
// the conversations behind it, and a file of what there is to do.

import { el } from "../dom.js";
import { locale, put, say } from "../words.js";
import { ROOT, withFilters } from "./api.js";
import { behind, change, count, dayName, download, empty, failed, money } from "./kit.js";

const FIRST = 8; // things of each list where all lists are shown
const ALL = 200;
const FEW = 10; // conversations of both periods below which no change is told
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
      put(el("p"), "gaps_line", { n: conversations }), el("div", { class: "ways-out" }, back || null, file("gaps_to_do", {})));
    place.replaceChildren(el("div", { class: "stack" }, head, lists.map((one) => drawList(one, address, Boolean(item)))));
  },
};

function nothing() {
  return el("div", { class: "stack" }, el("section", { class: "card first" }, put(el("h2"), "gaps_title"), empty("gaps_none"), put(el("p", { class: "quiet-line" }), "gaps_none_more")));
}

function file(key, query) {
  return download(key, ROOT + withFilters("/gaps/export", { lang: locale(), ...query }));
}

function drawList({ list, items, total, conversations }, address, alone) {
  const heading = el("div", { class: "gap-head" }, put(el("h2"), `list_${list}`), total ? put(el("span", { class: "quiet-line" }), "n_things_in", { n: total, talks: conversations }) : null);
  if (!total) return el("section", { class: "card" }, heading, put(el("p", { class: "quiet-line" }), `list_nothing_${list}`));
  const most = items[0].conversations;
  const rows = el("ol", { class: "gaps" }, items.map((item) => drawItem(list, item, most)));
  const more = !alone && total > items.length && put(el("a", { class: "button small", href: address({ item: list }), "data-key": `all-${list}` }), "all_of_list", { n: total });
  const cut = alone && total > items.length && put(el("p", { class: "quiet-line" }), "more_in_file", { n: items.length });
  return el("section", { class: "card", "data-list": list }, heading, put(el("p", { class: "quiet-line" }), `list_${list}_line`), rows, cut || null,
    el("div", { class: "ways-out" }, more || null, file("gaps_this_list", { list })));
}

function drawItem(list, item, most) {
  const bar = el("span", { class: "bar-fill" });
  bar.style.inlineSize = `${(item.conversations / most) * 100}%`;
  const key = [item.key, item.product_id || ""].join("|");
  const query = { list, key: item.key, of: list === "unanswered" ? item.product_id || undefined : undefined, label: item.product ? `${item.name}, ${item.product}` : item.name };
  const talks = behind([el("b", {}, count(item.conversations)), put(el("span", { class: "unseen" }), "see_conversations")], "/gaps/conversations", query, { "data-key": `gap-${list}-${key}` });
  return el("li", { class: `gap ${item.state}` },
    el("div", { class: "gap-what" }, el("b", {}, item.name), state(item), item.product && list !== "out_of_stock" ? el("span", { class: "quiet-line" }, item.product) : null, fact(item)),
    el("div", { class: "gap-count" }, el("span", { class: "gap-bar", "aria-hidden": "true" }, bar), talks),
    el("div", { class: "gap-trend" }, spark(item.days), trend(item)),
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
  if (!before) return put(el("span", { class: "change" }), "new_now");
  if (before + conversations < FEW) return put(el("span", { class: "change" }), "n_before", { n: before });
  return change(conversations, before, { good: null });
}

// Conversations by day as small bars from zero.
function spark(days) {
  const most = Math.max(1, ...days);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("viewBox", `0 0 ${days.length * 3} 20`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say("gap_by_day", { most }));
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
