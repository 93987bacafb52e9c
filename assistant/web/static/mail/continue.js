// The page behind the link of a mail: the conversation becomes this tab's, and the shop opens with it.

import { keep, recall } from "../memory.js";

const { session } = JSON.parse(document.getElementById("aisle-data").textContent);
keep("surveyed", null);
keep("session", session);
if (recall("session", null) === session) location.replace("/");
