// Over the box to write in: who is there or waited for, whether they type, and that something new stands below.

import { el, icon } from "./dom.js";
import { moment, put } from "./words.js";

let strip, state, typing, unread;

// `goDown()` brings the end of the conversation into view.
export function setUpPresence(page, goDown) {
  state = el("p", { class: "presence-state", role: "status" });
  typing = el("p", { class: "presence-typing", "aria-hidden": "true" }); // what is written is read out, not that it will be
  unread = el("button", { type: "button", class: "button quiet presence-unread", onclick: goDown });
  strip = el("div", { class: "presence", hidden: true }, state, typing, unread);
  page.querySelector(".ask .field").before(strip);
}

// `agent`: a name or nothing; `waits`: {place, wait_s, opens_at}, each only if it is told, or nothing.
export function drawPresence({ agent, shop, waits, typing: writer, lost, unread: from }) {
  strip.hidden = !agent && !waits && !from;
  strip.classList.toggle("there", Boolean(agent));
  const parts = lost && (agent || waits) ? [put(el("span"), "line_lost")]
    : agent ? [put(el("span"), "is_here", { name: agent, shop })]
      : waits ? [put(el("span"), "waiting_person"), ...details(waits)] : [];
  set(state, parts);
  set(typing, writer ? [dots(), put(el("span"), "is_typing", { name: writer })] : []);
  unread.hidden = !from;
  if (from) unread.replaceChildren(put(el("span"), "has_written", { name: from }), icon("down_to"));
}

// A status is read out when it changes: one that says the same is left alone.
function set(node, parts) {
  const before = node.textContent;
  const fresh = el("p", {}, ...parts);
  if (fresh.textContent !== before) node.replaceChildren(...fresh.childNodes);
}

function details({ place, wait_s: seconds, opens_at: opens }) {
  const told = [];
  if (opens) told.push(el("span", {}, put(el("span"), "answers_from"), el("time", { datetime: opens, "data-at": opens }, moment(opens))));
  else if (place > 1) told.push(put(el("span"), "before_you", { n: place - 1 }));
  else if (place === 1) told.push(put(el("span"), "you_are_next"));
  if (!opens && seconds > 0) told.push(put(el("span"), "about_minutes", { n: Math.ceil(seconds / 60) }));
  return told;
}

function dots() { return el("span", { class: "dots" }, el("i"), el("i"), el("i")); }
