// The survey: what is asked now, who answers, the wordings compared, and answers that others collected.

import { button, glyph, term } from "../desk/parts.js";
import { el } from "../dom.js";
import { locale, put, say } from "../words.js";
import { ROOT, withFilters } from "./api.js";
import { behind, card, count, dayName, download, empty, failed, FEW, interval, note, percent, table } from "./kit.js";

const LARGEST = 4 * 1024 * 1024;
const STATES = { offered: "col_asked", answered: "col_answered", skipped: "col_skipped", satisfied: "col_satisfied" };
let last = null; // what became of the file that was taken in last

export const section = {
  id: "surveys",
  title: "surveys",
  async draw(place, { get, filters, address }) {
    const answer = await get("/surveys");
    if (!answer.ok) return place.replaceChildren(failed(answer));
    const { now, responses, versions, elsewhere } = answer.data;
    place.replaceChildren(el("div", { class: "stack" },
      el("div", { class: "pair" }, asked(now), intake()), answered(responses, filters, address), versions.length > 1 && wordings(versions), fromElsewhere(elsewhere)));
  },
};

// ---- What is asked

function asked(now) {
  if (!now) return card("survey_now", note("survey_off"));
  return card("survey_now",
    el("ul", { class: "survey-forms" }, now.forms.map(form)),
    put(el("h3"), "survey_when"), moments(now),
    note("survey_limits", { turns: now.minimum_turns, days: now.again_after_days, link: now.link_days }), note("survey_where"));
}

function form({ subject, variant, scale, question, comment }) {
  const about = [term("subject", subject), scaleName(scale), variant && say("survey_variant", { name: variant })].filter(Boolean).join(" · ");
  const then = comment ? say("survey_comment", { words: comment[locale()] }) : say("survey_no_comment");
  return el("li", {}, el("span", { class: "quiet-line" }, about), el("b", {}, question[locale()]), el("span", { class: "quiet-line" }, then));
}

function scaleName({ kind, low, high }) { return say(`scale_${kind}`, { low, high }); }

function moments({ moments: on }) {
  const held = ["resolved", "cart", "closed"].filter((name) => on[name]).map((name) => term("trigger", name));
  for (const name of ["idle", "turns"]) if (on[name]) held.push(say(`moment_${name}`, { n: on[name] }));
  return held.length ? el("ul", { class: "survey-moments" }, held.map((words) => el("li", {}, glyph("check"), el("span", {}, words)))) : note("survey_never");
}

// ---- Who answers

// A share with its interval; of few it says so instead.
function shared(share) {
  if (share.value === null) return "–";
  const sure = share.n < FEW ? say("of_few", { n: share.n }) : interval(share.interval.low, share.interval.high);
  return el("span", {}, percent(share.value), el("span", { class: "dim" }, ` (${sure})`));
}

// The conversations behind a number of offers; `what` names the offers, `state` what became of those that are meant.
function behindOf(what, state, words, name) {
  const label = `${name}: ${say(STATES[state])}`;
  return behind(words, "/surveys/conversations", { ...what, state, label }, { "data-key": `survey-${Object.values(what).join("-")}-${state}` });
}

function answered(rows, filters, address) {
  if (!rows.length) return card("survey_answered", nobody(filters, address));
  const of = (r, state, n, words) => {
    const what = { subject: r.subject, trigger: r.trigger, channel: r.channel };
    return n ? behindOf(what, state, words, [term("trigger", r.trigger), term("subject", r.subject), term("channel", r.channel)].join(" · ")) : words;
  };
  const columns = [
    { key: "trigger", title: "col_moment", show: (r) => el("span", { class: "survey-moment" }, term("trigger", r.trigger), el("span", { class: "quiet-line" }, `${term("subject", r.subject)} · ${term("channel", r.channel)}`)) },
    { key: "offered", title: "col_asked", num: true, show: (r) => of(r, "offered", r.offered, count(r.offered)) },
    { key: "answered", title: "col_answered", num: true, show: (r) => of(r, "answered", r.answered, count(r.answered)) },
    { key: "skipped", title: "col_skipped", num: true, show: (r) => of(r, "skipped", r.skipped, count(r.skipped)) },
    { key: "rate", title: "col_rate", num: true, show: (r) => shared(r.response_rate) },
    { key: "csat", title: "col_satisfied", num: true, show: (r) => of(r, "satisfied", r.satisfied, shared(r.csat)) },
  ];
  const file = (key, format) => download(key, ROOT + withFilters("/export", { what: "surveys", format }));
  return card("survey_answered", note("survey_days"), table(columns, rows, { caption: "survey_answered", key: "survey-answered" }),
    el("div", { class: "ways-out" }, file("as_csv", "csv"), file("as_parquet", "parquet")));
}

// Nobody was asked, or only none of those that the filters let through.
function nobody(filters, address) {
  const set = Object.keys(filters).filter((name) => !["from", "to"].includes(name));
  if (!set.length) return empty("nobody_was_asked");
  const off = Object.fromEntries(set.map((name) => [name, ""]));
  return empty("nobody_fits_filters", {}, put(el("a", { class: "button", href: address(off) }), "clear_all"));
}

function wordings(rows) {
  const columns = [
    { key: "question", title: "col_wording", show: (r) => el("span", {}, r.form.question[locale()], r.now && el("span", { class: "dim" }, ` · ${say("wording_now")}`)) },
    { key: "about", title: "col_about", show: (r) => term("subject", r.form.subject) },
    { key: "scale", title: "col_scale", show: (r) => scaleName(r.form.scale) },
    { key: "since", title: "col_since", show: (r) => dayName(r.since.slice(0, 10), { year: "numeric" }) },
    { key: "offered", title: "col_asked", num: true, show: (r) => behindOf({ wording: r.id }, "offered", count(r.offered), r.form.question[locale()]) },
    { key: "rate", title: "col_rate", num: true, show: (r) => shared(r.response_rate) },
  ];
  return card("survey_versions", note("survey_caution"), table(columns, rows, { caption: "survey_versions", key: "survey-versions" }));
}

function fromElsewhere(rows) {
  const columns = [
    { key: "source", title: "col_source" },
    { key: "subject", title: "col_about", show: (r) => term("subject", r.subject) },
    { key: "kind", title: "col_scale", show: (r) => (r.kind === "own" ? "–" : say(`scale_${r.kind}`)) },
    { key: "answers", title: "col_answers", num: true, show: (r) => count(r.answers) },
    { key: "csat", title: "col_satisfied", num: true, show: (r) => shared(r.csat) },
  ];
  return card("survey_elsewhere", note("elsewhere_line"), rows.length ? table(columns, rows, { caption: "survey_elsewhere", key: "survey-elsewhere" }) : note("elsewhere_none"));
}

// ---- Taking a file in

function intake() {
  const input = el("input", { type: "file", accept: ".csv,.tsv,.txt,.gz,text/csv", class: "unseen", id: "survey-file", tabindex: "-1", "aria-hidden": "true" });
  const choose = button("choose_file", () => input.click(), { look: "primary" });
  const result = el("div", { class: "survey-result", role: "status" }, told());
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    choose.disabled = true;
    result.dataset.hold = "";
    result.replaceChildren(note("importing", { name: file.name }));
    last = { name: file.name, ...(await send(file)) };
    result.replaceChildren(...told());
    choose.disabled = false;
    input.value = "";
    delete result.dataset.hold;
  });
  return card("import_title", note("import_line"), el("div", { class: "ways-out" }, choose, input, download("get_template", `${ROOT}/surveys/template`)), result);
}

async function send(file) {
  if (file.size > LARGEST) return { ok: false, key: "file_too_large" };
  try {
    const headers = { "content-type": "text/csv", accept: "application/json" };
    const answer = await fetch(`${ROOT}/surveys/import`, { method: "POST", headers, body: file, cache: "no-store" });
    const data = await answer.json().catch(() => null);
    if (answer.status === 413) return { ok: false, key: "file_too_large" };
    return answer.ok ? { ok: true, data } : { ok: false, why: typeof data?.detail === "string" ? data.detail : say("try_later") };
  } catch {
    return { ok: false, why: say("unreachable") };
  }
}

function told() {
  if (!last) return [];
  if (!last.ok) return [el("p", { class: "fault" }, glyph("warn"), last.key ? put(el("span"), last.key) : put(el("span"), "file_not_taken", { why: last.why }))];
  const { added, repeated, rejected, rejects } = last.data;
  const line = put(el("p"), "imported", { name: last.name, added, repeated, rejected });
  if (!rejected) return [line];
  const columns = ["line", "key", "field", "reason"].map((key) => ({ key, title: `col_${key}` }));
  const more = rejected > rejects.length && note("more_left_out", { n: rejected - rejects.length });
  return [line, put(el("h3"), "left_out"), table(columns, rejects, { caption: "left_out", key: "survey-rejects" }), more, listFile(rejects)].filter(Boolean);
}

// The list as a file; a cell that a spreadsheet would calculate begins with an apostrophe.
function listFile(rejects) {
  const cell = (value) => `"${String(value ?? "").replace(/^(?=[=+\-@\t\r\n])/, "'").replaceAll('"', '""')}"`;
  const lines = [["line", "key", "field", "reason"], ...rejects.map((r) => [r.line, r.key, r.field, r.reason])];
  const file = new Blob(["\ufeff", lines.map((line) => line.map(cell).join(",")).join("\r\n")], { type: "text/csv" });
  return put(el("a", { class: "button small", href: URL.createObjectURL(file), download: "left-out.csv" }), "get_rejects");
}
