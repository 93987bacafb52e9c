// Beside a view: the conversations behind a figure, and one of them in full. What it shows stands in the address.

import { glyph, term, tool, when } from "../desk/parts.js";
import { el, icon } from "../dom.js";
import { put, say } from "../words.js";
import { get } from "./api.js";
import { bothFiles, empty, failed, money, note, valueName } from "./kit.js";
import { Frame } from "./live.js";
import { address, filters, go } from "./place.js";
import { drawTalk } from "./talk.js";

const NARROWED = ["from", "to", "locale", "category", "product", "model", "prompt", "ranker", "arm", "position"];
let place, frame, shown, opener;

export function setUpPanel(node) {
  place = node;
}

export function showPanel({ behind, talk }) {
  if (!behind && !talk) return closePanel(true);
  const asks = JSON.stringify([behind, talk, filters()]);
  if (asks === shown) return undefined;
  if (!shown) {
    opener = document.activeElement;
    place.replaceChildren(el("header", { class: "panel-head" }), el("div", { class: "panel-body pane", tabindex: "0" }));
    frame = new Frame(place.lastChild);
  }
  shown = asks;
  place.hidden = false;
  place.closest(".aisle").dataset.panel = talk ? "talk" : "list";
  drawHead(behind, talk);
  place.lastChild.scrollTop = 0;
  return frame.show(talk ? (node, asking) => drawTalk(node, asking, talk) : (node, asking) => drawList(node, asking, behind));
}

export function closePanel(quiet = false) {
  if (!shown) return;
  const inside = place.contains(document.activeElement);
  shown = null;
  frame.forget();
  place.hidden = true;
  place.replaceChildren();
  delete place.closest(".aisle").dataset.panel;
  if (!quiet) go({ behind: "", talk: "" });
  if (!inside && !quiet) return;
  const key = opener?.dataset?.key;
  const back = opener?.isConnected ? opener : key && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  (back || document.querySelector(".view-place")).focus({ preventScroll: true });
}

function drawHead(behind, talk) {
  const [measure, narrow] = parted(behind);
  const heading = el("h2", { tabindex: "-1" }, talk ? say("one_conversation") : title(measure));
  const back = talk && behind ? el("a", { class: "tool", href: address({ talk: "" }), "aria-label": say("back_to_list"), title: say("back_to_list") }, glyph("undo")) : null;
  const rest = talk ? null : el("p", { class: "quiet-line" }, narrowWords(narrow));
  place.firstChild.replaceChildren(...[back, el("div", { class: "panel-title" }, heading, rest), tool("close", "close", () => closePanel())].filter(Boolean));
  heading.focus({ preventScroll: true });
}

// A measure (or a route) and what narrows it, as kit.js writes them together.
function parted(behind) {
  const at = behind.indexOf("?");
  return at < 0 ? [behind, new URLSearchParams()] : [behind.slice(0, at), new URLSearchParams(behind.slice(at + 1))];
}

function title(measure) {
  const key = `behind_${measure}`;
  return say(key) === key ? say("behind") : say(key);
}

function narrowWords(narrow) {
  const known = NARROWED.filter((name) => narrow.get(name) && !["from", "to"].includes(name));
  const parts = known.map((name) => `${say(`by_${name}`)}: ${valueName(name, narrow.get(name), name === "product" ? narrow.get("label") : null)}`);
  const { from, to } = { ...filters(), ...Object.fromEntries(narrow) };
  const days = from === to ? valueName("day", from) : `${valueName("day", from)} – ${valueName("day", to)}`;
  return [days, narrow.get("label") && !narrow.get("product") ? narrow.get("label") : null, ...parts].filter(Boolean).join(" · ");
}

// ---- The list

async function drawList(node, asking, behind) {
  const [measure, narrow] = parted(behind);
  const query = Object.fromEntries([...narrow].filter(([name]) => name !== "label"));
  const path = measure.startsWith("/") ? measure : "/conversations";
  const asked = measure.startsWith("/") ? query : { ...query, measure };
  const answer = /^\/?[a-z_][\w/-]*$/.test(measure) ? await asking(path, asked) : { ok: false, status: 404 };
  if (!answer.ok) return node.replaceChildren(failed(answer));
  const { conversations, reviews } = answer.data;
  const list = el("ol", { class: "talks" }, conversations.map(row));
  const elsewhere = reviews ? note("in_reviews", { n: reviews }) : null;
  if (!conversations.length) return node.replaceChildren(empty("no_conversations", {}, elsewhere));
  node.append(el("div", { class: "talks-files" }, put(el("span", { class: "quiet-line" }), "files_of_list"), bothFiles(path, asked), elsewhere), list);
  if (answer.data.next) node.append(more(list, path, asked, answer.data.next));
}

function more(list, path, asked, cursor) {
  const node = put(el("button", { type: "button", class: "button wide", "data-key": "more" }), "older");
  node.addEventListener("click", async () => {
    node.disabled = true;
    list.dataset.hold = ""; // what was added by hand is not taken away by news
    const answer = await get(path, { ...asked, cursor });
    node.disabled = false;
    if (!answer.ok) return;
    const rows = answer.data.conversations.map(row);
    list.append(...rows);
    rows[0]?.querySelector("a").focus();
    if (answer.data.next) cursor = answer.data.next;
    else node.remove();
  });
  return node;
}

function row(one) {
  const marks = [
    one.score !== null && el("span", { class: `mark-of ${one.score >= 0.75 ? "good" : "bad"}` }, icon(one.score >= 0.75 ? "check" : "but"), el("span", {}, say("score_of", { n: Math.round(10 + one.score * 40) / 10 }))),
    one.clicks > 0 && el("span", {}, say("n_clicks", { n: one.clicks })),
    one.carts > 0 && el("span", {}, say("n_carts", { n: one.carts })),
    one.purchases > 0 && el("span", { class: "mark-of good" }, icon("bag"), el("span", {}, one.revenue ? money(one.revenue) : say("bought_word"))),
    one.kinds.includes("no_match") && el("span", { class: "mark-of bad" }, icon("but"), put(el("span"), "kind_no_match")),
    one.who !== "shopper" && el("span", {}, say(`who_${one.who}`)),
  ];
  return el("li", {}, el("a", { class: "talk-row", href: address({ talk: one.session_id }), "data-key": `talk-${one.session_id}` },
    el("span", { class: "talk-first" }, one.first_message || say("nothing_said")),
    el("span", { class: "talk-facts" }, el("time", { datetime: one.started_at }, when(one.started_at)), el("span", {}, term("language", one.locale)), el("span", {}, say("n_turns", { n: one.turns })), marks.filter(Boolean))));
}

