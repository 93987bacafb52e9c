// A new experiment: what is tried, what decides, and how long that takes, answered while it is written.

import { why } from "../desk/api.js";
import { button, field, select, tool } from "../desk/parts.js";
import { el } from "../dom.js";
import { number, put, say } from "../words.js";
import { OWN, isOwn, ownLine, weightFields } from "./experiment_weights.js";
import { value } from "./experiments.js";
import { card, count, failed, money, note, percent } from "./kit.js";

const LONG_DAYS = 60;
const MOST_ARMS = 4;
const QUIET_MS = 350; // after the last key before the planner is asked
const AMOUNTS = ["revenue"];
const TRIES = { variety: (usual) => (Number(usual) < 0.3 ? 0.3 : 0), slate_size: (usual) => Math.min(12, Number(usual) + 2), explore: () => 0.05 };

export async function drawForm(place, view) {
  const answer = await view.get("/experiments");
  if (!answer.ok) return place.replaceChildren(failed(answer));
  const form = new Form(answer.data, view);
  place.replaceChildren(form.node);
  form.asked();
}

class Form {
  constructor({ varied, metrics, guardrails, usual_guardrails: usual, weights }, view) {
    this.weights = weights;
    this.view = view;
    this.varied = varied;
    this.arms = [{ name: say("x_arm_first"), weight: 1 }, { name: say("x_arm_second"), weight: 1 }];
    this.name = el("input", { class: "control", maxlength: 80, required: true, "data-first": true, autocomplete: "off" });
    this.what = select(varied.map((one) => [one.name, say(`x_v_${one.name}`)]), "variety", { onchange: () => this.chosen() });
    this.how = select([["split", say("x_split")], ["interleaved", say("x_interleaved")]], "split", { onchange: () => this.chosen(false) });
    this.metric = select(metrics.map((name) => [name, say(`x_m_${name}`)]), "conversion", { onchange: () => this.chosen(false) });
    this.effect = this.numeric(2, { step: "any", min: "0" });
    this.effectNote = el("span", { class: "field-note" });
    this.alpha = this.numeric(5, { min: "0.1", max: "20", step: "any" });
    this.power = this.numeric(80, { min: "50", max: "99", step: "any" });
    this.share = this.numeric(100, { min: "1", max: "100", step: "any" });
    this.units = this.numeric("", { min: "1", step: "1" });
    this.guards = guardrails.map((name) => [name, el("input", { type: "checkbox", onchange: (event) => { event.target.dataset.chosen = ""; } })]);
    this.usualGuards = usual;
    this.armsPlace = el("div", { class: "x-arms" });
    this.takes = el("div", { class: "x-takes", role: "status" });
    this.fault = el("p", { class: "x-warn", role: "alert", hidden: true });
    this.node = this.laid();
    this.chosen();
  }

  numeric(start, more) {
    return el("input", { class: "control", type: "number", inputmode: "decimal", value: start, oninput: () => this.asked(), ...more });
  }

  laid() {
    const back = put(el("a", { class: "x-back", href: this.view.address({ item: "" }) }), "x_back");
    const checks = this.guards.map(([name, box]) => el("label", { class: "x-check" }, box, put(el("span"), `x_m_${name}`)));
    this.guardNote = el("p", { class: "field-note" });
    this.howRow = field("x_design", this.how);
    this.metricRow = field("x_metric", this.metric);
    const effect = el("label", { class: "field-row" }, put(el("span", { class: "field-name" }), "x_effect"), this.effect, this.effectNote);
    const sure = el("details", { class: "x-more" }, put(el("summary"), "x_more"), field("x_alpha", this.alpha), field("x_power", this.power), field("x_share", this.share), field("x_units", this.units, "x_units_note"));
    const guarded = el("fieldset", { class: "x-guards" }, put(el("legend", { class: "field-name" }), "x_guardrails"), this.guardNote, checks);
    const rows = [field("x_name", this.name), field("x_varied", this.what), this.howRow, this.armsPlace, this.metricRow, effect, guarded, sure];
    const send = el("div", { class: "ways-out" }, button("x_create", null, { look: "primary", type: "submit" }), put(el("a", { class: "button", href: this.view.address({ item: "" }) }), "cancel"));
    const form = el("form", { class: "x-form", novalidate: true, onsubmit: (event) => this.sent(event) }, rows, this.fault, send);
    return el("div", { class: "stack", "data-hold": true }, back, el("div", { class: "x-pair" }, card("x_new", form), card("x_takes", this.takes)));
  }

  // What is tried was chosen: the arms begin with what is usual.
  chosen(anew = true) {
    const { usual, choices } = this.varied.find((one) => one.name === this.what.value);
    const ranking = ["ranker", "variety"].includes(this.what.value);
    if (!ranking) this.how.value = "split";
    this.howRow.hidden = !ranking;
    this.interleaved = this.how.value === "interleaved";
    this.metricRow.hidden = this.interleaved;
    if (this.interleaved) this.arms = this.arms.slice(0, 2);
    if (anew) this.arms.forEach((arm, i) => { arm.value = !i ? usual : i > 1 ? "" : choices?.find((one) => one !== usual) ?? String(TRIES[this.what.value](usual)); });
    const unit = this.interleaved ? "preference" : AMOUNTS.includes(this.metric.value) ? "money" : "points";
    put(this.effectNote, `x_effect_${unit}`);
    this.guard();
    this.drawArms(choices);
    this.asked();
  }

  // What decides is no guardrail; the others are as usual for it, but for those that the owner set.
  guard() {
    put(this.guardNote, this.interleaved ? "x_guard_none" : "x_guard_share");
    for (const [name, box] of this.guards) {
      box.parentNode.hidden = this.interleaved || name === this.metric.value;
      if (!("chosen" in box.dataset)) box.checked = this.usualGuards[this.metric.value].includes(name);
    }
  }

  guardrails() { return this.guards.filter(([, box]) => box.checked && !box.parentNode.hidden).map(([name]) => name); }

  drawArms(choices) {
    const rows = this.arms.map((arm, i) => el("div", { class: "x-arm" },
      field("x_arm_name", el("input", { class: "control", value: arm.name, maxlength: 80, oninput: (event) => { arm.name = event.target.value; } })),
      field("x_arm_value", this.valueOf(arm, choices)),
      this.interleaved ? null : field("x_arm_weight", el("input", { class: "control", type: "number", min: "0.01", max: "100", step: "any", value: arm.weight, oninput: (event) => { arm.weight = Number(event.target.value); this.asked(); } })),
      i > 1 ? tool("x_arm_drop", "close", () => { this.arms.splice(i, 1); this.drawArms(choices); this.asked(); }, { name: arm.name }) : el("span", { class: "x-gap" }),
      this.what.value === "ranker" && isOwn(arm.value) ? weightFields(arm.value, this.weights.most, (line) => { arm.value = line; }) : null));
    const more = this.arms.length < MOST_ARMS && !this.interleaved && button("x_arm_add", () => {
      this.arms.push({ name: say("x_arm_third", { n: this.arms.length }), weight: 1, value: "" });
      this.drawArms(choices);
      this.asked();
    }, { look: "small" });
    this.armsPlace.replaceChildren(put(el("h3"), "x_arms"), put(el("p", { class: "field-note" }), `x_note_${this.what.value}`), ...rows, more || "");
  }

  valueOf(arm, choices) {
    const kept = (event) => { arm.value = event.target.value; };
    if (this.what.value === "ranker") return this.ranker(arm, choices);
    if (choices) return select([...(arm.value ? [] : [["", "–"]]), ...choices.map((name) => [name, value(this.what.value, name)])], arm.value, { onchange: kept });
    return el("input", { class: "control", type: "number", step: "any", min: "0", inputmode: "decimal", value: arm.value, oninput: kept });
  }

  // A ranking has a name, or weights of the owner's own, which begin as they are now.
  ranker(arm, choices) {
    const names = [...(arm.value ? [] : [["", "–"]]), ...choices.map((name) => [name, value("ranker", name)]), [OWN, say("x_w_own")]];
    const chosen = (event) => {
      arm.value = event.target.value === OWN ? ownLine(this.weights.usual) : event.target.value;
      this.drawArms(choices);
    };
    return select(names, isOwn(arm.value) ? OWN : arm.value, { onchange: chosen });
  }

  size() {
    const share = this.interleaved || !AMOUNTS.includes(this.metric.value);
    return {
      metric: this.interleaved ? "ctr" : this.metric.value, design: this.how.value,
      effect: Number(this.effect.value) / (share ? 100 : 1),
      alpha: Number(this.alpha.value) / 100, power: Number(this.power.value) / 100, share: Number(this.share.value) / 100,
    };
  }

  // ---- The planner

  asked() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.plan(), QUIET_MS);
  }

  async plan() {
    const asked = { ...this.size(), weights: this.arms.map((arm) => arm.weight) };
    const mine = (this.turn = (this.turn || 0) + 1);
    const answer = await this.view.post("/experiments/size", asked);
    if (mine !== this.turn) return;
    this.takes.replaceChildren(...(answer.ok ? this.told(answer.data) : [el("p", { class: "x-warn" }, reason(answer))]));
  }

  told({ baseline, size }) {
    const show = AMOUNTS.includes(this.metric.value) && !this.interleaved ? money : percent;
    const now = note("x_takes_now", { figure: `${say(`x_m_${this.interleaved ? "ctr" : this.metric.value}`)} ${show(baseline.figure)}`, a_day: number(baseline.units_a_day, baseline.units_a_day < 10 ? 1 : 0) });
    if (!size) return [note("x_takes_unknown"), baseline.units_a_day ? now : null].filter(Boolean);
    const line = size.days === null ? put(el("p", { class: "x-big" }), "x_takes_never", { conversations: count(size.conversations) }) : put(el("p", { class: "x-big" }), "x_takes_line", { conversations: count(size.conversations), days: count(size.days) });
    const long = size.days > LONG_DAYS ? el("p", { class: "x-warn" }, say("x_takes_long")) : null;
    const once = note("x_takes_once", { n: count(Math.round((size.fixed_units / size.units) * size.conversations)) });
    return [line, long, now, once].filter(Boolean);
  }

  // ---- Sending

  async sent(event) {
    event.preventDefault();
    const body = {
      ...this.size(), name: this.name.value, varied: this.what.value,
      arms: this.arms.map((arm) => ({ name: arm.name, value: arm.value, weight: arm.weight })),
      guardrails: this.guardrails(),
      ...(this.units.value ? { units: Number(this.units.value) } : {}),
    };
    const answer = await this.view.post("/experiments", body);
    this.fault.hidden = answer.ok;
    if (!answer.ok) {
      this.fault.textContent = reason(answer);
      return;
    }
    this.view.tell("x_created");
    this.view.go({ item: answer.data.id });
  }
}

// Why it did not go through, with the field where the server names one.
export function reason(answer) {
  const first = Array.isArray(answer.data?.detail) ? answer.data.detail[0] : null;
  if (first) return `${first.loc?.slice(1).join(" ")}: ${first.msg}`;
  const words = why(answer);
  return words.words || say(words);
}
