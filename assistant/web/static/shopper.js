// The shopper's page: sets everything up, sends words, and follows the turn that comes back.

import { carriedCart } from "./carry.js";
import { carryCart, refreshCart, takeCart } from "./cart.js";
import { setUpHandover } from "./checkout.js";
import { setTerms } from "./chips.js";
import { setUpCompare, showTicks, untick } from "./compare.js";
import { setUpComposer } from "./composer.js";
import { arrive, carryCustomer, dropCustomer, setUpCustomer, whenKnown } from "./customer.js";
import { deeds } from "./deeds.js";
import { el, icon } from "./dom.js";
import { expecting, handOver, hangUp, hush, invitation, rescue, setUpLive, standUnder, unhush, withAgent } from "./live.js";
import { keep, recall } from "./memory.js";
import { thumbs } from "./rating.js";
import { afterTurn, setUpMemory, shopperId } from "./remembered.js";
import { asksBack, forgetTyped } from "./service.js";
import { isOpen, setUpSheet } from "./sheet.js";
import { dim, drawSlate, newSlate, stand } from "./shelf.js";
import { placeSteer, setUpSteer, steer } from "./steer.js";
import { forgetSurvey, setUpSurveys, surveyAfter, surveyAgain } from "./surveying.js";
import { drawComparison } from "./table.js";
import { addSentence, finish, learn, newTurn, offer, offerAgain, unsaid, waitFor, waitInLine } from "./talk.js";
import { setUpTheme } from "./theme.js";
import { translate } from "./translate.js";
import { locale, put, relabel, say, setLocale, setTexts } from "./words.js";

const phone = matchMedia("(max-width: 759px), (max-height: 480px)");
const app = { session: null, turns: [], current: null, running: null, products: 0, picks: null, welcome: null, ticket: 0 };
const AGAIN = new Set(["busy", "failed"]); // what may well go through when it is said once more
let page, gate, composer, acts;
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
  const tell = (words) => ($("[data-say]").textContent = words);
  acts = { ...deeds({ call, composer, dialog: $("dialog"), tell }), edit: (need, words) => send(words, need), say: send, again: showAgain, shown };
  setUpCompare($(".compare-bar"), send);
  setUpSteer($(".steer"), (words, variety) => send(words, variety === undefined ? null : app.turns.at(-1).need, variety));
  $('[data-act="language"]').addEventListener("click", switchLanguage);
  $('[data-act="over"]').addEventListener("click", () => startOver());
  setUpMemory($('[data-act="memory"]'), call);
  setUpLive(page, { turns: () => app.turns, composer, shop: $(".brand .shop-name").textContent });
  setUpSurveys(page, { session: () => app.session, shopper: shopperId, turns: () => app.turns, busy: (last) => app.running || expecting() || asksBack(last) });
  setUpHandover(page, { session: () => app.session, begun: remember, tell: composer.tell, linked: shop.checkout, carry: (url, lines) => carriedCart(url, lines, app.turns) });
  setUpCustomer(page, { session: () => app.session, open: () => app.welcome, leave: () => startOver(false), tell: composer.tell });
  relabel(page);
  phone.addEventListener("change", place);
  addEventListener("pagehide", () => app.running && composer.restore(app.running.need ? "" : app.running.turn.message));
  for (const touch of ["wheel", "pointerdown", "keydown"]) $(".scroll").addEventListener(touch, holdStill, { passive: true });
}

// The server is there, through Gradio's component: words go out with `send`, a turn comes back as its value.
export function connect(given) {
  gate = given;
  gate.watch("value", () => follow(gate.props.value));
  document.addEventListener("aisle:failed", lost);
  hello();
}

function remember(session) {
  app.session = session;
  keep("session", session);
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
  app.session = answer.known ? recall("session", null) : null;
  if (!answer.known) keep("session", null);
  const before = app.session;
  await arrive(answer.customer);
  if (before !== app.session) Object.assign(answer, { turns: [], cart: null }); // another customer's are not shown
  takeCart(answer.cart);
  if (locale() !== "en") refreshCart();
  app.products = answer.products;
  app.welcome = answer;
  setTerms(answer.terms, answer.currency);
  drawWelcome();
  answer.turns.forEach(resume);
  place();
  app.turns.at(-1)?.node.scrollIntoView({ block: "start" });
  page.dataset.ready = "";
  surveyAgain(standUnder);
  if (app.held) composer.submit();
}

function drawWelcome() {
  const { openers, picks } = app.welcome;
  const opener = (words) => el("button", { type: "button", class: "opener", onclick: () => send(words) }, words);
  $(".openers").replaceChildren(...openers[locale()].map(opener));
  app.picks ??= newSlate(acts, null);
  Object.assign(app.picks, { title: "well_liked", products: picks[locale()], state: "picks" });
  drawSlate(app.picks);
}

// ---- A turn

function begin(message) {
  const turn = newTurn(message, acts);
  turn.answered = app.turns.at(-1)?.after.querySelector(".quick");
  turn.answered?.remove();
  app.turns.push(turn);
  $(".turns").append(turn.node);
  delete page.dataset.empty;
  $('[data-act="over"]').hidden = false;
  composer.placeholder(...invitation());
  return turn;
}

function send(message, need = null, variety = null) {
  if (app.running) return;
  if (!app.welcome) {
    app.held = true;
    composer.restore(message);
    composer.tell("opening");
    return;
  }
  composer.tell(null);
  const turn = begin(message);
  const previous = app.current;
  app.ticket = Date.now();
  app.running = { turn, need, variety, seen: 0, previous, following: true, watch: setInterval(checkLine, 3000) };
  turn.node.setAttribute("aria-busy", "true");
  if (withAgent()) hush(turn);
  else waitFor(turn, "looking", { n: app.products });
  if (!turn.hushed && !phone.matches && app.current?.slate) dim(app.current.slate, true);
  composer.busy(true, turn.hushed);
  turn.node.scrollIntoView({ block: turn.hushed ? "end" : "start" });
  refocus();
  const chinese = /[\u4e00-\u9fff]/.test(message);
  whenKnown(() => app.running?.turn === turn && gate.send({ ticket: app.ticket, message, need, variety, session_id: app.session, shopper_id: shopperId(), locale: chinese ? "zh" : locale() }));
}

// What was pressed may be gone with the new turn: the focus goes to where the shopper goes on.
function refocus() {
  if ($(".ask").contains(document.activeElement)) return;
  $(phone.matches ? ".scroll" : "#aisle-ask").focus({ preventScroll: true });
}

// Once the shopper touches the conversation, a running answer no longer scrolls it.
function holdStill() { if (app.running) app.running.following = false; }

// Brings the end of the answer into view, but never its beginning out of it.
function reveal(turn) {
  if (!app.running.following) return;
  const view = $(".scroll").getBoundingClientRect();
  const below = turn.after.getBoundingClientRect().bottom + 16 - view.bottom;
  const room = turn.reply.getBoundingClientRect().top - 16 - view.top;
  if (Math.min(below, room) > 0) $(".scroll").scrollBy(0, Math.min(below, room));
}

function follow(payload) {
  if (!app.running || payload?.ticket !== app.ticket) return;
  for (const event of payload.events.slice(app.running.seen)) {
    app.running.seen += 1;
    ON[event.name](app.running.turn, event.data);
    if (!app.running) return;
  }
  if (payload.queued) reveal(waitInLine(app.running.turn, payload.queued));
  if (payload.error) fail(payload.error);
}

const ON = {
  need(turn, data) {
    remember(data.session_id);
    Object.assign(turn, { id: data.turn_id, token: data.token, need: data.need });
    if (turn.hushed) return;
    waitFor(turn, "looking", { n: data.looking_through || app.products });
    shelve(turn, { state: "waiting" });
  },
  slate(turn, data) {
    learn(turn, data.evidence);
    if (data.slate.length) {
      unhush(turn);
      shelve(turn, { state: "shown", products: data.slate, matching: data.matching, allCounted: data.all_counted });
      $(".shelf").scrollTop = 0;
    }
    waitFor(turn, "thinking");
  },
  sentence(turn, data) {
    unhush(turn);
    if (turn.slate?.state === "waiting") unshelve(turn);
    waitFor(turn, null);
    addSentence(turn, data);
    reveal(turn);
  },
  done(turn, data) {
    settle(turn, data);
    takeCart(data.cart);
    afterTurn(data);
    if (!turn.hushed) reveal(turn);
    end();
    surveyAfter("turn");
  },
};

// Products that a turn may speak of and the turn that showed them: its own shelf's first, then those of earlier ones.
function shown(turn) {
  const shelves = [turn, ...app.turns.toReversed()].filter((one) => one.slate);
  return shelves.flatMap((on) => on.slate.products.map((p) => ({ p, on })));
}

function settle(turn, data, fresh = true) {
  turn.need = data.need;
  if (turn.slate?.state === "waiting") unshelve(turn);
  // An answer leaves the shelf as it is; only where nothing fits is it cleared.
  if (data.kind === "no_match" && !data.slate.length) shelve(turn, { state: "shown", products: [], matching: 0 });
  finish(turn, data);
  turn.node.setAttribute("aria-busy", "false");
  if (handOver(turn, data, fresh)) return;
  drawComparison(turn, data.comparison, data.slate);
  steer(data.variety);
  unsaid(turn, data);
  offer(turn, data);
  offerAgain(turn);
  turn.after.append(thumbs(turn));
}

function resume(data) {
  const turn = begin(data.message);
  app.session = data.session_id;
  Object.assign(turn, { id: data.turn_id, token: data.token, need: data.need });
  learn(turn, data.evidence);
  if (data.slate.length) shelve(turn, { state: "shown", products: data.slate, matching: data.matching, allCounted: data.all_counted });
  settle(turn, data, false);
}

function end() {
  clearInterval(app.running.watch);
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
  refreshCart();
}

// Gradio says nothing when the server is gone: it waits, and loads the page anew once the server is back.
function checkLine() {
  const asked = app.running;
  fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(15000) }).catch(() => asked === app.running && lost());
}

function lost() { if (app.running) fail({ key: navigator.onLine ? "failed" : "offline" }); }

// What went wrong is said beside the words, which go back to where they were typed.
function fail(error) {
  const { turn, need, variety, previous } = app.running;
  unshelve(turn);
  turn.node.remove();
  app.turns.pop();
  rescue(turn);
  if (turn.answered) app.turns.at(-1)?.after.prepend(turn.answered);
  app.current = previous;
  end();
  if (error.key === "forgotten") {
    app.session = null;
    keep("session", null);
    dropCustomer();
  }
  if (!app.turns.length) page.dataset.empty = "";
  place();
  if (error.key === "forgotten") send(turn.message, need, variety);
  else composer.restore(need ? "" : turn.message);
  const again = AGAIN.has(error.key) && (() => sayAgain(turn.message, need, variety));
  composer.tell(need && error.key === "failed" ? "failed_edit" : error.key, { n: error.n }, again);
}

function sayAgain(message, need, variety) {
  composer.unsay(message);
  send(message, need, variety);
}

// ---- The shelf

function shelve(turn, change) {
  turn.slate ??= newSlate(acts, turn);
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

// On a phone every slate stands under its words; on a desk the current one stands on the shelf.
function place() {
  const small = phone.matches;
  if (small) $(".ask").before($(".compare-bar"));
  else $(".side .cart").before($(".compare-bar"));
  placeSteer(small ? app.current?.slot : $(".shelf"));
  for (const turn of app.turns) {
    if (!turn.slate) continue;
    if (small) stand(turn.slot, turn.slate);
    else if (turn !== app.current) turn.slate.node.remove();
    dim(turn.slate, false);
    turn.node.classList.toggle("current", turn === app.current);
  }
  if (!app.picks) return;
  if (small) stand($(".welcome .slot"), app.picks);
  else stand($(".shelf"), app.current?.slate || app.picks);
  showTicks();
}

function showAgain(turn) {
  app.current = turn;
  drawSlate(turn.slate);
  place();
  $(".shelf").scrollTop = 0;
}

// ---- Language, leaving

async function switchLanguage() {
  setLocale(locale() === "en" ? "zh" : "en");
  keep("locale", locale(), localStorage);
  relabel(page);
  refreshCart();
  if (!app.welcome) return;
  drawWelcome();
  const slates = app.turns.map((turn) => turn.slate).filter(Boolean);
  slates.forEach(drawSlate);
  place();
  showTicks(await translate(slates, call));
}

// With the same cart and customer, unless somebody else comes after.
function startOver(same = true) {
  stop();
  keep("session", null);
  forgetSurvey();
  forgetTyped();
  const before = same ? app.session : null;
  Object.assign(app, { session: null, turns: [], current: null });
  steer(null);
  hangUp();
  carryCustomer(before, carryCart(before));
  if (isOpen()) $("dialog").close();
  $(".turns").replaceChildren();
  page.dataset.empty = "";
  $('[data-act="over"]').hidden = true;
  composer.tell(null);
  composer.placeholder("ask_placeholder");
  untick();
  place();
  for (const pane of [".scroll", ".shelf"]) $(pane).scrollTop = 0;
  composer.fill("");
}
