// Who the shop's own page says that the shopper is: its token comes behind the # of the address, is taken out of there at
// once, kept nowhere, and sent as soon as there is a conversation.

import { beginSession } from "./cart.js";
import { keep, recall } from "./memory.js";
import { rememberAs } from "./remembered.js";
import { put } from "./words.js";

let host, line;
let token = null;
let settled = Promise.resolve(); // once the server knows who the shopper is

// `session()` is the conversation's id or null, `open()` whether the server is there, `leave()` begins a conversation with
// nothing of this one, `tell(key)` says what has become of it.
export function setUpCustomer(page, given) {
  host = given;
  line = page.querySelector(".customer");
  line.querySelector("button").addEventListener("click", () => (settled = settled.then(signOut)));
  takeToken();
  addEventListener("hashchange", () => takeToken() && host.open() && vouch());
}

// When the page opens: `known` is who is known in the conversation that it goes on with.
export async function arrive(known) {
  show(recall("customer", false) ? known : null);
  if (token !== null) await vouch();
}

// What is said waits until it is known by whom.
export function whenKnown(act) { settled.then(act); }

// A conversation begins anew: with the customer of the one `before`, once what else goes along is `carried`, or with nobody.
export function carryCustomer(before, carried) {
  if (!before) show(null);
  else if (!line.hidden) settled = Promise.all([settled, carried]).then(() => signIn({ from_session: before }));
}

export function dropCustomer() { show(null); }

function takeToken() {
  const said = new URLSearchParams(location.hash.slice(1));
  if (!said.has("customer")) return false;
  token = said.get("customer");
  said.delete("customer");
  const rest = said.toString();
  history.replaceState(history.state, "", location.pathname + location.search + (rest && `#${rest}`));
  return true;
}

// A token that is there and empty is the shop's word that nobody is signed in.
function vouch() {
  const said = token;
  token = null;
  settled = settled.then(() => (said ? signIn({ token: said }) : line.hidden || signOut()));
  return settled;
}

async function signIn(body) {
  try {
    let answer = await send(await beginSession(), "POST", body);
    if (answer.status === 409) {
      host.leave();
      host.tell("customer_changed");
      answer = await send(await beginSession(), "POST", body);
    }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
  } catch {
    if (body.from_session) show(null);
    host.tell("sign_in_failed");
  }
}

// What was said and put in the cart is not left for whoever comes next.
async function signOut() {
  const gone = await send(host.session(), "DELETE").then((answer) => answer.ok || answer.status === 404, () => false);
  if (gone) host.leave();
  host.tell(gone ? "signed_out" : "sign_out_failed");
}

function send(session, method, body) {
  const json = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return fetch(`/api/v1/sessions/${encodeURIComponent(session)}/customer`, { method, cache: "no-store", ...json });
}

function show(customer) {
  keep("customer", customer ? true : null);
  rememberAs(customer?.key);
  line.hidden = !customer;
  if (customer) put(line.querySelector("span"), customer.first_name ? "signed_in_as" : "signed_in", { name: customer.first_name });
}
