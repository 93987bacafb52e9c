// The owner's page: sets everything up, lets the owner in, and switches between its views.

import { button, closeMenus, face, glyph, menu, setUpBox, term } from "../desk/parts.js";
import { get as ofDesk, post as toDesk, setUpApi } from "../desk/api.js";
import { drawGate } from "../desk/gate.js";
import { el, icon } from "../dom.js";
import { keep, recall } from "../memory.js";
import { setUpTheme } from "../theme.js";
import { label, locale, put, relabel, say, setLocale, setTexts } from "../words.js";
import { get, post } from "./api.js";
import { drawFilters, setUpFilters } from "./filters.js";
import { setUpKit } from "./kit.js";
import { Frame } from "./live.js";
import { closePanel, setUpPanel, showPanel } from "./panel.js";
import { address, filters, go, setUpPlace, where } from "./place.js";
import { SECTIONS } from "./sections.js";

let page, frame, me, shop, shown, toasting;
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
  frame = new Frame($(".view-place"));
  setUpPanel($(".panel"), acts());
  setUpFilters($(".asked"));
  $('[data-act="language"]').addEventListener("click", switchLanguage);
  document.addEventListener("pointerdown", closeMenus);
  document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && !$("dialog").open && closePanel());
  page.addEventListener("click", followLink);
  addEventListener("popstate", () => me && follow());
  relabel(page);
  enter();
}

// What a view may do beside drawing.
function acts() {
  return { post, go, address, tell, me: () => me, shop: () => shop };
}

// Links within the page change the address without loading it anew.
function followLink(event) {
  const link = event.target.closest("a[href]");
  if (!link || !me || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.hasAttribute("download") || link.hasAttribute("target")) return;
  const to = new URL(link.getAttribute("href"), location.href);
  if (to.origin !== location.origin || to.pathname !== "/insights" || to.hash) return;
  event.preventDefault();
  if (to.search === location.search) return;
  history.pushState(null, "", to.pathname + to.search);
  follow();
}

// ---- Coming in and going out

async function enter() {
  const answer = await ofDesk("/me");
  const { agent, needs_setup: setup } = answer.data || {};
  if (!answer.ok) {
    banner("unreachable");
    setTimeout(enter, 3000);
    return;
  }
  banner(null);
  if (setup || !agent) return shut(setup);
  if (agent.role !== "owner") return turnAway(agent);
  const mine = await get("/me");
  if (!mine.ok) return shut();
  ({ agent: me, shop } = mine.data);
  setUpKit(shop);
  setUpPlace(mine.data.today, follow);
  if (recall("locale", null, localStorage) === null && me.locale !== locale()) {
    setLocale(me.locale);
    relabel(page);
  }
  $(".gate-place").hidden = true;
  $(".gate-place").replaceChildren();
  $(".work").hidden = false;
  $(".ways").hidden = false;
  drawAccount();
  await follow();
  page.dataset.state = "ready";
}

function outside() {
  me = shown = null;
  frame.forget();
  closePanel(true);
  page.dataset.state = "gate";
  $(".work").hidden = true;
  $(".ways").hidden = true;
  $(".me-place").replaceChildren();
  $(".gate-place").hidden = false;
  document.title = `${say("insights")} · ${$(".shop-name").textContent}`;
}

function shut(setup = false) {
  outside();
  drawGate($(".gate-place"), setup, enter);
}

// Somebody of the shop who is not its owner.
function turnAway(agent) {
  outside();
  const out = button("sign_in_other", async () => { await toDesk("/sign-out"); shut(); });
  const desk = put(el("a", { class: "button primary", href: "/desk" }), "open_desk");
  $(".gate-place").replaceChildren(el("section", { class: "gate" }, el("div", { class: "gate-form" },
    put(el("h1", { tabindex: "-1" }), "owners_only"), put(el("p", { class: "quiet-line" }), "owners_only_line", { name: agent.name, role: term("role", agent.role) }),
    el("div", { class: "ways-out" }, desk, out))));
  $(".gate-place h1").focus();
}

async function signOut() {
  await toDesk("/sign-out");
  location.assign("/insights");
}

function drawAccount() {
  const row = (href, key) => el("a", { class: "button row shown", href }, put(el("span"), key));
  const out = el("button", { type: "button", class: "button row", onclick: signOut }, glyph("out"), put(el("span"), "sign_out"));
  const who = el("p", { class: "who" }, el("b", {}, me.name), el("span", {}, me.email), el("span", { class: "dim" }, term("role", me.role)));
  $(".me-place").replaceChildren(menu([face(me.name, true), put(el("span", { class: "unseen" }), "your_account")], [who, row("/desk", "to_desk"), row("/", "to_shop"), out]));
}

// ---- Views

// Shows what the address says.
async function follow() {
  if (!me) return;
  const place = where();
  const section = SECTIONS.find((one) => one.id === place.view) || SECTIONS[0];
  const asks = JSON.stringify([section.id, filters(), place.by, place.item]);
  drawViews(section);
  drawFilters();
  showPanel(place);
  document.title = `${say(section.title)} · ${say("insights")} · ${$(".shop-name").textContent}`;
  if (asks === shown?.asks) return;
  const other = section.id !== shown?.id;
  shown = { asks, id: section.id };
  await frame.show((node, asking) => section.draw(node, { ...acts(), filters: filters(), by: place.by || "locale", item: place.item, get: asking }));
  if (other) $(".scrolled").scrollTop = 0;
}

function drawViews(section) {
  const links = SECTIONS.map((one) => put(el("a", { href: address({ view: one === SECTIONS[0] ? "" : one.id, item: "", by: "", behind: "", talk: "" }), "aria-current": one === section ? "page" : null }), one.title));
  const focused = $(".views").contains(document.activeElement);
  $(".views").replaceChildren(...links);
  const now = $('.views [aria-current="page"]');
  if (focused) now.focus();
  const row = $(".views");
  row.scrollLeft = now.offsetLeft - (row.clientWidth - now.offsetWidth) / 2;
}

// ---- What is told

function banner(key) {
  const node = $(".banner");
  node.hidden = !key;
  if (key) node.replaceChildren(glyph("warn"), put(el("span"), key));
}

function tell(key, args) {
  const node = $(".toast");
  clearTimeout(toasting);
  node.hidden = false;
  node.replaceChildren(typeof key === "string" ? put(el("span"), key, args) : el("span", {}, key.words));
  toasting = setTimeout(() => (node.hidden = true), 6000);
}

async function switchLanguage() {
  setLocale(locale() === "en" ? "zh" : "en");
  keep("locale", locale(), localStorage);
  relabel(page);
  label($('[data-act="language"]'), "language");
  if (!me) return;
  shown = null;
  closePanel(true);
  drawAccount();
  await follow();
}
