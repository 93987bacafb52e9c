// Alerts: what the owner was told and how it went out, what was done about it, and the rules, each of which can be muted.

import { button, glyph, menu, when } from "../desk/parts.js";
import { el } from "../dom.js";
import { put, say } from "../words.js";
import { get as fresh } from "./api.js";
import { behind, card, empty, failed, files, note } from "./kit.js";

const FIRST = 10;
const MUTES = [1, 24, 168]; // hours
const SIGNS = { notice: "note", warning: "warn", critical: "shield" };

// What is listed stands in the address as unseen:HOW_MANY.
function looked(item) {
  const [which = "", many = ""] = (item || "").split(":");
  return { unseen: which === "unseen", many: Math.min(100, Number(many) || FIRST) };
}

export const section = {
  id: "alerts",
  title: "alerts",
  async draw(place, context) {
    const look = looked(context.item);
    const answer = await context.get("/alerts", { unseen: look.unseen || "", limit: look.many });
    if (!answer.ok) return place.replaceChildren(failed(answer));
    const told = answer.data;
    const again = () => section.draw(place, { ...context, get: fresh });
    const acts = { ...context, again };
    place.replaceChildren(el("div", { class: "stack" }, list(told, look, acts), rules(told, acts), told.total ? files([{ name: "al_file", path: "/alerts/export" }]) : null));
  },
};

function list(told, look, context) {
  const at = (item) => context.address({ item });
  const tab = (key, unseen) => put(el("a", { class: `button small${look.unseen === unseen ? " on" : ""}`, href: at(unseen ? "unseen" : ""), "aria-current": look.unseen === unseen ? "true" : null, "data-key": key }), key);
  const rows = told.alerts.length ? el("ol", { class: "alerts" }, told.alerts.map((one) => alert(one, told, context))) : empty(look.unseen && told.open === 0 ? "alerts_line_none" : "alerts_none");
  const more = told.alerts.length < told.total && look.many < 100 && put(el("a", { class: "button small", href: at(`${look.unseen ? "unseen" : ""}:${look.many + 20}`), "data-key": "al-more" }), "al_more");
  return el("section", { class: "card first" }, put(el("h2"), "alerts_title"), told.alerts.length ? put(el("p"), told.open ? "alerts_line" : "alerts_line_none", { n: told.open }) : null,
    told.alerts.length || look.unseen ? el("div", { class: "ways-out" }, tab("al_all", false), tab("al_unseen", true)) : null, rows, told.alerts.length ? note("al_whatever_filters") : null, told.alerts.length ? null : note("alerts_none_more"), more || null);
}

// ---- One alert

function alert(one, told, context) {
  const mutedNow = told.rules.some((rule) => rule.name === one.rule && rule.muted_until);
  const seen = one.seen_at ? el("span", { class: "quiet-line al-seen" }, glyph("check"), say("al_seen_by", { name: one.seen_by || "–" }), " · ", when(one.seen_at)) : button("al_seen", () => acknowledge(one.id, context), { look: "small", sign: "check" });
  if (!one.seen_at) seen.dataset.key = `al-seen-${one.id}`;
  return el("li", { class: `alert ${one.severity}${one.seen_at ? " done" : ""}` },
    el("p", { class: "al-mark" }, glyph(SIGNS[one.severity] || "warn"), el("b", {}, say(`al_severity_${one.severity}`)), el("time", { class: "quiet-line", datetime: one.at }, when(one.at))),
    el("h3", {}, one.title), el("p", {}, one.line, " ", one.talks ? behind(say("al_talks"), "/alerts/conversations", { alert: one.id, from: one.from, to: one.to, label: one.title }, { "data-key": `al-talks-${one.id}` }) : null),
    one.quotes.length ? el("ul", { class: "quotes" }, one.quotes.map((quote) => quoted(quote, context))) : null,
    el("p", { class: "quiet-line al-way" }, ways(one, told)),
    el("div", { class: "ways-out" }, seen, mutedNow ? null : muting(one.rule, context)));
}

function quoted(quote, { address }) {
  const score = quote.kind === "thumb" ? say("al_score_thumb") : quote.value ? say("al_score", { n: Number(quote.value) }) : null;
  const talk = quote.session_id && put(el("a", { href: address({ talk: quote.session_id, behind: "" }) }), "op_open_talk");
  const product = quote.product && el("a", { href: address({ view: "opinions", product: quote.product_id, item: "" }) }, quote.product);
  return el("li", { class: "quote" }, quote.words ? el("blockquote", {}, quote.words) : null, score ? el("p", { class: "quiet-line" }, score) : null,
    talk || product ? el("p", { class: "quote-ways" }, product || null, talk || null) : null);
}

function ways(one, told) {
  if (one.muted) return say("al_was_muted");
  return one.deliveries.map((way) => {
    const channel = say(`al_${way.channel}`);
    if (way.state === "sent") return say("al_sent", { channel });
    if (way.state === "given_up") return say("al_given_up", { channel, n: way.attempts, error: way.error });
    return way.attempts && way.error ? say("al_failing", { channel, n: way.attempts, error: way.error }) : say("al_waiting", { channel });
  }).join(" · ");
}

async function acknowledge(id, { post, tell, again }) {
  const answer = await post(`/alerts/${id}/acknowledge`);
  tell(answer.ok ? "al_seen_done" : "view_failed");
  again();
}

// ---- Rules

function muting(rule, context) {
  return menu([glyph("clock"), put(el("span"), "al_mute")], MUTES.map((hours) => put(el("button", { type: "button", class: "button row", onclick: () => mute(rule, hours, context) }), `al_mute_${hours}`)), { "data-key": `al-mute-${rule}` });
}

async function mute(rule, hours, { post, tell, again }) {
  const answer = await post(`/alerts/rules/${rule}/mute`, { hours });
  if (answer.ok) tell("al_muted_done", { at: when(answer.data.muted_until) });
  else tell("view_failed");
  again();
}

async function unmute(rule, { post, tell, again }) {
  const answer = await post(`/alerts/rules/${rule}/unmute`);
  tell(answer.ok ? "al_unmuted_done" : "view_failed");
  again();
}

function rules(told, context) {
  const name = (rule) => (say(`al_rule_${rule}`) === `al_rule_${rule}` ? rule : say(`al_rule_${rule}`));
  const row = (rule) => el("li", {}, el("span", { class: "al-rule" }, el("b", {}, name(rule.name)), el("span", { class: "quiet-line" }, say(`al_severity_${rule.severity}`), rule.muted_until ? ` · ${say("al_muted_until", { at: when(rule.muted_until) })}` : "")),
    rule.muted_until ? button("al_unmute", () => unmute(rule.name, context), { look: "small" }) : muting(rule.name, context));
  const channels = told.channels.length ? note("al_channels", { channels: told.channels.map((one) => say(`al_${one}`)).join(", ") }) : note("al_no_channels");
  return card("al_rules", note("al_rules_line", { n: told.false_alarms_a_year }), channels, el("ul", { class: "al-rules" }, told.rules.map(row)));
}
