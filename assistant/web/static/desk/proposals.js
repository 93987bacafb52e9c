// What is proposed to be done to an order: its exact consequences, why it waits, and who may let it happen.

import { el } from "../dom.js";
import { put, say } from "../words.js";
import { post, why } from "./api.js";
import { button, closeBox, fault, faultLine, field, glyph, showBox, since, term } from "./parts.js";

let acts;

// `acts`: leads(), changed(proposal), open(ticketId), tell(key, args)
export function setUpProposals(given) { acts = given; }

function consequences(proposal) {
  return el("ul", { class: "says" }, proposal.says.map((line) => el("li", {}, line)));
}

// One proposal as a card; `far`: seen away from its ticket, so that it names customer and ticket.
export function proposalCard(proposal, far = false) {
  const { state } = proposal;
  const head = el("p", { class: "prop-head" }, state === "waiting" && glyph("shield"), put(el("b"), `prop_${state}`),
    el("span", {}, [term("deed", proposal.kind), proposal.order_id].filter(Boolean).join(" · ")), proposal.created_at && since(proposal.created_at));
  const from = far && el("p", { class: "prop-from" }, [proposal.customer?.name, proposal.by && say("proposed_by", { name: by(proposal) })].filter(Boolean).join(" · "));
  const reason = state === "waiting" && proposal.why_waiting && el("p", { class: "prop-why" }, say("waits_because", { why: term("rule", proposal.why_waiting) }));
  const ways = el("div", { class: "ways" }, waysOf(proposal), far && proposal.ticket_id && button("open_ticket", () => acts.open(proposal.ticket_id), { look: "quiet" }));
  return el("article", { class: `prop is-${state}` }, head, from, consequences(proposal), reason, ways.childNodes.length ? ways : null);
}

function by({ by: name }) { return typeof name === "object" ? name.name : name === "assistant" ? say("assistant_name") : name; }

function waysOf(proposal) {
  if (proposal.state === "waiting" && !acts.leads()) return [put(el("p", { class: "prop-why" }), "lead_decides")];
  if (proposal.state === "waiting") return [button("approve", () => askApprove(proposal), { look: "primary", sign: "check" }), button("decline", () => askDecline(proposal), {})];
  if (proposal.state === "proposed" && proposal.by !== "assistant") return [button("confirm_this", () => askConfirm(proposal), { look: "primary" })];
  if (proposal.state === "done" && proposal.undoable) return [button("undo_this", () => askUndo(proposal), { look: "quiet", sign: "undo" })];
  return [];
}

async function decide(proposal, what, body, wrong) {
  const answer = await post(`/proposals/${encodeURIComponent(proposal.id)}/${what}`, body);
  if (!answer.ok) {
    fault(wrong, answer.status === 403 ? "not_yours_to_decide" : why(answer));
    return null;
  }
  closeBox();
  acts.changed(answer.data);
  acts.tell(`prop_told_${answer.data.state}`, { what: proposal.says.join(" ") });
  return answer.data;
}

// The consequences once more, then one button that brings them about.
function ask(title, line, proposal, key, run, ...fields) {
  const wrong = faultLine();
  const go = button(key, null, { look: "primary", type: "submit" });
  const form = el("form", { class: "box-form" }, put(el("p", { class: "will" }), line), consequences(proposal), fields, wrong, el("div", { class: "ways" }, go, button("cancel", closeBox)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    await run(new FormData(form), wrong);
    go.disabled = false;
  });
  showBox(title, {}, form);
}

function askApprove(proposal) {
  ask("approve_title", "approve_will", proposal, "approve_go", (_, wrong) => decide(proposal, "approve", {}, wrong));
}

export function askConfirm(proposal) {
  ask("confirm_title", "confirm_will", proposal, "confirm_go", (_, wrong) => decide(proposal, "confirm", {}, wrong));
}

function askUndo(proposal) {
  ask("undo_title", "undo_will", proposal, "undo_go", (_, wrong) => decide(proposal, "undo", {}, wrong));
}

function askDecline(proposal) {
  const reason = field("decline_why", el("textarea", { class: "control", name: "why", rows: 3, required: true, maxlength: 1000, "data-first": true }));
  ask("decline_title", "decline_will", proposal, "decline_go", (data, wrong) => decide(proposal, "decline", { why: data.get("why").trim() }, wrong), reason);
}
