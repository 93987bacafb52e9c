// The first script: gives the page its words, theme and cart before Gradio is there to connect it.

import { prepare } from "./shopper.js";

prepare(JSON.parse(document.getElementById("aisle-data").textContent));
