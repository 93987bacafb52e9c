// What is answered often: suggestions for the FAQ, which the owner adds in words of their own, or which are turned away.

import { el } from "../dom.js";
import { put } from "../words.js";
import { get, post, why } from "./api.js";
import { button, closeBox, fault, faultLine, field, glyph, showBox, term } from "./parts.js";
import { address } from "./place.js";

const AGAIN_MS = 2000; // while the shop is still looking
const TICKETS = 5; // that are linked to

// `acts`: me(), tell(key, args), open(ticket)
export async function drawFaq(place, acts) {
  const list = el("div", { class: "faq", "aria-live": "polite" }, looking());
  const page = el("section", { class: "page" }, put(el("h1", { tabindex: "-1" }), "nav_faq"), put(el("p", { class: "quiet-line" }), "faq_line"), list);
  place.replaceChildren(page);
  await fill(list, acts);
}

async function fill(list, acts) {
  const answer = await get("/faq");
  const again = () => list.isConnected && fill(list, acts);
  if (!answer.ok) return list.replaceChildren(el("div", { class: "empty" }, glyph("warn"), put(el("p"), "view_failed")));
  const { suggestions, looking: more } = answer.data;
  const rows = suggestions.map((one) => row(one, acts, again));
  const none = !rows.length && !more && el("div", { class: "empty" }, glyph("ask"), put(el("p"), "faq_none"));
  list.replaceChildren(...[more && looking(), none, rows.length && el("ol", { class: "macro-list" }, rows)].filter(Boolean));
  if (more) setTimeout(again, AGAIN_MS);
}

function looking() { return put(el("p", { class: "quiet-line faq-looking" }), "faq_looking"); }

function row(one, acts, again) {
  const wrong = faultLine();
  const done = el("p", { class: "quiet-line", role: "status", hidden: true });
  const hide = button("faq_hide", async () => {
    hide.disabled = true;
    const answer = await post(`${path(one)}/hide`);
    hide.disabled = false;
    if (!answer.ok) return fault(wrong, why(answer));
    acts.tell("faq_hidden");
    again();
  }, { look: "quiet" });
  const add = acts.me().role === "owner" && button("faq_add", () => askAdd(one, acts, again), { look: "primary", sign: "plus" });
  const copy = button("faq_copy", async () => {
    const copied = await navigator.clipboard?.writeText(one.markdown).then(() => true, () => false);
    if (!copied) return showText(one);
    done.hidden = false;
    put(done, "faq_copied");
  });
  const lang = one.language === "zh" ? "zh-CN" : "en";
  return el("li", { class: "macro-row" }, el("h2", { lang }, one.question), el("p", { class: "faq-answer", lang }, one.answer), rests(one, acts), wrong, done,
    el("div", { class: "ways" }, [add, copy, hide].filter(Boolean)));
}

// How often it came, in which language, and the conversations.
function rests(one, acts) {
  const links = one.tickets.slice(-TICKETS).reverse().map((ticket, i) => {
    const open = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      acts.open(ticket);
    };
    return put(el("a", { href: address({ view: "", ticket }), onclick: open }), "faq_ticket", { n: i + 1 });
  });
  const others = one.tickets.length - links.length;
  return el("p", { class: "quiet-line faq-rests" }, put(el("span"), "faq_times", { n: one.count }), el("span", {}, term("language", one.language)), links, others > 0 && put(el("span"), "faq_others", { n: others }));
}

function askAdd(one, acts, again) {
  const file = `faq.${one.language}.md`;
  const wrong = faultLine();
  const question = el("input", { class: "control", value: one.question, required: true, maxlength: 300, "data-first": true });
  const answer = el("textarea", { class: "control", rows: 8, required: true, maxlength: 4000 });
  answer.value = one.answer;
  const go = button("faq_add", null, { look: "primary", type: "submit" });
  const form = el("form", { class: "box-form" }, put(el("p", { class: "will" }), "faq_add_will", { file }), field("faq_question", question), field("faq_answer", answer), wrong, el("div", { class: "ways" }, go, button("cancel", closeBox)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    const told = await post(`${path(one)}/add`, { question: question.value, answer: answer.value });
    go.disabled = false;
    if (!told.ok) return told.data?.fault ? fault(wrong, `faq_${told.data.fault}`, { file }) : fault(wrong, why(told));
    closeBox();
    acts.tell("faq_added", { file: told.data.file });
    again();
  });
  showBox("faq_add", {}, form);
}

// Where the browser lets no page copy, the text is there to be copied by hand.
function showText(one) {
  const text = el("textarea", { class: "control", rows: 10, readonly: true, "data-first": true, onfocus: (event) => event.target.select() });
  text.value = one.markdown;
  showBox("faq_copy", {}, el("div", { class: "box-form" }, text, el("div", { class: "ways" }, button("close", closeBox))));
}

function path(one) { return `/faq/${encodeURIComponent(one.id)}`; }
