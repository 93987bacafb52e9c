// Experiments: all of them, and what the past says of another order. One of them, or a new one, takes the view's place.

import { button, select } from "../desk/parts.js";
import { el } from "../dom.js";
import { put, say } from "../words.js";
import { drawForm } from "./experiment_form.js";
import { drawOne } from "./experiment_result.js";
import { OWN, isOwn, ownLine, ownWords, weightFields } from "./experiment_weights.js";
import { card, count, dayName, empty, failed, interval, note, percent, table } from "./kit.js";

const ESTIMATES = ["logged", "ips", "snips", "doubly_robust"];

export const section = {
  id: "experiments",
  title: "experiments",
  async draw(place, view) {
    if (view.item === "new") return drawForm(place, view);
    if (view.item) return drawOne(place, view);
    const answer = await view.get("/experiments");
    if (!answer.ok) return place.replaceChildren(failed(answer));
    place.replaceChildren(el("div", { class: "stack" }, list(answer.data, view), past(answer.data, view)));
  },
};

function list({ experiments }, { address }) {
  const plan = put(el("a", { class: "button primary", href: address({ item: "new" }) }), "x_new");
  if (!experiments.length) return card("experiments", empty("x_none", {}, plan));
  const columns = [
    { key: "name", title: "x_name", show: (one) => el("a", { class: "behind", href: address({ item: one.id }), "data-key": `x-${one.id}` }, one.plan.name) },
    { key: "state", title: "x_state", show: state },
    { key: "varied", title: "x_varied", show: (one) => `${say(`x_v_${one.plan.varied}`)}: ${one.plan.arms.map((arm) => value(one.plan.varied, arm.value)).join(" / ")}` },
    { key: "metric", title: "x_metric", show: (one) => say(`x_m_${one.plan.metric}`) },
  ];
  return card("x_all", el("div", { class: "ways-out" }, plan), table(columns, experiments, { caption: "x_all", key: "x-all" }));
}

// Its state with a mark that is not colour alone, and since when.
export function state(one) {
  const last = [...one.events].reverse().find((event) => event.kind !== "weights");
  const since = (last?.at || one.at).slice(0, 10);
  return el("span", { class: `x-state x-${one.state}` }, put(el("b"), `x_${one.state}`), " ", el("span", { class: "quiet-line" }, say("x_since", { when: dayName(since) })));
}

export function value(varied, given) {
  if (varied === "ranker" && isOwn(given)) return ownWords(given);
  const key = `x_c_${given}`;
  return typeof given === "string" && say(key) !== key ? say(key) : String(given);
}

// ---- What the past says

function past({ varied, weights }, { get }) {
  const rankers = varied.find((one) => one.name === "ranker")?.choices || ["standard"];
  let own = ownLine(weights.usual);
  const ranker = select([...rankers.map((name) => [name, value("ranker", name)]), [OWN, say("x_w_own")]], "standard", { id: "x-past-ranker", onchange: () => { fields.hidden = ranker.value !== OWN; } });
  const fields = el("div", { hidden: true }, weightFields(own, weights.most, (line) => { own = line; }));
  const variety = select([0, 0.3, 0.6, 1].map((step) => [String(step), String(step)]), "0.3", { id: "x-past-variety" });
  const told = el("div", { class: "x-told", role: "status" });
  const ask = async () => {
    told.dataset.hold = "";
    told.replaceChildren(el("p", { class: "quiet-line" }, "…"));
    const answer = await get("/experiments/would-have", { ranker: ranker.value === OWN ? own : ranker.value, variety: variety.value });
    told.replaceChildren(answer.ok ? estimates(answer.data) : failed(answer));
  };
  const field = (key, control) => el("label", { class: "field-row" }, put(el("span", { class: "field-name" }), key), control);
  const row = el("div", { class: "x-ask" }, field("x_v_ranker", ranker), field("x_v_variety", variety), button("x_past_ask", ask));
  return card("x_past", note("x_past_line"), row, fields, told);
}

function estimates(found) {
  if (found.why !== "told") return note(`x_past_${found.why}`, { shelves: found.shelves });
  const columns = [
    { key: "name", title: "x_past_shown", show: (name) => say(`x_past_${name}`) },
    { key: "mean", title: "x_figure", num: true, show: (name) => `${percent(found[name].mean)} (${interval(found[name].low, found[name].high)})` },
  ];
  const rests = note("x_past_told", { shelves: found.shelves, effective: count(found.ips.effective) });
  return el("div", {}, table(columns, ESTIMATES.filter((name) => found[name])), rests, found.ips.thin && el("p", { class: "x-warn" }, say("x_past_thin")));
}
