// The keyboard: single keys where nothing is being typed, all told by "?", and they can be switched off.

import { el } from "../dom.js";
import { keep, recall } from "../memory.js";
import { put } from "../words.js";
import { boxOpen, showBox } from "./parts.js";

const GROUPS = [
  ["keys_queue", [["j", "key_next"], ["k", "key_previous"], ["/", "key_search"]]],
  ["keys_ticket", [["c", "key_claim"], ["r", "key_reply"], ["n", "key_note"], ["e", "key_close"], ["h", "key_hand_back"], ["t", "key_transfer"], ["z", "key_snooze"], ["o", "key_reopen"]]],
  ["keys_writing", [["Tab", "key_use_draft"], ["Esc", "key_drop_draft"], ["s", "key_send"], ["Ctrl Enter", "key_send_typing"]]],
  ["keys_places", [["1", "key_go_queue"], ["2", "key_go_talk"], ["3", "key_go_side"], ["g", "key_desk"], ["a", "key_approvals"], ["?", "key_help"]]],
];

// `does`: key -> what it does
export function setUpKeys(does) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || boxOpen() || !recall("desk.keys", true, localStorage)) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return event.key === "Escape" ? event.target.blur() : undefined;
    const run = does[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!run) return;
    event.preventDefault();
    run();
  });
}

export function showKeys() {
  const on = el("input", { type: "checkbox", checked: recall("desk.keys", true, localStorage) });
  on.addEventListener("change", () => keep("desk.keys", on.checked, localStorage));
  const group = ([key, rows]) => el("section", {}, put(el("h3"), key), el("dl", { class: "key-list" }, rows.map(([k, what]) => el("div", {}, el("dt", {}, k.split(" ").map((one) => el("kbd", {}, one))), put(el("dd"), what)))));
  showBox("keys_title", {}, el("div", { class: "key-groups" }, GROUPS.map(group)), el("label", { class: "switch" }, on, put(el("span"), "keys_on")));
}
