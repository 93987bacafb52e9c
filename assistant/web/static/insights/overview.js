// The first view: how many talked, clicked, bought and were satisfied, what went wrong most and what to do about it; below
// it everything that details that, on the same filters.

import { el } from "../dom.js";
import { put, say } from "../words.js";
import { ROOT } from "./api.js";
import { breakdown } from "./breakdown.js";
import { bottom, headline, troubles } from "./headline.js";
import { daySpan, empty, failed, files, note } from "./kit.js";
import { funnel, reasons, satisfaction, trends } from "./trends.js";

export const section = {
  id: "overview",
  title: "overview",
  async draw(place, { filters, get, address, by }) {
    const [answer, series, table, why] = await Promise.all([get("/overview"), get("/series"), get("/breakdown", { by }), get("/reasons")]);
    if (!answer.ok) return place.replaceChildren(failed(answer));
    const told = answer.data;
    if (!told.now.counts.conversations) return place.replaceChildren(nothing(told, filters, address));
    place.replaceChildren(el("div", { class: "stack" },
      headline(told), troubles(told),
      el("div", { class: "pair" }, funnel(told), satisfaction(told)),
      reasons(told, why),
      trends(told, series),
      breakdown(table, by, address),
      taken(by), bottom(told)));
  },
};

// What will stand here, and how it comes.
function nothing(told, filters, address) {
  const before = told.before.counts.conversations;
  const narrowed = Object.keys(filters).some((name) => !["from", "to"].includes(name));
  if (narrowed) return empty("none_fit_filters", {}, put(el("a", { class: "button", href: address({ locale: "", category: "", product: "", model: "", prompt: "", ranker: "", arm: "", position: "", who: "" }) }), "clear_all"));
  const shop = put(el("a", { class: "button primary", href: "/", target: "_blank", rel: "noopener" }), "open_shop");
  const longer = put(el("a", { class: "button", href: address({ days: "90", from: "", to: "" }) }), "look_longer");
  const what = el("ul", { class: "to-come" }, ["to_come_funnel", "to_come_satisfied", "to_come_wrong"].map((key) => put(el("li"), key)));
  return el("div", { class: "stack" }, el("section", { class: "card first" }, put(el("h2"), "empty_title"), el("p", {}, say(before ? "empty_period" : "empty_line", { days: daySpan(filters.from, filters.to), n: before })), what, el("div", { class: "ways-out" }, shop, longer), note("yours_is_staffs")));
}

function taken(by) {
  const file = (name, query) => ({ name, path: "/export", query });
  const report = el("a", { class: "button small", href: `${ROOT}/report?lang=${document.documentElement.lang.slice(0, 2)}`, target: "_blank", rel: "noopener" }, say("open_report"));
  return files([file("file_series", { what: "series" }), file("file_breakdown", { what: "breakdown", by }), file("file_conversations", { what: "conversations" })],
    el("li", {}, put(el("span"), "file_report"), report));
}

