// The first script of the owner's page: words and theme, then whoever is signed in.

import { prepare } from "./insights.js";

prepare(JSON.parse(document.getElementById("aisle-data").textContent));
