// The desk: sets everything up, lets agents in, and switches between its views.

import { el, icon } from "../dom.js";
import { keep, recall } from "../memory.js";
import { setUpTheme } from "../theme.js";
import { label, locale, put, relabel, say, setLocale, setTexts } from "../words.js";
import { askClose, askHandBack, askPassOn, askSnooze, claim, reopen, setUpActions, takeOver } from "./actions.js";
import { get, post, setUpApi } from "./api.js";
import { drawApprovals, fetchApprovals } from "./approvals.js";
import { drawFaq } from "./faq.js";
import { drawFigures } from "./figures.js";
import { drawGate } from "./gate.js";
import { setUpKeys, showKeys } from "./keys.js";
import { drawMacros } from "./macros.js";
import { retry, takeBack } from "./outbox.js";
import { closeBox, closeMenus, face, glyph, menu, setUpBox, term, tick } from "./parts.js";
import { drawPeople } from "./people.js";
import { address, go, where } from "./place.js";
import { setUpProposals } from "./proposals.js";
import { drawFilters, focusRow, neighbour, setUpQueue, showFilters } from "./queue.js";
import { fill, insert, setUpReply, startNote, startReply, submit } from "./reply.js";
import { setUpSide } from "./side.js";
import { isTranslating, hasForeign, setUpTalk, translateAll } from "./talk.js";
import * as work from "./work.js";

const PLACES = [["", "nav_desk", "inbox"], ["approvals", "nav_approvals", "shield"], ["figures", "nav_figures", "bars"], ["macros", "nav_macros", "bolt"], ["faq", "nav_faq", "ask"], ["people", "nav_people", "people"]];
const COLUMNS = [["queue", "queue", "inbox"], ["talk", "conversation", "ask"], ["side", "beside", "note"]];
let page, me, shop, waiting = [], toasting;
const $ = (selector) => page.querySelector(selector);

// Everything that needs no server.
export function prepare({ texts, shop: named }) {
  page = document.querySelector(".aisle");
  setTexts(texts);
  setLocale(recall("locale", navigator.language.startsWith("zh") ? "zh" : "en", localStorage));
  $(".mark").append(named.logo ? el("img", { src: "/logo", alt: "", width: 28, height: 28 }) : icon("bag"));
  setUpTheme($('[data-act="theme"]'));
  setUpBox($("dialog"));
  setUpApi(() => shut());
  const keys = $('[data-act="keys"]');
  keys.append(glyph("keys"));
  keys.addEventListener("click", showKeys);
  $('[data-act="language"]').addEventListener("click", switchLanguage);
  document.addEventListener("pointerdown", closeMenus);
  addEventListener("popstate", follow);
  $(".bar").addEventListener("click", (event) => {
    const to = event.target.closest("a[data-view]");
    if (!to || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(to.dataset.view);
  });
  setInterval(() => tick(page), 20000);
  setUpParts();
  relabel(page);
  enter();
}

function setUpParts() {
  const mine = (ticket) => ticket.status !== "open" && ticket.agent?.id === me.id;
  const leads = () => me.role !== "agent";
  const acts = {
    me: () => me, leads, may: (ticket) => leads() || ticket.agent?.id === me.id,
    shop: () => shop, mine, tell, open: work.open, filtered: work.refresh, changed: work.changed, note: startNote, claim,
    reopen, takeOver, seen: work.seen, translating: isTranslating, foreign: hasForeign, insert: (text) => insertWords(text),
    translate: async (on) => { await translateAll(on); work.draw(); },
  };
  setUpQueue($(".queue"), acts);
  setUpTalk($(".said"), { me: (item) => item.author === "agent" && item.agent_id === me.id, back: (letter) => fill(takeBack(letter.key).text), retry: (letter) => retry(letter.key) });
  setUpReply($(".reply"), acts);
  setUpActions($(".convo-head"), acts);
  setUpSide($(".beside"), acts);
  setUpProposals({ leads, changed: () => { work.reload(); countApprovals(); }, open: (id) => work.open(id), tell });
  work.setUpWork(page, { ...acts, column, line: banner, approvals: countApprovals });
  setUpKeys({
    j: () => step(1), k: () => step(-1), c: claim, r: () => inTalk(startReply), n: () => inTalk(startNote), e: askClose, h: askHandBack, t: askPassOn, z: askSnooze,
    o: reopen, s: submit, a: () => show("approvals"), g: () => show(""), "?": showKeys, "/": () => { column("queue"); $("#desk-search").focus(); },
    1: () => column("queue", true), 2: () => column("talk", true), 3: () => column("side", true),
  });
}

// ---- Coming in and going out

async function enter() {
  const answer = await get("/me");
  const { agent, needs_setup: setup } = answer.data || {};
  if (!answer.ok && answer.status !== 401) {
    banner("unreachable");
    setTimeout(enter, 3000);
    return;
  }
  banner(null);
  if (setup || !agent) return shut(setup);
  if (recall("desk.agent", agent.id) !== agent.id) return forgetTab(); // what somebody else left unsent is not said in this agent's name
  keep("desk.agent", agent.id);
  me = agent;
  shop = answer.data.shop;
  if (recall("locale", null, localStorage) === null && agent.locale && agent.locale !== locale()) {
    setLocale(agent.locale);
    relabel(page);
  }
  $(".gate-place").hidden = true;
  $(".gate-place").replaceChildren();
  if (where().ticket) column("talk");
  drawBar();
  follow();
  await work.start();
  countApprovals();
  page.dataset.state = "ready";
}

function shut(setup = false) {
  work.stop();
  closeBox();
  me = null;
  page.dataset.state = "gate";
  for (const part of [".work", ".columns"]) $(part).hidden = true;
  $(".places").replaceChildren();
  $(".me-place").replaceChildren();
  $(".gate-place").hidden = false;
  document.title = `${say("desk")} · ${$(".shop-name").textContent}`;
  drawGate($(".gate-place"), setup, enter);
}

async function signOut() {
  await post("/sign-out");
  forgetTab();
}

function forgetTab() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("aisle.desk.")) sessionStorage.removeItem(key);
  location.assign("/desk");
}

// ---- The bar

function drawBar() {
  const may = PLACES.filter(([view]) => (view !== "people" || me.role === "owner") && (view !== "faq" || me.role !== "agent"));
  const here = where().view;
  const link = ([view, key, sign]) => el("a", { href: address({ view }), "data-view": view, "aria-current": view === here ? "page" : null }, glyph(sign), put(el("span"), key),
    view === "approvals" && waiting.length > 0 && el("b", { class: "badge" }, String(waiting.length), el("span", { class: "unseen" }, say("waiting_words", { n: waiting.length }))));
  $(".places").replaceChildren(...may.map(link));
  const out = el("button", { type: "button", class: "button row", onclick: signOut }, glyph("out"), put(el("span"), "sign_out"));
  const also = may.map(([view, key, sign]) => el("a", { class: "button row", href: address({ view }), "data-view": view }, glyph(sign), put(el("span"), key)));
  const account = menu([face(me.name, true), put(el("span", { class: "unseen" }), "your_account")], [el("p", { class: "who" }, el("b", {}, me.name), el("span", {}, me.email), el("span", { class: "dim" }, term("role", me.role))), ...also, out]);
  $(".me-place").replaceChildren(account);
  const tabs = COLUMNS.map(([name, key, sign]) => el("button", { type: "button", "data-to": name, onclick: () => column(name) }, glyph(sign), put(el("span"), key)));
  $(".columns").replaceChildren(...tabs);
  column(page.dataset.column);
}

// Which column a narrow screen shows; with `focus` the keyboard goes there too.
function column(name, focus = false) {
  page.dataset.column = name;
  for (const tab of $(".columns").children) tab.setAttribute("aria-current", String(tab.dataset.to === name));
  if (!focus) return;
  if (name === "queue") focusRow(where().ticket || neighbour(null, 1));
  else $(name === "talk" ? ".said" : ".beside").focus();
}

async function countApprovals() {
  if (!me) return;
  const before = JSON.stringify(waiting);
  waiting = (await fetchApprovals()) ?? waiting;
  if (!me || JSON.stringify(waiting) === before) return; // what is in use is not drawn anew for nothing
  drawBar();
  if (where().view === "approvals") drawApprovals($(".view"), waiting);
}

// ---- Views

function show(view) {
  go({ view });
  follow();
}

const VIEWS = {
  approvals: (place) => { drawApprovals(place, waiting); countApprovals(); },
  figures: drawFigures,
  macros: (place) => drawMacros(place, { tell, macros: work.setMacros }),
  faq: (place) => drawFaq(place, { me: () => me, tell, open: openTicket }),
  people: (place) => drawPeople(place, { me: () => me, tell }),
};

// Shows what the address says.
async function follow() {
  if (!me) return;
  const { view, ticket } = where();
  const other = VIEWS[view];
  $(".work").hidden = false;
  $(".three").hidden = Boolean(other);
  $(".view").hidden = !other;
  $(".columns").hidden = Boolean(other);
  drawBar();
  if (other) {
    await other($(".view"));
    $(".view").scrollTop = 0;
    $(".view h1")?.focus();
    return;
  }
  showFilters();
  work.follow(ticket);
}

function openTicket(id) {
  show("");
  work.open(id, true);
  column("talk");
}

function step(by) {
  if (where().view) show("");
  const id = neighbour(where().ticket, by);
  if (!id) return;
  work.open(id, true);
  focusRow(id);
}

function inTalk(start) {
  if (!where().ticket) return;
  column("talk");
  start();
}

function insertWords(text) {
  column("talk");
  startReply();
  if (!insert(text)) tell("claim_first");
}

// ---- What is told

function banner(key, args) {
  const node = $(".banner");
  node.hidden = !key;
  if (key) node.replaceChildren(glyph(key === "line_back" ? "check" : "warn"), put(el("span"), key, args));
  node.classList.toggle("good", key === "line_back");
}

function tell(key, args) {
  const node = $(".toast");
  clearTimeout(toasting);
  node.hidden = false;
  node.replaceChildren(typeof key === "string" ? put(el("span"), key, args) : el("span", {}, key.words));
  toasting = setTimeout(() => (node.hidden = true), 6000);
}

function switchLanguage() {
  setLocale(locale() === "en" ? "zh" : "en");
  keep("locale", locale(), localStorage);
  relabel(page);
  label($('[data-act="language"]'), "language");
  if (!me) return;
  drawFilters();
  work.drawAnew();
  if (VIEWS[where().view]) follow();
  else drawBar();
}
