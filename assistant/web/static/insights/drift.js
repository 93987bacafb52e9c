// What has shifted between two periods, in words: how much, how sure that is, and the conversations on both sides.

import { el } from "../dom.js";
import { number, put, say } from "../words.js";
import { behind, count, daySpan, empty, failed, files, percent, phrase, table } from "./kit.js";

export const section = {
  id: "drift",
  title: "drift",
  async draw(place, { get }) {
    const answer = await get("/drift");
    if (!answer.ok) return place.replaceChildren(failed(answer));
    const { comparisons, least, false_alarms: alarms } = answer.data;
    place.replaceChildren(el("div", { class: "stack" },
      el("section", { class: "card first" }, put(el("h2"), "drift_title"), put(el("p", { class: "quiet-line" }), "drift_how", { share: percent(alarms) })),
      comparisons.map((one) => compared(one, least)), files([{ name: "drift_file", path: "/drift/export" }])));
  },
};

function compared(one, least) {
  const talks = (which, n) => behind(count(n), "conversations", days(one, which), { "data-key": `drift-${one.span}-${which}` });
  const span = (which) => daySpan(days(one, which).from, days(one, which).to);
  const rests = el("p", { class: "quiet-line" }, phrase("drift_of", { n: talks("now", one.conversations), days: span("now"), before: talks("before", one.conversations_before), days_before: span("before") }));
  return el("section", { class: "card", "data-span": one.span }, put(el("h2"), `drift_${one.span}`), rests, body(one, least));
}

function days(one, which) {
  return which === "now" ? { from: one.from, to: one.to } : { from: one.before_from, to: one.before_to };
}

// Words that lead to the conversations that have a value on one side; what is too rare by itself is so beside the other one.
function behindValue(words, one, shift, { value, name }, which, place) {
  const other = days(one, which === "now" ? "before" : "now");
  const only = { measure: shift.measure, value, ...days(one, which), ...(value === "…" ? { other_from: other.from, other_to: other.to } : {}), label: name };
  return behind(words, "/drift/conversations", only, { "data-key": `${place}-${one.span}-${shift.measure}-${value}-${which}` });
}

function body(one, least) {
  if (!one.shifts.length) return empty("drift_too_few", { least, n: one.conversations, before: one.conversations_before });
  const found = one.shifts.filter((shift) => shift.found);
  const list = found.length ? el("ol", { class: "shifts" }, found.map((shift) => drawShift(one, shift))) : empty("drift_none", { n: one.shifts.length });
  return [list, everything(one)];
}

function drawShift(one, shift) {
  const see = (which) => behindValue(say(`see_${which}`), one, shift, shift, which, "shift");
  return el("li", { class: "shift" },
    el("p", { class: "shift-words" }, shift.words),
    twoBars(one, shift),
    el("div", { class: "shift-line" },
      el("span", { class: "quiet-line" }, `${say("drift_size")}: ${say(`drift_size_${shift.size}`)} (${number(shift.psi, 3)})`),
      el("span", { class: "quiet-line" }, `${say("drift_q")}: ${chance(shift.q)}`),
      see("now"), see("before")),
    shift.cells.length > 2 ? cells(one, shift) : null);
}

function twoBars(one, shift) {
  const most = Math.max(shift.before, shift.now, 0.001);
  const line = (which, share) => {
    const bar = el("span", { class: "bar-fill" });
    bar.style.inlineSize = `${(share / most) * 100}%`;
    return [put(el("span"), `drift_${which}`), el("span", { class: `gap-bar ${which}`, "aria-hidden": "true" }, bar), el("span", { class: "num" }, behindValue(percent(share, 1), one, shift, shift, which, "bar"))];
  };
  return el("div", { class: "two-bars" }, line("before", shift.before), line("now", shift.now));
}

function cells(one, shift) {
  const link = (which) => (cell) => behindValue(percent(cell[which], 1), one, shift, cell, which, "cell");
  const columns = [
    { key: "name", title: "drift_cells", show: (cell) => cell.name },
    { key: "before", title: "drift_before", num: true, show: link("before") },
    { key: "now", title: "drift_now", num: true, show: link("now"), bar: (cell) => cell.now },
  ];
  return el("details", {}, put(el("summary", { "data-key": `cells-${one.span}-${shift.measure}` }), "drift_cells"), table(columns, shift.cells, { key: `cells-table-${one.span}-${shift.measure}` }));
}

function chance(q) { return q < 0.001 ? "< 0.1%" : percent(q, 1); }

function named(measure) {
  const key = `drift_measure_${measure}`;
  return say(key) === key ? measure : say(key);
}

function everything(one) {
  const link = (which) => (shift) => behindValue(percent(shift[which], 1), one, shift, shift, which, "all");
  const columns = [
    { key: "name", title: "drift_measure", show: (shift) => shift.name },
    { key: "before", title: "drift_before", num: true, show: link("before") },
    { key: "now", title: "drift_now", num: true, show: link("now") },
    { key: "change", title: "drift_change", num: true, show: ({ change }) => (change.low === null ? "–" : say("between", { low: number(change.low * 100), high: number(change.high * 100) })) },
    { key: "psi", title: "drift_psi", num: true, show: (shift) => number(shift.psi, 3) },
    { key: "divergence", title: "drift_js", num: true, show: (shift) => number(shift.divergence, 3) },
    { key: "q", title: "drift_q", num: true, show: (shift) => chance(shift.q) },
  ];
  const few = one.too_few.length ? el("p", { class: "quiet-line" }, say("drift_not_looked", { what: one.too_few.map(named).join(", ") })) : null;
  return el("details", { class: "as-table" }, put(el("summary", { "data-key": `all-shifts-${one.span}` }), "drift_all"), table(columns, one.shifts, { key: `all-shifts-table-${one.span}` }), few);
}
