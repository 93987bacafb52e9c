// A difference over time around zero, with its interval: a line, a band, and the smallest difference that was looked for.

import { el } from "../dom.js";
import { put, say } from "../words.js";
import { dayName, table } from "./kit.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 220;
const PAD = { top: 14, right: 12, bottom: 26 };
const LEAST = 240;

function shape(tag, props, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) if (value !== null && value !== undefined) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

// `days` with `difference`, `low` and `high`, null where there is too little to tell; `mark` is drawn on both sides of zero.
export function differenceChart({ title, unit, days, difference, low, high, mark, show }) {
  const told = days.map((_, i) => i).filter((i) => low[i] !== null);
  const chart = { days, difference, low, high, mark, show, told };
  const plot = el("div", { class: "plot x-plot" });
  const last = told.at(-1);
  const words = say("between", { low: show(low[last]), high: show(high[last]) });
  const heading = el("figcaption", {}, el("h3", {}, say(...title)), el("div", { class: "under" }, put(el("span", { class: "quiet-line" }), unit), el("b", {}, `${show(difference[last])} (${words})`)));
  new ResizeObserver(([entry]) => entry.contentRect.width && draw(plot, chart, entry.contentRect.width)).observe(plot);
  return el("figure", { class: "chart" }, heading, el("div", { class: "plot-place" }, plot), asTable(chart));
}

function asTable({ days, difference, low, high, show, told }) {
  const columns = [
    { key: "day", title: "by_day", show: (i) => dayName(days[i]) },
    { key: "value", title: "chart_value", num: true, show: (i) => `${show(difference[i])} (${say("between", { low: show(low[i]), high: show(high[i]) })})` },
  ];
  return el("details", { class: "as-table" }, put(el("summary", { "data-key": "x-curve-open" }), "as_table"), table(columns, [...told].reverse(), { key: "x-curve" }));
}

// Round steps through zero that take in both ends.
export function around(least, most, wanted = 5) {
  const rough = Math.max(most - least, 1e-9) / wanted;
  const scale = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * scale).find((n) => n >= rough);
  const first = Math.floor(least / step + 1e-9);
  const count = Math.ceil(most / step - 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

function draw(plot, chart, width) {
  const { days, difference, low, high, mark, show, told } = chart;
  const full = Math.max(LEAST, Math.floor(width));
  if (chart.width === full) return;
  chart.width = full;
  const widest = 4 * Math.max(mark, ...told.slice(-1).flatMap((i) => [Math.abs(low[i]), Math.abs(high[i])]));
  const kept = (v) => Math.max(-widest, Math.min(widest, v)); // the first days reach too far to leave the rest readable
  const ticks = around(Math.min(-mark, ...told.map((i) => kept(low[i]))), Math.max(mark, ...told.map((i) => kept(high[i]))));
  const gutter = Math.max(...ticks.map((t) => show(t).length)) * 7.4 + 14;
  const span = days.length - 1 - told[0];
  const x = (i) => (span ? gutter + ((i - told[0]) / span) * (full - PAD.right - gutter - 6) : (gutter + full) / 2);
  const y = (v) => PAD.top + ((ticks.at(-1) - v) / (ticks.at(-1) - ticks[0])) * (HEIGHT - PAD.top - PAD.bottom);
  const svg = shape("svg", { class: "lines", width: full, height: HEIGHT, viewBox: `0 0 ${full} ${HEIGHT}`, role: "img", "aria-label": chart.told.map((i) => `${dayName(days[i])}: ${show(difference[i])}`).slice(-1)[0] });
  for (const t of ticks) {
    svg.append(shape("line", { class: Math.abs(t) < 1e-12 ? "base x-zero" : "grid", x1: gutter, x2: full - PAD.right, y1: y(t), y2: y(t) }));
    svg.append(shape("text", { x: gutter - 8, y: y(t) + 4, "text-anchor": "end", "aria-hidden": "true" }, show(t)));
  }
  for (const at of [mark, -mark]) svg.append(shape("line", { class: "x-mark", x1: gutter, x2: full - PAD.right, y1: y(at), y2: y(at) }));
  const point = (i, v) => `${x(i).toFixed(1)} ${y(kept(v)).toFixed(1)}`;
  svg.append(shape("path", { class: "band line-0", d: `M${told.map((i) => point(i, high[i])).join("L")}L${[...told].reverse().map((i) => point(i, low[i])).join("L")}Z` }));
  svg.append(shape("path", { class: "line line-0", d: `M${told.map((i) => point(i, difference[i])).join("L")}` }));
  if (told.length < 3) svg.append(...told.flatMap((i) => [shape("line", { class: "x-whisker", x1: x(i), x2: x(i), y1: y(kept(low[i])), y2: y(kept(high[i])) }), shape("circle", { class: "dot line-0", r: 4, cx: x(i), cy: y(kept(difference[i])) })]));
  svg.append(...dates(told, days, x, full));
  plot.replaceChildren(svg);
}

function dates(told, days, x, width) {
  const wanted = Math.max(2, Math.min(6, Math.floor(width / 120)));
  const every = Math.max(1, Math.ceil((told.length - 1) / (wanted - 1)));
  const marks = told.filter((_, n) => (told.length - 1 - n) % every === 0);
  return marks.map((i) => shape("text", { x: x(i), y: HEIGHT - 6, "text-anchor": i === told.at(-1) && told.length > 1 ? "end" : x(i) < 70 ? "start" : "middle", "aria-hidden": "true" }, dayName(days[i])));
}
