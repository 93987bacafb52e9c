// Where the agent writes: a reply or a note, with the draft, macros and translation. What is unsent is kept for each ticket.

import { el } from "../dom.js";
import { keep, recall } from "../memory.js";
import { label, locale, put, say } from "../words.js";
import { post } from "./api.js";
import { setUpDraft } from "./draft.js";
import { dispatch, held, sendAnyway, takeBack } from "./outbox.js";
import { button, closeMenus, fault, faultLine, glyph, menu, term, when } from "./parts.js";
import { foreign, translate } from "./talk.js";

const TYPING_MS = 3000;
let parts, draft, acts, root;
let ticket = null;
let noting = false;
let preview = null; // the translation that is looked at before it is sent
let toldTyping = 0;

// `acts`: mine(ticket), may(ticket), claim(), takeOver(), reopen(), seen(), me(), shop()
export function setUpReply(node, given) {
  root = node;
  acts = given;
  const box = el("textarea", { id: "desk-reply", rows: 2, maxlength: 8000, "aria-describedby": "desk-ghost desk-under", "aria-keyshortcuts": "r" });
  parts = {
    box,
    modes: el("div", { class: "modes", role: "tablist" }),
    strip: el("div", { class: "strip", hidden: true }),
    bar: el("div", { class: "hold-bar" }),
    ghost: el("p", { class: "ghost", id: "desk-ghost", hidden: true }),
    under: el("div", { class: "draft", id: "desk-under", hidden: true }),
    ways: el("div", { class: "draft-ways", hidden: true }),
    unseen: el("div", { class: "unseen-box", role: "alert", hidden: true }),
    preview: el("div", { class: "preview", hidden: true }),
    wrong: faultLine(),
    tools: el("div", { class: "reply-tools" }),
    send: button("send", () => submit(), { look: "primary", sign: "send" }),
  };
  const field = el("div", { class: "reply-field" }, parts.ghost, box);
  parts.form = el("form", { class: "reply-form", onsubmit: (event) => { event.preventDefault(); submit(); } },
    parts.unseen, parts.strip, label(field, "reply_label"), parts.under, parts.preview, parts.wrong, el("div", { class: "reply-row" }, parts.tools, parts.ways, parts.send));
  root.replaceChildren(parts.modes, parts.bar, parts.form);
  draft = setUpDraft({ ghost: parts.ghost, under: parts.under, ways: parts.ways, use: (text) => fill(text), drawn: () => fit() });
  box.addEventListener("input", typed);
  box.addEventListener("keydown", keys);
  box.addEventListener("wheel", (event) => (parts.ghost.scrollTop += event.deltaY), { passive: true });
}

// ---- Which ticket, and what may be done with it

export function showReply(detail) {
  if (ticket?.id !== detail?.id) change(detail);
  ticket = detail;
  root.hidden = !detail;
  if (!detail) return;
  drawModes();
  drawBar();
  drawTools();
  drawUnseen();
  if (acts.mine(detail) && detail.status === "claimed" && !noting) askDraft();
}

function change(detail) {
  if (ticket) saveWords();
  ticket = detail;
  preview = null;
  draft.clear();
  const kept = detail ? recall(`desk.words.${detail.id}`, {}) : {};
  noting = Boolean(kept.noting);
  parts.box.value = kept.text || "";
  parts.toShopper = kept.translate ?? null;
  if (kept.draft) draft.restore(kept.draft);
  drawPreview();
  fault(parts.wrong, null);
  fit();
}

function saveWords() {
  const text = parts.box.value;
  const kept = text || noting ? { text, noting, translate: parts.toShopper, draft: draft.kept() } : null;
  keep(`desk.words.${ticket.id}`, kept);
}

export function startReply() { setMode(false); }
export function startNote() { setMode(true); }

function setMode(note) {
  if (!ticket) return;
  noting = note;
  preview = null;
  drawPreview();
  showReply(ticket);
  saveWords();
  fit();
  (parts.form.hidden ? parts.bar.querySelector("button") : parts.box)?.focus();
}

function drawModes() {
  const tab = (key, on, note, hint) => {
    const node = button(key, () => setMode(note), { look: on ? "mode on" : "mode", sign: note ? "lock" : "send", hint });
    node.setAttribute("role", "tab");
    node.setAttribute("aria-selected", String(on));
    return node;
  };
  const focused = parts.modes.contains(document.activeElement);
  parts.modes.replaceChildren(tab("mode_reply", !noting, false, "r"), tab("mode_note", noting, true, "n"));
  if (focused) parts.modes.querySelector('[aria-selected="true"]').focus();
  root.classList.toggle("noting", noting);
}

// A reply needs a ticket that somebody holds; a note can always be left.
function drawBar() {
  const name = shopper();
  const bars = {
    open: () => ["claim_line", [button("claim", acts.claim, { look: "primary", sign: "hand", hint: "c" })]],
    snoozed: () => ["snoozed_line", [button("wake", acts.reopen, { look: "primary", sign: "clock" })]],
    claimed: () => !acts.may(ticket) && ["held_bar", []],
    closed: () => ["closed_line", [button("reopen", acts.reopen, { look: "", sign: "undo", hint: "o" })]],
  };
  const bar = !noting && bars[ticket.status]?.();
  parts.bar.hidden = !bar;
  parts.form.hidden = Boolean(bar);
  if (bar) parts.bar.replaceChildren(put(el("p"), bar[0], { name: ticket.status === "claimed" ? ticket.agent?.name : name, when: ticket.snoozed_until ? when(ticket.snoozed_until) : "", why: term("close", ticket.close_reason || "other") }), ...bar[1]);
  const others = !noting && ticket.status === "claimed" && !acts.mine(ticket);
  parts.strip.hidden = !others;
  if (others) parts.strip.replaceChildren(glyph("person"), put(el("span"), "held_line", { name: ticket.agent?.name || "" }), button("take_over", acts.takeOver, { look: "small" }));
}

function shopper() { return ticket.customer?.name || say("shopper"); }

function otherLanguage() { return ticket.language && ticket.language !== locale() ? ticket.language : null; }

function translateOn() { return !noting && Boolean(otherLanguage()) && (parts.toShopper ?? true); }

function drawTools() {
  const macros = (ticket.macros || []).map((macro) => el("button", { type: "button", class: "macro", onclick: () => insert(filled(macro.text)) }, el("b", {}, macro.name), el("span", {}, macro.text)));
  const none = put(el("p", { class: "quiet-line" }), "no_macros");
  const tools = [menu([glyph("bolt"), put(el("span"), "macros")], macros.length ? macros : [none], { "data-macros": true })];
  if (otherLanguage() && !noting) tools.push(translateSwitch());
  if (!parts.tools.contains(document.activeElement)) parts.tools.replaceChildren(...tools);
  const key = noting ? "keep_note" : preview ? "send_this" : translateOn() && foreign(parts.box.value || "", ticket.language) ? "see_translation" : "send_to";
  put(parts.send.querySelector("span"), key, { name: shopper(), language: term("language", ticket.language) });
  parts.box.setAttribute("aria-label", say(noting ? "note_label" : "reply_label_to", { name: shopper() }));
  parts.box.placeholder = draft.visible() ? "" : say(noting ? "note_placeholder" : "reply_placeholder", { name: shopper() });
  parts.send.disabled = !parts.box.value.trim();
  parts.send.hidden = draft.visible();
}

function translateSwitch() {
  const box = el("input", { type: "checkbox", checked: translateOn() });
  box.addEventListener("change", () => {
    parts.toShopper = box.checked;
    preview = null;
    drawPreview();
    drawTools();
    saveWords();
  });
  return el("label", { class: "switch" }, box, put(el("span"), "send_in", { language: term("language", ticket.language) }));
}

function filled(text) {
  const names = { customer: ticket.customer?.name || "", agent: acts.me().name, shop: acts.shop().name };
  return text.replace(/\{(customer|agent|shop)\}/g, (_, name) => names[name]);
}

// ---- The draft

// Asked for when a shopper waits for an answer; once for every last message of theirs.
function askDraft() {
  const last = (ticket.conversation || []).filter((item) => item.kind === "message").at(-1);
  if (last?.author === "shopper" && !parts.box.value.trim()) draft.load(ticket.id, `${ticket.id} ${last.id}`);
}

// ---- Writing

function typed() {
  preview = null;
  drawPreview();
  fault(parts.wrong, null);
  fit();
  saveWords();
  if (noting || !acts.mine(ticket) || Date.now() - toldTyping < TYPING_MS) return;
  toldTyping = Date.now();
  post(`/tickets/${encodeURIComponent(ticket.id)}/typing`);
}

function fit() {
  const { box } = parts;
  draft.draw(!box.value && !noting);
  box.style.height = "";
  box.style.height = `${Math.min(Math.max(box.scrollHeight, parts.ghost.hidden ? 0 : parts.ghost.offsetHeight), 260)}px`;
  if (ticket) drawTools();
}

export function fill(text) {
  parts.box.value = text;
  parts.box.focus();
  parts.box.setSelectionRange(text.length, text.length);
  preview = null;
  drawPreview();
  fit();
  saveWords();
}

// Puts words in at the cursor, such as a macro or a past answer.
export function insert(text) {
  closeMenus({ target: document.body });
  const { box } = parts;
  if (parts.form.hidden) return false;
  const before = box.value.slice(0, box.selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  const after = box.value.slice(box.selectionEnd);
  fill(before + gap + text + after);
  return true;
}

function keys(event) {
  const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Tab" && plain && !parts.box.value && draft.visible()) {
    event.preventDefault();
    draft.accept();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit();
  } else if (event.key === "Escape" && !event.isComposing) {
    event.stopPropagation();
    if (!parts.box.value && draft.visible()) draft.drop();
    else parts.box.blur();
  }
}

// ---- Sending

export async function submit() {
  const text = parts.box.value.trim();
  if (!ticket || !text || parts.form.hidden || parts.send.disabled) return;
  if (!noting && !preview && translateOn() && foreign(text, ticket.language)) return look(text);
  const outcome = noting ? null : draft.outcome(text);
  dispatch(ticket.id, { text: preview || text, note: noting, seen: acts.seen(), draft: outcome });
  parts.box.value = "";
  preview = null;
  if (!noting) draft.sent();
  else setMode(false);
  drawPreview();
  saveWords();
  fit();
}

// What the shopper will read is shown before it is sent.
async function look(text) {
  const { id, language } = ticket;
  put(parts.preview, "translating");
  parts.preview.hidden = false;
  parts.send.disabled = true;
  const answer = await translate(text, language);
  if (ticket?.id !== id || parts.box.value.trim() !== text) return;
  parts.send.disabled = false;
  preview = answer.ok ? answer.text : null;
  drawPreview();
  if (!answer.ok) {
    parts.toShopper = false;
    if (typeof answer.why === "string") fault(parts.wrong, answer.why === "no_translation" ? "no_translation_send" : answer.why);
    else fault(parts.wrong, answer.why);
  }
  drawTools();
}

function drawPreview() {
  parts.preview.hidden = !preview;
  delete parts.preview.dataset.t;
  parts.preview.replaceChildren(...(preview ? [put(el("b"), "preview_line", { name: shopper() }), el("p", { lang: ticket.language }, preview)] : []));
}

// Another agent wrote in the meantime: their words are read before anything goes out.
function drawUnseen() {
  const letter = held(ticket.id);
  parts.unseen.hidden = !letter;
  if (!letter) return;
  const items = letter.unseen.map((item) => el("li", {}, el("b", {}, `${item.name || say("an_agent")}: `), item.text));
  parts.unseen.replaceChildren(el("p", { class: "unseen-head" }, glyph("warn"), put(el("b"), "unseen_line", { n: items.length })), el("ul", {}, items),
    el("p", { class: "unseen-mine" }, put(el("b"), "your_words"), " ", letter.text),
    el("div", { class: "ways" }, button("send_anyway", () => sendAnyway(letter.key, acts.seen()), { look: "primary" }), button("change_words", () => fill(takeBack(letter.key).text))));
}
