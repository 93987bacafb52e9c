// The work itself: which ticket is open, what the server knows of it, and what the open line tells.

import { el, icon } from "../dom.js";
import { put, say } from "../words.js";
import { showHead } from "./actions.js";
import { get, why } from "./api.js";
import { followLine } from "./line.js";
import { flushAll, lettersOf, resume, setUpOutbox } from "./outbox.js";
import { go, where } from "./place.js";
import { proposalCard } from "./proposals.js";
import { record } from "./draft.js";
import { asked, focusRow, showCounts, showFailed, showSelected, showTickets } from "./queue.js";
import { showReply } from "./reply.js";
import { forget, showSide } from "./side.js";
import { firstUnread, redrawTalk, showTalk, showTyping } from "./talk.js";

const TYPING_MS = 6000;
const LIST_MS = 1000; // the list and an open ticket are asked for again at most this often
const TICKET_MS = 300;
const DEEDS = new Set(["proposed", "waiting", "approved", "declined", "done", "undone", "expired"]);
let page, acts, line, tickets = [], counts = {}, detail = null, stale = false, lost = false, typingTimer, passingTimer;
const presence = new Map(); // ticket -> names of who else looks at it
const $ = (selector) => page.querySelector(selector);

// `acts`: me(), column(name), line(key): what the banner says, approvals(), tell(key, args)
export function setUpWork(node, given) {
  page = node;
  acts = given;
  setUpOutbox((ticket) => ticket === detail?.id && draw(), taken);
  $(".nothing").append(icon("ask"), put(el("p"), "pick_ticket"), put(el("p", { class: "quiet-line" }), "pick_ticket_keys"));
  document.addEventListener("visibilitychange", () => !document.hidden && acts.me() && (stale ? load() : line?.again()));
}

export async function start() {
  const last = await fetchList();
  line?.close();
  line = followLine({ after: last, heard, state });
  resume();
}

export function stop() {
  line?.close();
  line = null;
}

// ---- Asking no more often than is of use: at once, and once more afterwards if it was asked for meanwhile

function paced(run, gap_ms) {
  let running = false;
  let due = false;
  return async function ask() {
    if (running) {
      due = true;
      return;
    }
    running = true;
    await run();
    setTimeout(() => {
      running = false;
      if (due) ask();
      due = false;
    }, gap_ms);
  };
}

let asking = 0;

async function fetchList() {
  const mine = (asking += 1);
  const answer = await get(`/tickets?${asked()}`);
  if (mine !== asking || !acts.me()) return null;
  if (!answer.ok) {
    showFailed();
    return null;
  }
  ({ tickets, counts } = answer.data);
  drawList();
  return answer.data.last_event;
}

export const refresh = () => fetchList();
const refreshSoon = paced(fetchList, LIST_MS);
const reloadSoon = paced(load, TICKET_MS);
export const reload = () => { reloadSoon(); refreshSoon(); };

function drawList() {
  const open = where().ticket;
  for (const ticket of tickets) if (ticket.id === open && !document.hidden) ticket.unread = 0;
  showTickets(tickets, open);
  showCounts(counts);
  const unread = tickets.filter((ticket) => ticket.unread && (ticket.agent?.id === acts.me().id || ticket.status === "open")).length;
  document.title = `${unread ? `(${unread}) ` : ""}${say("desk")} · ${$(".shop-name").textContent}`;
}

// ---- The open ticket

// By the keyboard one goes past tickets: each is asked for once one has stopped there for a moment.
export function open(id, passing = false) {
  go({ ticket: id, view: "" }, Boolean(where().ticket) && !where().view);
  clearTimeout(passingTimer);
  if (passing) {
    showSelected(id);
    passingTimer = setTimeout(() => follow(id), 160);
    return;
  }
  acts.column("talk");
  if ($(".three").hidden) dispatchEvent(new PopStateEvent("popstate"));
  else follow(id);
}

export function follow(id) {
  showSelected(id);
  page.classList.toggle("has-ticket", Boolean(id));
  if (!id) {
    acts.column("queue");
    detail = null;
    showReply(null);
    return showHead(null, []);
  }
  if (detail?.id === id) return draw();
  $(".convo").setAttribute("aria-busy", "true");
  load();
}

async function load() {
  const id = where().ticket;
  if (!id || where().view) return;
  stale = document.hidden;
  if (stale && detail?.id === id) return; // nobody looks: what came in stays unread
  const answer = await get(`/tickets/${encodeURIComponent(id)}`);
  if (where().ticket !== id) return;
  $(".convo").setAttribute("aria-busy", "false");
  if (!answer.ok) {
    if (detail?.id === id) return;
    acts.tell(why(answer));
    if (answer.status === 404) {
      go({ ticket: "" }, true);
      follow("");
    }
    return;
  }
  take(answer.data);
}

function take(next) {
  const same = detail?.id === next.id;
  detail = { ...next, firstNew: same ? detail.firstNew : firstUnread(next) };
  if (!same) showTyping(null);
  draw();
  const row = tickets.find((ticket) => ticket.id === next.id);
  if (row?.unread) drawList();
}

export function draw() {
  if (!detail || !acts.me()) return;
  page.classList.add("has-ticket");
  showTalk(detail, lettersOf(detail.id));
  showHead(detail, others());
  showDecide();
  showReply(detail);
  showSide(detail);
}

// What waits for a person stands over the conversation, not only beside it.
function showDecide() {
  const waits = (detail.proposals || []).filter((one) => one.state === "waiting");
  const told = JSON.stringify(waits) + document.documentElement.lang;
  const place = $(".decide");
  place.hidden = !waits.length;
  if (place.dataset.told === told) return;
  place.dataset.told = told;
  place.replaceChildren(...waits.map((one) => proposalCard(one)));
}

// A ticket as an action left it: shown at once, and then asked for in full.
export function changed(ticket) {
  if (detail?.id === ticket.id) {
    detail = { ...detail, ...ticket };
    draw();
  }
  reload();
  if (document.activeElement === document.body) focusRow(ticket.id);
}

export function setMacros(macros) { if (detail) detail.macros = macros; }

export function drawAnew() {
  redrawTalk();
  forget();
  $(".decide").dataset.told = "";
  drawList();
  draw();
}

// The last event that stands in the conversation as it is shown here.
export function seen() { return detail?.last_event ?? (detail?.conversation || []).findLast((item) => typeof item.id === "number")?.id ?? 0; }

// ---- Words on their way

function taken(letter, item) {
  if (letter.draft) record(letter.ticket, letter.draft);
  if (detail?.id === letter.ticket && item && !detail.conversation.some((one) => one.id === item.id && one.kind === item.kind)) {
    detail.conversation = [...detail.conversation, item];
    draw();
  }
  reload();
}

// ---- The line

function state(now) {
  if (now === "lost") {
    lost = true;
    refreshSoon(); // says whether somebody is still signed in
    return acts.line("line_lost");
  }
  if (!lost) return reloadSoon(); // this desk is known to be open from now on, and whom it looks at too
  lost = false;
  acts.line("line_back");
  setTimeout(() => !lost && acts.line(null), 3000);
  reload();
  acts.approvals();
  resume();
  flushAll();
}

function heard(kind, data) {
  const here = data.ticket_id && data.ticket_id === detail?.id;
  if (kind === "typing") return here && hearTyping(data);
  if (kind === "presence") return hearPresence(data);
  if (kind === "draft") return undefined;
  if (kind === "opened") acts.tell("new_ticket", { line: data.line || "" });
  if (here && kind === "message" && data.author === "shopper") showTyping(null);
  if (here) reloadSoon();
  refreshSoon();
  if (DEEDS.has(kind)) acts.approvals();
}

function hearTyping({ author, name, agent_id: id }) {
  if (author === "agent" && id === acts.me().id) return;
  clearTimeout(typingTimer);
  showTyping(name || (author === "shopper" ? detail.customer?.name || say("shopper") : say("an_agent")));
  typingTimer = setTimeout(() => showTyping(null), TYPING_MS);
}

function hearPresence({ ticket_id: id, agents = [] }) {
  presence.set(id, agents.filter((agent) => agent.id !== acts.me().id).map((agent) => agent.name));
  if (id === detail?.id) showHead(detail, others());
}

function others() { return presence.get(detail?.id) || []; }

