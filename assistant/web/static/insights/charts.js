// Charts of our own: lines by day, bars from zero, a funnel, intervals. Each has a title, a unit, and its figures as a table.

import { el } from "../dom.js";
import { put, say } from "../words.js";
import { dayName, table } from "./kit.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 208;
const PAD = { top: 12, right: 12, bottom: 26, left: 8 };
const pointed = new Map(); // the day that was looked at last, by chart: kept when the chart is drawn anew
const LEAST = 240; // pixels of width below which nothing is drawn narrower

function shape(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) if (value !== null && value !== undefined) node.setAttribute(name, value);
  node.append(...children.filter(Boolean));
  return node;
}

function words(name) { return Array.isArray(name) ? say(...name) : name.words ?? say(name); }

// Round steps from zero to at least `most`: 0, 20, 40, 60.
export function steps(most, wanted = 4) {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const scale = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * scale).find((n) => n >= rough);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step);
}

// ---- Lines by day

// `lines`: { name, values, low, high, link } with one value a day, null where there is none; `name` is a key, [key, args] or
// {words}, `link(i)` the address behind day i. `show` writes a value (`tick` one of the axis), `unit` is the key of what is
// counted, `top` the least upper end.
export function lineChart({ title, unit, days, lines, show, tick = show, top = 0, key = null }) {
  const plot = el("div", { class: "plot" });
  const tip = el("div", { class: "tip", hidden: true });
  const id = `chart-${Math.random().toString(36).slice(2, 8)}`;
  const legend = lines.length > 1 && el("ul", { class: "legend" }, lines.map((line, i) => el("li", {}, swatch(i), el("span", {}, words(line.name)))));
  const heading = el("figcaption", { id }, el("h3", {}, words(title)), el("div", { class: "under" }, put(el("span", { class: "quiet-line" }), unit), legend || null));
  const chart = { days, lines, show, tick, top, tip, plot, key, line: 0, at: Math.max(0, days.indexOf(pointed.get(key) ?? days.at(-1))), labelled: id };
  new ResizeObserver(([entry]) => entry.contentRect.width && draw(chart, entry.contentRect.width)).observe(plot);
  return el("figure", { class: "chart" }, heading, el("div", { class: "plot-place" }, plot, tip), asTable(chart));
}

function swatch(i) { return shape("svg", { viewBox: "0 0 24 8", class: `swatch line-${i}`, "aria-hidden": "true" }, shape("path", { d: "M1 4h22" })); }

function asTable({ days, lines, show, key }) {
  const columns = [{ key: "day", title: "by_day", show: (i) => dayName(days[i]) }, ...lines.map((line, n) => ({ key: words(line.name), title: "chart_value", num: true, show: (i) => cell(line, i, show, `${key}-${n}-${days[i]}`) }))];
  const body = table(columns, days.map((_, i) => i).reverse(), { key: key && `${key}-table` });
  body.querySelectorAll("thead th.num").forEach((th, i) => { delete th.dataset.t; th.textContent = words(lines[i].name); });
  return el("details", { class: "as-table" }, put(el("summary", { "data-key": key && `${key}-open` }), "as_table"), body);
}

function cell(line, i, show, key) {
  const words = told(line, i, show);
  return line.link && words !== "–" ? el("a", { class: "behind", href: line.link(i), "data-key": key }, words) : words;
}

function told(line, i, show) {
  const value = line.values[i];
  if (value === null || value === undefined) return "–";
  return line.low?.[i] === undefined || line.low[i] === null ? show(value) : `${show(value)} (${say("between", { low: show(line.low[i]), high: show(line.high[i]) })})`;
}

function draw(chart, width) {
  const { days, lines, tick, plot, top } = chart;
  const full = Math.max(LEAST, Math.floor(width));
  if (chart.width === full) return;
  chart.width = full;
  const most = Math.max(top, ...lines.flatMap((line) => [...line.values, ...(line.high || [])]).filter((v) => v !== null && v !== undefined));
  const ticks = steps(most);
  const ends = ticks[ticks.length - 1];
  const gutter = Math.max(...ticks.map((t) => tick(t).length)) * 7.2 + PAD.left + 6;
  const x = (i) => (days.length < 2 ? (gutter + full - PAD.right) / 2 : gutter + (i / (days.length - 1)) * (full - PAD.right - gutter - 4));
  const y = (v) => PAD.top + (1 - v / ends) * (HEIGHT - PAD.top - PAD.bottom);
  const svg = shape("svg", { class: "lines", width: full, height: HEIGHT, viewBox: `0 0 ${full} ${HEIGHT}`, role: "group", "aria-labelledby": chart.labelled });
  svg.append(...ticks.flatMap((t) => [
    shape("line", { class: t === 0 ? "base" : "grid", x1: gutter, x2: full - PAD.right, y1: y(t), y2: y(t) }),
    label(tick(t), gutter - 6, y(t) + 4, "end"),
  ]));
  svg.append(...dates(days, x, full));
  lines.forEach((line, i) => svg.append(...[band(line, x, y, i), path(line, x, y, i)].filter(Boolean)));
  svg.append(...pointer(chart, x, y));
  const had = plot.contains(document.activeElement);
  plot.replaceChildren(svg);
  if (had) svg.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
}

function label(text, x, y, anchor) {
  const node = shape("text", { x, y, "text-anchor": anchor, "aria-hidden": "true" });
  node.textContent = text;
  return node;
}

function dates(days, x, width) {
  const wanted = Math.max(2, Math.min(7, Math.floor(width / 110)));
  const every = Math.max(1, Math.ceil((days.length - 1) / (wanted - 1)));
  const marks = days.map((_, i) => days.length - 1 - i).filter((i) => (days.length - 1 - i) % every === 0);
  return marks.map((i) => label(dayName(days[i]), x(i), HEIGHT - 6, i === days.length - 1 ? "end" : x(i) < 60 ? "start" : "middle"));
}

// Stretches of days that follow each other with a value.
function stretches(values) {
  const all = [];
  values.forEach((v, i) => {
    if (v === null || v === undefined) return;
    if (all.length && all.at(-1).at(-1) === i - 1) all.at(-1).push(i);
    else all.push([i]);
  });
  return all;
}

function path(line, x, y, i) {
  const parts = stretches(line.values);
  const d = parts.map((run) => run.map((at, n) => `${n ? "L" : "M"}${x(at).toFixed(1)} ${y(line.values[at]).toFixed(1)}`).join("") + (run.length === 1 ? "h0.01" : "")).join("");
  return d && shape("path", { class: `line line-${i}`, d });
}

function band(line, x, y, i) {
  if (!line.low) return null;
  const parts = stretches(line.low.map((low, n) => (low === null ? null : line.high[n])));
  const d = parts.map((run) => `M${run.map((at) => `${x(at).toFixed(1)} ${y(line.high[at]).toFixed(1)}`).join("L")}L${[...run].reverse().map((at) => `${x(at).toFixed(1)} ${y(line.low[at]).toFixed(1)}`).join("L")}Z`).join("");
  return d && shape("path", { class: `band line-${i}`, d });
}

// One place in the order of the keyboard: arrows go from day to day and from line to line, Enter opens what is behind the point.
function pointer(chart, x, y) {
  const { days, lines, show, tip, width } = chart;
  const rule = shape("line", { class: "rule", y1: PAD.top, y2: HEIGHT - PAD.bottom, visibility: "hidden" });
  const dots = lines.map((_, i) => shape("circle", { class: `dot line-${i}`, r: 4, visibility: "hidden" }));
  const inOrder = () => [lines[chart.line], ...lines.filter((_, n) => n !== chart.line)];
  const said = (i) => `${dayName(days[i])}: ${inOrder().map((line) => `${lines.length > 1 ? `${words(line.name)} ` : ""}${told(line, i, show)}`).join(", ")}`;
  const point = (i, n = chart.line) => {
    chart.at = i;
    chart.line = n;
    pointed.set(chart.key, days[i]);
    rule.setAttribute("x1", x(i));
    rule.setAttribute("x2", x(i));
    rule.setAttribute("visibility", "visible");
    dots.forEach((dot, n) => {
      const value = lines[n].values[i];
      const there = value !== null && value !== undefined;
      dot.setAttribute("visibility", there ? "visible" : "hidden");
      dot.setAttribute("r", lines.length > 1 && n === chart.line ? 6 : 4);
      if (there) { dot.setAttribute("cx", x(i)); dot.setAttribute("cy", y(value)); }
    });
    tip.replaceChildren(el("b", {}, dayName(days[i], { weekday: "short" })), ...lines.map((line, n) => el("span", { class: lines.length > 1 && n === chart.line ? "chosen" : null }, swatch(n), lines.length > 1 ? `${words(line.name)}: ` : "", el("b", {}, told(line, i, show)))));
    tip.hidden = false;
    const left = x(i) > width / 2;
    tip.style.insetInlineStart = left ? "auto" : `${x(i) + 12}px`;
    tip.style.insetInlineEnd = left ? `${width - x(i) + 12}px` : "auto";
  };
  const leave = () => { for (const node of [rule, ...dots]) node.setAttribute("visibility", "hidden"); tip.hidden = true; };
  const links = Boolean(lines[0].link);
  const node = shape(links ? "a" : "g", { tabindex: "0", class: "points", "data-key": chart.key, role: links ? "link" : "img" }, shape("rect", { x: 0, y: 0, width, height: HEIGHT - PAD.bottom, fill: "transparent" }));
  const name = (i) => { node.setAttribute("aria-label", said(i)); if (links) node.setAttribute("href", lines[chart.line].link(i)); };
  const near = (event) => {
    const box = node.ownerSVGElement.getBoundingClientRect();
    const nearest = (all, far) => all.reduce((best, _, i) => (far(i) < far(best) ? i : best), 0);
    const at = nearest(days, (i) => Math.abs(x(i) - event.clientX + box.left));
    return [at, nearest(lines, (n) => Math.abs(y(lines[n].values[at] ?? Infinity) - event.clientY + box.top))];
  };
  for (const moved of ["pointermove", "pointerdown"]) node.addEventListener(moved, (event) => { point(...near(event)); name(chart.at); });
  node.addEventListener("pointerleave", () => node !== document.activeElement && leave());
  node.addEventListener("focus", () => { if (node.matches(":focus-visible")) point(chart.at); });
  node.addEventListener("blur", leave);
  node.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: chart.at - 1, ArrowRight: chart.at + 1, Home: 0, End: days.length - 1, ArrowUp: chart.at, ArrowDown: chart.at }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const other = { ArrowUp: lines.length - 1, ArrowDown: 1 }[event.key] || 0;
    point(Math.max(0, Math.min(days.length - 1, to)), (chart.line + other) % lines.length);
    name(chart.at);
  });
  name(chart.at);
  return [rule, ...dots, node];
}

// ---- Bars from zero

// `rows`: { name, value, words, rest, href }; `name` and `words` are text or nodes. The longest bar is `most`, else the largest value.
export function barChart({ title, unit, rows, most = null, key = null }) {
  const whole = most ?? Math.max(1e-9, ...rows.map((row) => row.value || 0));
  const line = (row, i) => el("li", {}, el("span", { class: "bar-name" }, row.name), el("span", { class: "bar-line", "aria-hidden": "true" }, fill(row.value / whole)),
    el("span", { class: "bar-value" }, row.href ? el("a", { class: "behind", href: row.href, "data-key": key && `${key}-${i}` }, row.words) : el("b", {}, row.words), row.rest && el("span", { class: "quiet-line" }, row.rest)));
  return el("figure", { class: "chart" }, el("figcaption", {}, el("h3", {}, words(title)), unit && put(el("span", { class: "quiet-line" }), unit)), el("ol", { class: "bars" }, rows.map(line)));
}

function fill(part) {
  const node = el("span", { class: "bar-fill" });
  node.style.inlineSize = `${Math.round(Math.min(1, Math.max(0, part || 0)) * 1000) / 10}%`;
  return node;
}

// Steps that each conversation takes or not, as bars of the first one's length.
export function funnelChart({ title, unit, stages, key }) {
  return barChart({ title, unit, key, most: Math.max(1, stages[0]?.value || 0), rows: stages });
}

// ---- A value between its bounds, on an axis from `from` to `to`; `zero` marks where nothing differs.
export function rangeBar({ value, low, high, from = 0, to = 1, zero = null, words: said = null }) {
  const at = (v) => Math.min(100, Math.max(0, ((v - from) / (to - from)) * 100));
  const parts = [
    shape("line", { class: "axis", x1: 0, x2: 100, y1: 10, y2: 10 }),
    zero === null ? null : shape("line", { class: "zero", x1: at(zero), x2: at(zero), y1: 2, y2: 18 }),
    low === null || low === undefined ? null : shape("line", { class: "range", x1: at(low), x2: at(high), y1: 10, y2: 10 }),
  ];
  const svg = shape("svg", { class: "range-bar", viewBox: "0 0 100 20", preserveAspectRatio: "none", role: said ? "img" : null, "aria-label": said, "aria-hidden": said ? null : "true" }, ...parts);
  const dot = el("span", { class: "range-dot" });
  dot.style.insetInlineStart = `${at(value)}%`;
  return el("span", { class: "range-place" }, svg, value === null || value === undefined ? null : dot);
}
