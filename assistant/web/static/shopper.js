// The shopper's page: sets everything up, sends words, and follows the turn that comes back.

import { addToCart, cartIds, drawCart, drawCartBar, onCart, refreshCart } from "./cart.js";
import { setTerms } from "./chips.js";
import { setUpComposer } from "./composer.js";
import { el, icon } from "./dom.js";
import { keep, recall } from "./memory.js";
import { survey, surveyDone, surveyDue, thumbs } from "./rating.js";
import { isOpen, setUpSheet, showCart, showListing, showPolicy } from "./sheet.js";
import { drawSlate, newSlate } from "./shelf.js";
import { addSentence, finish, learn, newTurn, offer, offerAgain, waitFor } from "./talk.js";
import { setUpTheme } from "./theme.js";
import { locale, put, relabel, say, setLocale, setTexts } from "./words.js";

const phone = matchMedia("(max-width: 759px)");
const app = { session: null, turns: [], current: null, running: null, products: 0, picks: null, welcome: null, ticket: 0 };
let page, gate, composer;
const $ = (selector) => page.querySelector(selector);

// Everything that needs no server.
export function prepare({ texts, shop }) {
  page = document.querySelector(".aisle");
  setTexts(texts);
  setLocale(recall("locale", navigator.language.startsWith("zh") ? "zh" : "en", localStorage));
  introduce(shop);
  setUpSheet($("dialog"));
  setUpTheme($('[data-act="theme"]'));
  composer = setUpComposer(page, { send: (words) => send(words), stop });
  $('[data-act="language"]').addEventListener("click", switchLanguage);
  $('[data-act="over"]').addEventListener("click", startOver);
  $('[data-act="cart"]').addEventListener("click", () => showCart(drawCart));
  onCart(drawCarts);
  drawCarts();
  relabel(page);
  phone.addEventListener("change", place);
  for (const touch of ["wheel", "pointerdown", "keydown"]) $(".room").addEventListener(touch, holdStill, { passive: true });
}

// The server is there, through Gradio's component: words go out with `send`, a turn comes back as its value.
export function connect(given) {
  gate = given;
  gate.watch("value", () => follow(gate.props.value));
  document.addEventListener("aisle:failed", () => app.running && fail({ key: navigator.onLine ? "failed" : "offline" }));
  hello();
}

function introduce(shop) {
  if (shop.line) $(".line").textContent = shop.line;
  else put($(".line"), "shop_line");
  $(".mark").append(shop.logo ? el("img", { src: "/logo", alt: "", width: 28, height: 28 }) : icon("bag"));
}

async function call(what, ...args) {
  try {
    return await gate.server[what](...args);
  } catch {
    return { ok: false };
  }
}

async function hello() {
  const answer = await call("hello", recall("session", null));
  if (!answer.ok) {
    composer.tell("opening");
    setTimeout(hello, 2000);
    return;
  }
  composer.tell(answer.known ? null : "forgotten");
  if (!answer.known) keep("session", null);
  app.products = answer.products;
  app.welcome = answer;
  setTerms(answer.terms, answer.currency);
  drawWelcome();
  answer.turns.forEach(resume);
  place();
  page.dataset.ready = "";
  if (app.held) send(app.held);
}

function drawWelcome() {
  const { openers, picks } = app.welcome;
  const opener = (words) => el("button", { type: "button", class: "opener", onclick: () => send(words) }, words);
  $(".openers").replaceChildren(...openers[locale()].map(opener));
  app.picks ??= newSlate(cardActs(), null);
  Object.assign(app.picks, { title: "well_liked", products: picks[locale()], state: "picks" });
  drawSlate(app.picks);
}

function cardActs() {
  return { open, source, ask, add, compare: (a, b) => send(say("compare_message", { a: a.title, b: b.title })), edit: (need, words) => send(words, need) };
}

function turnActs() {
  return { source, open, say: send, again: showAgain };
}

// ---- A turn

function begin(message) {
  const turn = newTurn(message, turnActs());
  const last = app.turns.at(-1);
  last?.after.querySelector(".quick")?.remove();
  app.turns.push(turn);
  $(".turns").append(turn.node);
  delete page.dataset.empty;
  $('[data-act="over"]').hidden = false;
  composer.placeholder("ask_more");
  return turn;
}

function send(message, need = null) {
  if (app.running) return;
  if (!app.welcome) {
    app.held = message;
    composer.tell("opening");
    return;
  }
  composer.tell(null);
  const turn = begin(message);
  const previous = app.current;
  app.ticket = Date.now();
  app.running = { turn, need, seen: 0, previous, following: true };
  turn.node.setAttribute("aria-busy", "true");
  waitFor(turn, "looking", { n: app.products });
  if (!phone.matches && app.current?.slate) dim(app.current.slate, true);
  composer.busy(true);
  turn.node.scrollIntoView({ block: "start" });
  const chinese = /[\u4e00-\u9fff]/.test(message);
  gate.send({ ticket: app.ticket, message, need, session_id: app.session, locale: chinese ? "zh" : locale() });
}

// Once the shopper touches the page, a running answer no longer scrolls it.
function holdStill() {
  if (app.running) app.running.following = false;
}

function follow(payload) {
  if (!app.running || payload?.ticket !== app.ticket) return;
  for (const event of payload.events.slice(app.running.seen)) {
    app.running.seen += 1;
    ON[event.name](app.running.turn, event.data);
    if (!app.running) return;
  }
  if (payload.error) fail(payload.error);
}

const ON = {
  need(turn, data) {
    app.session = data.session_id;
    keep("session", app.session);
    turn.id = data.turn_id;
    turn.need = data.need;
    waitFor(turn, "looking", { n: data.looking_through || app.products });
    shelve(turn, { state: "waiting" });
  },
  slate(turn, data) {
    learn(turn, data.evidence);
    if (data.slate.length) shelve(turn, { state: "shown", products: data.slate, matching: data.matching });
    waitFor(turn, "thinking");
  },
  sentence(turn, data) {
    if (turn.slate?.state === "waiting") unshelve(turn);
    waitFor(turn, null);
    addSentence(turn, data);
    if (app.running.following) turn.reply.scrollIntoView({ block: "nearest" });
  },
  done(turn, data) {
    settle(turn, data);
    end();
    const asked = surveyDue(app.turns.length);
    if (asked) askSurvey(turn);
  },
};

function settle(turn, data) {
  turn.need = data.need;
  if (turn.slate?.state === "waiting") unshelve(turn);
  // An answer leaves the shelf as it is; only where nothing fits is it cleared.
  if (data.kind === "no_match" && !data.slate.length) shelve(turn, { state: "shown", products: [], matching: 0 });
  finish(turn, data);
  offer(turn, data.quick_replies);
  offerAgain(turn);
  turn.after.append(thumbs(data.turn_id, rate, () => !surveyDone() && askSurvey(turn)));
  turn.node.setAttribute("aria-busy", "false");
}

function resume(data) {
  const turn = begin(data.message);
  app.session = data.session_id;
  turn.id = data.turn_id;
  turn.need = data.need;
  learn(turn, data.evidence);
  if (data.slate.length) shelve(turn, { state: "shown", products: data.slate, matching: data.matching });
  settle(turn, data);
}

function end() {
  app.running = null;
  composer.busy(false);
}

function stop() {
  if (!app.running) return;
  const { turn } = app.running;
  gate.halt();
  if (turn.slate?.state === "waiting") unshelve(turn);
  waitFor(turn, null);
  turn.after.append(put(el("p", { class: "thanks" }), "stopped"));
  turn.node.setAttribute("aria-busy", "false");
  end();
}

// What went wrong is said beside the words, which go back to where they were typed.
function fail(error) {
  const { turn, need, previous } = app.running;
  unshelve(turn);
  turn.node.remove();
  app.turns.pop();
  app.current = previous;
  end();
  if (error.key === "forgotten") {
    app.session = null;
    keep("session", null);
  }
  if (!app.turns.length) page.dataset.empty = "";
  place();
  if (error.key === "forgotten") send(turn.message, need);
  else composer.restore(need ? "" : turn.message);
  composer.tell(error.key, { n: error.n });
}

// ---- The shelf

function shelve(turn, change) {
  turn.slate ??= newSlate(cardActs(), turn);
  Object.assign(turn.slate, change, { need: turn.need });
  if (change.state === "waiting" && !phone.matches && app.current?.slate) {
    app.current.slate.need = turn.need;
    drawSlate(app.current.slate);
    return;
  }
  app.current = turn;
  drawSlate(turn.slate);
  place();
}

function unshelve(turn) {
  turn.slate?.node.remove();
  turn.slate = null;
  const { previous } = app.running;
  if (app.current === turn) app.current = previous;
  if (previous?.slate) {
    dim(previous.slate, false);
    if (turn.need) previous.slate.need = turn.need;
    drawSlate(previous.slate);
  }
  place();
}

function dim(slate, on) { slate.node.classList.toggle("dim", on); }

// On a phone every slate stands under its words; on a desk the current one stands on the shelf.
function place() {
  const small = phone.matches;
  for (const turn of app.turns) {
    if (!turn.slate) continue;
    if (small) turn.slot.replaceChildren(turn.slate.node);
    else if (turn !== app.current) turn.slate.node.remove();
    dim(turn.slate, false);
    turn.node.classList.toggle("current", turn === app.current);
  }
  if (!app.picks) return;
  if (small) $(".welcome .slot").replaceChildren(app.picks.node);
  else $(".shelf").replaceChildren((app.current?.slate || app.picks).node);
}

function showAgain(turn) {
  app.current = turn;
  drawSlate(turn.slate);
  place();
  $(".shelf").scrollTop = 0;
}

// ---- What a card does

async function listing(id) {
  const answer = await call("listings", { ids: [id], locale: locale() });
  return answer.ok ? answer.listings[0] : null;
}

async function open(product, turn, sources = []) {
  if (!sources.length) mark("click", product, turn);
  const found = await listing(product.product_id);
  if (!found) return composer.tell("listing_failed");
  showListing(found, sources, { add: () => add(product, turn), ask: () => ask(product) });
}

async function source(turn, ids) {
  const sources = ids.map((id) => turn?.evidence.get(id)).filter(Boolean);
  if (!sources.length) return;
  const [first] = sources;
  if (first.kind === "policy" || !first.product_id) showPolicy(first, await call("policy", first.quote));
  else open({ product_id: first.product_id }, turn, sources.filter((s) => s.product_id === first.product_id));
}

function ask(product) {
  if (isOpen()) $("dialog").close();
  composer.fill(say("about", { title: product.title }));
}

function add(product, turn) {
  addToCart(product);
  $("[data-say]").textContent = say("added", { title: product.title });
  mark("cart", product, turn);
}

function mark(kind, product, turn) {
  if (turn?.id) call("mark", { turn_id: turn.id, product_id: product.product_id, kind });
}

// ---- Rating, cart, language, leaving

async function rate(body) { return (await call("rate", body)).ok === true; }

function askSurvey(turn) { turn.after.append(survey(turn.id, rate)); }

function drawCarts() {
  drawCart($(".side .cart"));
  drawCartBar($(".cart-bar"));
  const inSheet = $("dialog .cart");
  if (inSheet && isOpen()) drawCart(inSheet);
}

async function switchLanguage() {
  setLocale(locale() === "en" ? "zh" : "en");
  keep("locale", locale(), localStorage);
  relabel(page);
  drawCarts();
  if (!app.welcome) return;
  drawWelcome();
  const slates = app.turns.map((turn) => turn.slate).filter(Boolean);
  slates.forEach(drawSlate);
  place();
  const ids = [...new Set([...slates.flatMap((s) => s.products.map((p) => p.product_id)), ...cartIds()])];
  if (!ids.length) return;
  const answer = await call("listings", { ids, locale: locale() });
  if (!answer.ok) return;
  const byId = new Map(answer.listings.map((p) => [p.product_id, p]));
  for (const slate of slates) {
    slate.products = slate.products.map((p) => ({ ...p, title: byId.get(p.product_id)?.title || p.title }));
    drawSlate(slate);
  }
  refreshCart(answer.listings);
}

function startOver() {
  stop();
  keep("session", null);
  keep("surveyed", null);
  Object.assign(app, { session: null, turns: [], current: null });
  $(".turns").replaceChildren();
  page.dataset.empty = "";
  $('[data-act="over"]').hidden = true;
  composer.tell(null);
  composer.placeholder("ask_placeholder");
  place();
  composer.fill("");
}
