// What waits for a person's approval, all of the shop's, oldest first.

import { el } from "../dom.js";
import { put } from "../words.js";
import { get } from "./api.js";
import { glyph } from "./parts.js";
import { proposalCard } from "./proposals.js";

export async function fetchApprovals() {
  const answer = await get("/approvals");
  return answer.ok ? answer.data.proposals || answer.data : null;
}

export function drawApprovals(place, list) {
  const body = !list ? [el("p", { class: "empty" }, put(el("span"), "view_failed"))]
    : list.length ? [put(el("p", { class: "quiet-line" }), "approvals_line"), el("div", { class: "stack wide-stack" }, list.map((one) => proposalCard(one, true)))]
      : [el("div", { class: "empty" }, glyph("shield"), put(el("p"), "none_waiting"))];
  place.replaceChildren(el("section", { class: "page" }, put(el("h1", { tabindex: "-1" }), "nav_approvals"), ...body));
}
