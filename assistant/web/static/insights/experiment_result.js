// One experiment: what may be concluded, in words first; then the figures that it rests on, and what can be done next.

import { button, closeBox, field, showBox } from "../desk/parts.js";
import { el } from "../dom.js";
import { locale, put, say } from "../words.js";
import { differenceChart } from "./difference.js";
import { reason } from "./experiment_form.js";
import { state, value } from "./experiments.js";
import { card, count, failed, money, note, percent, table } from "./kit.js";

const SETTINGS = { variety: "AISLE_VARIETY", slate_size: "AISLE_SLATE_SIZE", explore: "AISLE_EXPLORE" };
const LOOKS = { better: "good", worse: "good", same: "good", harm: "bad", split: "bad", shifted: "bad" };

export async function drawOne(place, view) {
  const answer = await view.get(`/experiments/${encodeURIComponent(view.item)}`);
  const back = put(el("a", { class: "x-back", href: view.address({ item: "" }) }), "x_back");
  if (answer.status === 404) return place.replaceChildren(el("div", { class: "stack" }, back, note("x_gone")));
  if (!answer.ok) return place.replaceChildren(failed(answer));
  const one = answer.data;
  const parts = one.draft ? drafted(one) : one.result ? split(one, view) : [];
  place.replaceChildren(el("div", { class: "stack" }, back, head(one, view), ...parts, plan(one)));
}

// ---- What it says, and what can be done

function head(one, view) {
  const decided = one.events.find((event) => event.kind === "decided");
  const words = one.state === "planned" ? say("x_start_line") : one.verdict[locale()];
  const look = one.state === "planned" ? "" : LOOKS[one.verdict_kind] || "";
  const heading = el("div", { class: "x-head" }, el("h2", {}, one.plan.name), state(one));
  const kept = decided && el("p", { class: "x-kept" }, say("x_decided_for", { arm: decided.data.arm }), decided.data.why ? `: ${decided.data.why}` : "");
  return el("section", { class: "card" }, heading, el("p", { class: `x-verdict ${look}`, role: "status" }, words), kept || null, el("div", { class: "ways-out" }, acts(one, view)));
}

function acts(one, view) {
  if (one.state === "planned") return [button("x_start", () => confirm(one, view, "start"), { look: "primary" })];
  if (one.state === "running") return [button("x_stop", () => confirm(one, view, "stop"), { look: LOOKS[one.verdict_kind] ? "primary" : "" })];
  if (one.state === "stopped") return one.plan.arms.map((arm, i) => button("x_decide", () => decide(one, view, arm, i === 0), { look: arm.name === best(one) ? "primary" : "", args: { arm: arm.name } }));
  return [];
}

function best(one) {
  if (one.draft) return one.draft.ahead;
  return one.verdict_kind === "better" ? one.verdict_arm : one.plan.arms[0].name;
}

function confirm(one, view, what) {
  const act = button(`x_${what}`, () => done(view, `/experiments/${one.id}/${what}`, {}), { look: "primary" });
  act.dataset.first = "";
  showBox(`x_${what}`, {}, put(el("p"), `x_${what}_line`), el("div", { class: "ways-out" }, act, button("cancel", closeBox)));
}

function decide(one, view, arm, first) {
  const why = el("textarea", { class: "control", rows: 3, maxlength: 2000 });
  const setting = SETTINGS[one.plan.varied];
  const line = first ? put(el("p"), "x_decide_usual") : setting ? put(el("p"), "x_decide_line", { setting, value: String(arm.value) }) : put(el("p"), "x_decide_other", { what: `${say(`x_v_${one.plan.varied}`)}: ${value(one.plan.varied, arm.value)}` });
  const act = button("x_decide", () => done(view, `/experiments/${one.id}/decide`, { arm: arm.name, why: why.value }), { look: "primary", args: { arm: arm.name } });
  showBox("x_decide", { arm: arm.name }, el("div", { class: "x-form" }, line, field("x_why", why), el("div", { class: "ways-out" }, act, button("cancel", closeBox))));
}

async function done(view, path, body) {
  const answer = await view.post(path, body);
  closeBox();
  if (!answer.ok) view.tell({ words: reason(answer) });
}

// ---- A split experiment

// A figure of a measure as it is read.
function shown(measure, x) {
  if (x === null || x === undefined) return "–";
  if (measure === "revenue") return money(x);
  return measure === "first_sentence_ms" ? `${count(x)} ms` : percent(x);
}

function split(one, view) {
  const { result, plan: planned } = one;
  const arms = result.arms.map((arm, i) => ({ ...arm, ...planned.arms[i] }));
  const total = arms.reduce((sum, arm) => sum + arm.weight, 0);
  const columns = [
    { key: "name", title: "x_arm" },
    { key: "value", title: "x_arm_value", show: (arm) => value(planned.varied, arm.value) },
    { key: "weight", title: "x_arm_weight", num: true, show: (arm) => percent((arm.weight / total) * planned.share, 0) },
    { key: "units", title: "x_of_shoppers", num: true, show: (arm) => count(arm.units) },
    { key: "figure", title: `x_m_${planned.metric}`, num: true, show: (arm) => shown(planned.metric, arm.figure) },
    { key: "see", title: "x_behind", show: (arm) => put(el("a", { class: "behind", href: view.address({ view: "", item: "", arm: `${one.id}:${arm.name}` }) }), "x_see_arm") },
  ];
  const part = Math.min(1, result.units / planned.units);
  const bar = el("span", { class: "bar-fill" });
  bar.style.inlineSize = `${part * 100}%`;
  const progress = el("div", {}, el("div", { class: "bar-line", "aria-hidden": "true" }, bar), note("x_progress", { n: count(result.units), all: count(planned.units) }));
  return [card("x_arms", table(columns, arms, { caption: "x_arms", key: "x-arms" }), progress), ...result.contrasts.map((curve) => curved(curve, one)), checked(result), guarded(result, planned)].filter(Boolean);
}

function curved(curve, { plan: planned }) {
  const first = planned.arms[0].name;
  const title = ["x_difference", { arm: curve.arm, first, metric: say(`x_m_${planned.metric}`) }];
  if (curve.low.every((low) => low === null)) return card(title, note("x_no_curve"));
  const revenue = planned.metric === "revenue";
  const show = (x) => (revenue ? signed(x, money(Math.abs(x))) : signed(x, (Math.abs(x) * 100).toFixed(1)));
  return el("section", { class: "card" }, differenceChart({ title, unit: revenue ? "x_unit_money" : "x_unit_points", ...curve, mark: planned.effect, show }), note("x_chart_note", { arm: curve.arm }));
}

function signed(x, words) { return `${x > 0 ? "+" : x < 0 ? "−" : ""}${words}`; }

function checked({ split: check }) {
  if (!check) return null;
  const counts = check.counts.map(count).join(" / ");
  const expected = check.expected.map((one) => count(one)).join(" / ");
  return card("x_split_title", el("p", { class: check.as_planned ? "" : "x-warn" }, say(check.as_planned ? "x_split_good" : "x_split_bad", { counts, expected })));
}

function guarded({ guardrails }, { arms }) {
  if (!guardrails.length) return null;
  const several = arms.length > 2;
  const harm = (row) => {
    if (row.measure === "revenue") return signed(row.harm, money(Math.abs(row.harm)));
    if (row.measure === "first_sentence_ms") return `${signed(row.harm, count(Math.abs(row.harm)))} ms`;
    return say("points", { n: signed(row.harm, (Math.abs(row.harm) * 100).toFixed(1)) });
  };
  const judged = (row) => (row.at_least === null ? put(el("span", { class: "quiet-line" }), "x_guard_few") : put(el("span", { class: row.harmed ? "x-warn" : "" }), row.harmed ? "x_guard_harmed" : "x_guard_fine"));
  const columns = [
    { key: "measure", title: "x_measure", show: (row) => `${say(`x_m_${row.measure}`)}${several ? ` · ${row.arm}` : ""}` },
    { key: "judged", title: "x_verdict", show: judged },
    { key: "before", title: "x_guard_before", num: true, show: (row) => shown(row.measure, row.before) },
    { key: "now", title: "x_guard_now", num: true, show: (row) => shown(row.measure, row.now) },
    { key: "harm", title: "x_guard_harm", num: true, show: (row) => (row.harm === null ? "–" : harm(row)) },
  ];
  return card("x_guard_title", table(columns, guardrails, { caption: "x_guard_title", key: "x-guards" }));
}

// ---- An interleaved one

function drafted({ draft, plan: planned }) {
  const rows = planned.arms.map((arm) => ({ ...arm, wins: draft.wins[arm.name] || 0 }));
  const columns = [
    { key: "name", title: "x_arm" },
    { key: "value", title: "x_arm_value", show: (arm) => value(planned.varied, arm.value) },
    { key: "wins", title: "x_wins", num: true, bar: (arm) => (draft.decided ? arm.wins / draft.decided : 0), show: (arm) => say("x_shoppers", { n: arm.wins }) },
  ];
  return [card("x_arms", table(columns, rows, { caption: "x_arms", key: "x-arms" }), note("x_ties_line", { n: draft.ties })), card("x_guard_title", note("x_guard_none"))];
}

// ---- What was planned

function plan({ plan: planned }) {
  const interleaved = planned.design === "interleaved";
  const effect = planned.metric === "revenue" && !interleaved ? money(planned.effect) : say("points", { n: (planned.effect * 100).toFixed(1) });
  const line = note("x_plan_line", { effect, power: percent(planned.power, 0), alpha: percent(planned.alpha) });
  const names = planned.guardrails.map((name) => say(`x_m_${name}`)).join(locale() === "zh" ? "、" : ", ");
  const guards = names && note("x_plan_guarded", { names, alpha: percent(planned.alpha) });
  return card("x_plan", el("p", {}, `${say(`x_v_${planned.varied}`)} · ${say(interleaved ? "x_interleaved" : `x_m_${planned.metric}`)} · ${say("x_shoppers", { n: planned.units })}`), line, guards || null);
}
