// The draft in the reply box: greyed until it is used, with what it rests on. Tab uses it, typing replaces it, Escape drops it.

import { el } from "../dom.js";
import { label, locale, number, put } from "../words.js";
import { ask } from "./api.js";
import { button, glyph, showBox } from "./parts.js";
import { foreign, translate } from "./talk.js";

// `ghost`, `under`, `ways`: where the draft, what it rests on and what can be done with it are shown; `use(text)` puts the draft in the box; `drawn()` is called when it has come or gone.
export function setUpDraft({ ghost, under, ways, use, drawn }) {
  let draft = null; // {id, text, sources, confidence, language, asked: ticket}
  let state = "none"; // none, coming, shown, used, dropped
  let wanted = null;

  async function load(ticket, answering) {
    if (wanted === answering) return;
    wanted = answering;
    tell(null, "coming");
    const answer = await ask("GET", `/tickets/${encodeURIComponent(ticket)}/draft`, undefined, 180);
    if (wanted !== answering) return;
    if (answer.ok && answer.data?.text) tell({ ...answer.data, ticket }, "shown");
    else tell(null, "none");
  }

  function tell(next, to) {
    draft = next;
    state = to;
    draw();
    drawn();
  }

  // `empty`: nothing stands in the box. The draft shows through only then.
  function draw(empty = !ghost.dataset.covered) {
    ghost.dataset.covered = empty ? "" : "yes";
    const visible = empty && state === "shown";
    ghost.hidden = !visible;
    ghost.replaceChildren(); // what is hidden still describes the box to those who do not see it
    under.replaceChildren();
    if (visible) ghost.replaceChildren(put(el("span", { class: "unseen" }), "draft_is"), draft.text);
    ghost.lang = draft?.language || locale();
    under.hidden = !(visible || (empty && state === "coming") || (!empty && state === "used"));
    if (!under.hidden) under.replaceChildren(...(state === "coming" ? [el("span", { class: "pulse", "aria-hidden": "true" }), put(el("span"), "draft_coming")] : row()));
    if (ways.hidden !== visible) return; // as it is: the focus stays where it stands
    ways.hidden = !visible;
    const meaning = visible && foreign(draft.text) ? [button("translate", explain, { look: "small quiet", sign: "words" })] : [];
    ways.replaceChildren(...(visible ? [...meaning, button("drop_draft", drop, { look: "quiet", hint: "Esc" }), button("use_draft", accept, { look: "primary", sign: "spark", hint: "Tab" })] : []));
  }

  function row() {
    const sources = (draft.sources || []).map((source, i) => sourceButton(source, i + 1));
    return [
      el("span", { class: "draft-what" }, glyph("spark"), put(el("b"), state === "used" ? "draft_used" : "draft_word"), sure(draft.confidence)),
      el("span", { class: "draft-sources" }, sources.length ? sources : put(el("span", { class: "quiet-line" }), "no_sources")),
    ];
  }

  async function explain() {
    const answer = await translate(draft.text, locale());
    showBox("draft_says", {}, answer.ok ? el("p", { class: "long" }, answer.text) : put(el("p"), typeof answer.why === "string" ? answer.why : "try_later"));
  }

  function accept() {
    if (state !== "shown") return false;
    state = "used";
    use(draft.text);
    draw(false);
    return true;
  }

  function drop() {
    if (state !== "shown") return false;
    record(draft.ticket, { id: draft.id, outcome: "discarded", text: "" });
    state = "dropped";
    draw();
    drawn();
    return true;
  }

  return {
    load,
    draw,
    accept,
    drop,
    // What became of the draft in the words that are sent, to be recorded once they have gone.
    outcome(text) {
      if (!draft || !["shown", "used"].includes(state)) return null;
      return { id: draft.id, outcome: state === "shown" ? "discarded" : text === draft.text.trim() ? "accepted" : "edited", text };
    },
    sent() {
      tell(null, "none");
    },
    clear() {
      wanted = null;
      tell(null, "none");
    },
    kept: () => (state === "used" ? { draft, wanted } : null),
    restore(kept) {
      ({ draft, wanted } = kept);
      state = "used";
      draw(false);
    },
    visible: () => state === "shown" && !ghost.hidden,
  };
}

export function record(ticket, outcome) { return ask("POST", `/tickets/${encodeURIComponent(ticket)}/draft`, outcome); }

function sure(confidence) {
  if (typeof confidence !== "number") return null;
  const word = confidence >= 0.75 ? "sure_high" : confidence >= 0.45 ? "sure_middle" : "sure_low";
  return put(el("span", { class: `sure ${word}` }), word, { n: number(Math.round(confidence * 100), 0) });
}

// A source is named in short and opens in full.
function sourceButton(source, n) {
  const open = () => showBox("source_box", { n }, el("p", { class: "origin" }, source.source || ""), el("p", { class: "long" }, el("mark", {}, source.text)));
  const node = el("button", { type: "button", class: "source", onclick: open }, el("b", {}, String(n)), el("span", {}, source.source || source.text));
  return label(node, "source_label", { n, what: source.source || source.text });
}
