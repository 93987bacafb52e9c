// The shop's ready-made answers: named, written once, put into a reply with one choice.

import { el } from "../dom.js";
import { label, put } from "../words.js";
import { ask, get, why } from "./api.js";
import { button, fault, faultLine, field, tool } from "./parts.js";

// `acts`: tell(key), macros(list): the list as it was saved
export async function drawMacros(place, acts) {
  const answer = await get("/macros");
  const list = answer.ok ? answer.data.macros || answer.data : null;
  const wrong = faultLine();
  const rows = el("ol", { class: "macro-list" }, (list || []).map(row));
  const none = put(el("p", { class: "quiet-line" }), "no_macros");
  const save = button("save", null, { look: "primary", type: "submit" });
  const count = () => (none.hidden = rows.children.length > 0);
  const add = () => {
    rows.append(row({ name: "", text: "" }));
    count();
    rows.lastElementChild.querySelector("input").focus();
  };
  rows.addEventListener("click", () => requestAnimationFrame(count));
  count();
  const form = el("form", {}, none, rows, wrong, el("div", { class: "ways sticky" }, save, button("add_macro", add, { sign: "plus" })));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const macros = [...rows.children].map((node) => ({ name: node.querySelector("input").value.trim(), text: node.querySelector("textarea").value.trim() }));
    save.disabled = true;
    const done = await ask("PUT", "/macros", { macros });
    save.disabled = false;
    fault(wrong, done.ok ? null : why(done));
    if (done.ok) {
      acts.tell("saved");
      acts.macros(macros);
    }
  });
  place.replaceChildren(el("section", { class: "page" }, put(el("h1", { tabindex: "-1" }), "nav_macros"), put(el("p", { class: "quiet-line" }), "macros_line"), list ? form : put(el("p", { class: "empty" }), "view_failed")));
}

function row(macro) {
  const name = el("input", { class: "control", value: macro.name, required: true, maxlength: 80 });
  const text = el("textarea", { class: "control", rows: 3, required: true, maxlength: 4000 });
  text.value = macro.text;
  const node = el("li", { class: "macro-row" }, field("macro_name", name), field("macro_text", text));
  const remove = label(tool("remove_macro", "close", () => node.remove(), { name: macro.name }), "remove_macro", { name: macro.name });
  node.append(remove);
  return node;
}
