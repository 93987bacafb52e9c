// Asks the shopper of a ticket how it went. Where they have left the chat, the agent gets a link to pass on.

import { el } from "../dom.js";
import { put, say } from "../words.js";
import { post, why } from "./api.js";
import { button, closeBox, fault, faultLine, field, showBox, when } from "./parts.js";

// `tell(key)` says something in passing.
export function askRating(ticket, tell) {
  const wrong = faultLine();
  const go = button("ask_rating_go", ask, { look: "primary", sign: "star" });
  async function ask() {
    go.disabled = true;
    const answer = await post(`/tickets/${encodeURIComponent(ticket.id)}/survey`);
    go.disabled = false;
    if (!answer.ok) return fault(wrong, answer.status === 409 ? "rating_there" : why(answer));
    if (answer.data.sent) {
      closeBox();
      tell("rating_asked");
    } else giveLink(answer.data);
  }
  showBox("ask_rating", {}, el("div", { class: "box-form" }, put(el("p", { class: "will" }), "ask_rating_will"), wrong, el("div", { class: "ways" }, go, button("cancel", closeBox))));
}

function giveLink({ link, email, language, expires_at: until }) {
  const address = new URL(link, location.origin).href;
  const box = el("input", { class: "control", readonly: true, value: address, "data-first": true, onfocus: (event) => event.target.select() });
  const done = el("p", { class: "quiet-line", role: "status" });
  const copy = button("copy_link", async () => {
    box.select();
    const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
    put(done, copied ? "link_copied" : "link_selected");
  }, { look: "primary", sign: "link" });
  const ways = [copy, email && mail(email, address, language), button("close", closeBox)].filter(Boolean);
  const will = put(el("p", { class: "will" }), "rating_link_will", { when: when(until) });
  showBox("rating_link", {}, el("div", { class: "box-form" }, will, field("rating_link_field", box), done, el("div", { class: "ways" }, ways)));
}

// The agent's own mail program writes it, in the shopper's language.
function mail(email, address, language) {
  const tongue = language === "zh" ? "zh" : "en";
  const words = new URLSearchParams({ subject: say(`rating_mail_subject_${tongue}`), body: say(`rating_mail_${tongue}`, { link: address }) });
  const href = `mailto:${encodeURIComponent(email)}?${words.toString().replaceAll("+", "%20")}`;
  return put(el("a", { class: "button", href }), "mail_to", { email });
}
