// The agents of the shop: who may sign in, as what. For the owner.

import { el } from "../dom.js";
import { label, put, say } from "../words.js";
import { ask, get, post, why } from "./api.js";
import { SHORTEST, password } from "./gate.js";
import { button, closeBox, face, fault, faultLine, field, select, showBox, term } from "./parts.js";

const ROLES = ["agent", "lead", "owner"];

// `acts`: me(), tell(key, args)
export async function drawPeople(place, acts) {
  const answer = await get("/agents");
  const list = answer.ok ? answer.data.agents || answer.data : null;
  const again = () => drawPeople(place, acts);
  place.replaceChildren(el("section", { class: "page" },
    el("div", { class: "page-head" }, put(el("h1", { tabindex: "-1" }), "nav_people"), button("add_agent", () => askNew(again, acts), { look: "primary", sign: "plus" })),
    put(el("p", { class: "quiet-line" }), "roles_line"),
    list ? el("ul", { class: "people" }, list.map((agent) => row(agent, again, acts))) : put(el("p", { class: "empty" }), "view_failed")));
}

function row(agent, again, acts) {
  const me = agent.id === acts.me().id;
  const wrong = faultLine();
  const change = async (body) => {
    const answer = await ask("PATCH", `/agents/${encodeURIComponent(agent.id)}`, body);
    if (!answer.ok) return fault(wrong, why(answer));
    acts.tell("saved");
    again();
  };
  const role = select(ROLES.map((one) => [one, term("role", one)]), agent.role, { disabled: me, onchange: (event) => change({ role: event.target.value }) });
  label(role, "role_of", { name: agent.name });
  const off = agent.active === false;
  const active = button(off ? "let_in" : "shut_out", () => change({ active: off }), { disabled: me });
  active.setAttribute("aria-label", say(off ? "let_in_label" : "shut_out_label", { name: agent.name }));
  return el("li", { class: off ? "off" : "" }, face(agent.name, me),
    el("div", { class: "person-words" }, el("b", {}, agent.name, me && el("small", {}, say("you")), off && el("small", {}, say("shut_out_word"))), el("span", {}, agent.email)),
    role, button("new_password", () => askPassword(agent, acts), { look: "quiet" }), active, wrong);
}

function form(title, line, fields, key, send, acts, done) {
  const wrong = faultLine();
  const go = button(key, null, { look: "primary", type: "submit" });
  const node = el("form", { class: "box-form" }, line && put(el("p", { class: "will" }), line.key, line.args), fields, wrong, el("div", { class: "ways" }, go, button("cancel", closeBox)));
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    const answer = await send(Object.fromEntries(new FormData(node)));
    go.disabled = false;
    if (!answer.ok) return fault(wrong, answer.status === 409 ? "email_taken" : why(answer));
    closeBox();
    acts.tell("saved");
    done?.();
  });
  showBox(title, {}, node);
}

function askNew(again, acts) {
  const input = (name, type, props = {}) => el("input", { class: "control", name, type, required: true, maxlength: 200, autocomplete: "off", ...props });
  const fields = [
    field("name", input("name", "text", { "data-first": true })), field("email", input("email", "email")),
    field("role", select(ROLES.map((one) => [one, term("role", one)]), "agent", { name: "role" }), "role_note"),
    field("password", password("password", "new-password", { minlength: SHORTEST }), "password_for_them"),
  ];
  form("add_agent", null, fields, "add_agent", (body) => post("/agents", body), acts, again);
}

function askPassword(agent, acts) {
  const fields = [field("password", password("password", "new-password", { minlength: SHORTEST, "data-first": true }), "password_for_them")];
  form("new_password", { key: "new_password_will", args: { name: agent.name } }, fields, "save", (body) => ask("PATCH", `/agents/${encodeURIComponent(agent.id)}`, body), acts);
}
