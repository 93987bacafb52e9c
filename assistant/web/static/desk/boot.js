// The first script of the desk: words and theme, then whoever is signed in.

import { prepare } from "./desk.js";

prepare(JSON.parse(document.getElementById("aisle-data").textContent));
