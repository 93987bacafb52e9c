// Before the desk: the first set-up of a shop that has no agents yet, and signing in.

import { el } from "../dom.js";
import { keep, recall } from "../memory.js";
import { label, locale, put } from "../words.js";
import { post, why } from "./api.js";
import { button, fault, faultLine, field, glyph } from "./parts.js";

export const SHORTEST = 10; // characters of a password

// Draws what must be filled in; `entered()` is called once somebody is signed in.
export function drawGate(place, setup, entered) {
  place.replaceChildren(el("section", { class: "gate" }, setup ? setUpForm(entered) : signInForm(entered)));
  (place.querySelector("input[data-first]") || place.querySelector("input")).focus();
}

function input(name, type, props = {}) {
  return el("input", { class: "control", name, type, required: true, maxlength: 200, ...props });
}

// A password that can be looked at while it is typed.
export function password(name, autocomplete, props = {}) {
  const box = input(name, "password", { autocomplete, ...props });
  const show = label(el("button", { type: "button", class: "tool", "aria-pressed": "false" }, glyph("eye")), "show_password");
  show.addEventListener("click", () => {
    const shown = box.type === "password";
    box.type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", String(shown));
  });
  return el("span", { class: "with-tool" }, box, show);
}

function signInForm(entered) {
  const email = input("email", "email", { autocomplete: "username", value: recall("desk.email", "", localStorage) });
  const secret = password("password", "current-password", { "data-first": email.value !== "" });
  const done = async ({ email: name }) => {
    keep("desk.email", name, localStorage);
    entered();
  };
  const words = { 401: "wrong_password", 403: "not_active" };
  return form("sign_in_title", "sign_in_line", [field("email", email), field("password", secret)], "sign_in", "/sign-in", words, done);
}

function setUpForm(entered) {
  const key = new URLSearchParams(location.search).get("key") || recall("desk.key", "");
  if (key) keep("desk.key", key);
  history.replaceState(null, "", location.pathname); // the key is not left in the address, where it would be seen and kept
  const fields = [
    field("your_name", input("name", "text", { autocomplete: "name", "data-first": true })),
    field("email", input("email", "email", { autocomplete: "username" })),
    field("password", password("password", "new-password", { minlength: SHORTEST }), "password_note"),
    field("setup_key", input("key", "text", { autocomplete: "off", value: key, spellcheck: "false" }), "setup_key_note"),
  ];
  const done = () => {
    keep("desk.key", null);
    entered();
  };
  return form("setup_title", "setup_line", fields, "setup_go", "/setup", { 403: "wrong_key", 401: "wrong_key", 409: "setup_done" }, done);
}

function form(title, line, fields, action, path, words, done) {
  const wrong = faultLine();
  const go = button(action, null, { look: "primary wide", type: "submit" });
  const node = el("form", { class: "gate-form" }, put(el("h1"), title), put(el("p", { class: "quiet-line" }), line), ...fields, wrong, go);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault(wrong, null);
    go.disabled = true;
    const body = { ...Object.fromEntries(new FormData(node)), locale: locale() };
    const answer = await post(path, body);
    go.disabled = false;
    if (answer.ok) return done(body);
    const wait = answer.status === 429 && answer.wait;
    if (wait) fault(wrong, "wait_minutes", { n: Math.ceil(wait / 60) });
    else fault(wrong, words[answer.status] || why(answer));
  });
  return node;
}
