// For the shop's own pages: tells the chat's record what became of products that shoppers found in the chat.
//
//   <script src="https://chat.shop.example/page/aisle-events.js"></script>
//   aisle.cart({ product_id: "lig-01", quantity: 1 })
//   aisle.purchase({ order_id: "1001", items: [{ product_id: "lig-01", quantity: 2, amount: 128.0, currency: "USD" }] })
//
// Links from the chat name the turn that showed a product. That is kept for 30 days, and what is told goes out until the
// chat's server has it; a purchase that is told again, as by a reload, is there once. Nothing is told of other products.

(() => {
  const SERVER = new URL(document.currentScript.src).origin;
  const HOLDS_MS = 30 * 24 * 3_600_000;
  const MOST_TURNS = 200;
  const MOST_WAITING = 200;
  const BATCH = 50;
  const SOON_MS = 200;
  const LATE_MS = 60_000;
  const LONGEST_MS = 300_000;
  let wait = 2_000;
  let timer = null;
  let sending = false;
  const kept = {}; // for browsers that let nothing be stored: as long as the page is there

  function read(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`aisle.${key}`)) ?? otherwise;
    } catch {
      return kept[key] ?? otherwise;
    }
  }

  function write(key, value) {
    kept[key] = value;
    try {
      localStorage.setItem(`aisle.${key}`, JSON.stringify(value));
    } catch {
      // It is told while the page is there.
    }
  }

  // ---- Which turn showed a product

  function turns() {
    const since = Date.now() - HOLDS_MS;
    return Object.fromEntries(Object.entries(read("turns", {})).filter(([, turn]) => turn.at >= since));
  }

  // Takes over what the address brings, and leaves the address as the shop knows it.
  function arrive() {
    const here = new URL(location.href);
    const all = (name) => here.searchParams.getAll(`aisle_${name}`);
    const [products, ids, tokens] = [all("product"), all("turn"), all("token")];
    if (!ids.length) return;
    const known = turns();
    products.forEach((id, at) => ids[at] && (known[id] = { turn: ids[at], token: tokens[at], at: Date.now() }));
    write("turns", Object.fromEntries(Object.entries(known).sort(([, a], [, b]) => b.at - a.at).slice(0, MOST_TURNS)));
    const own = location.search.slice(1).split("&").filter((pair) => !/^aisle_(product|turn|token)=/.test(pair));
    history.replaceState(history.state, "", `${location.pathname}${own.join("&") && `?${own.join("&")}`}${location.hash}`);
  }

  // ---- What is told

  // `item` as an event, or nothing where the chat did not show its product.
  function event(kind, key, { product_id, quantity, amount, currency }) {
    const turn = turns()[product_id];
    return turn && { turn_id: turn.turn, token: turn.token, product_id, kind, key, quantity, amount, currency };
  }

  // One line for each product: an order may hold it in several sizes.
  function summed(items) {
    const lines = new Map();
    for (const { product_id, quantity = 1, amount, currency } of items) {
      const id = String(product_id);
      const line = lines.get(id) || { product_id: id, quantity: 0, amount: undefined, currency };
      line.quantity += quantity;
      if (amount !== undefined) line.amount = Math.round(((line.amount || 0) + amount) * 1000) / 1000;
      lines.set(id, line);
    }
    return [...lines.values()];
  }

  function purchase({ order_id, items }) {
    if (order_id === undefined || order_id === null || order_id === "") throw new TypeError("aisle.purchase: order_id is missing");
    return put(summed(items).map((item) => event("purchase", `order ${order_id}: ${item.product_id}`, item)));
  }

  function cart({ product_id, quantity = 1, key }) {
    const own = key ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return put([event("cart", own, { product_id: String(product_id), quantity })]);
  }

  // How many of them are of products from the chat, and so are told.
  function put(events) {
    const ours = events.filter(Boolean);
    const waiting = read("waiting", []);
    const fresh = ours.filter(({ key }) => !waiting.some((one) => one.event.key === key));
    write("waiting", [...waiting, ...fresh.map((one) => ({ at: Date.now(), event: one }))].slice(-MOST_WAITING));
    soon(SOON_MS);
    return ours.length;
  }

  // ---- On its way

  function soon(ms) { timer ??= setTimeout(send, ms); }

  async function send() {
    clearTimeout(timer);
    timer = null;
    const batch = read("waiting", []).slice(0, BATCH);
    if (sending || !batch.length) return;
    sending = true;
    const results = await post(batch.map(said));
    sending = false;
    if (results) settle(batch, results);
    wait = results ? 2_000 : Math.min(2 * wait, LONGEST_MS);
    if (read("waiting", []).length) soon(results ? SOON_MS : wait);
  }

  // Other tabs may have put or sent something meanwhile: only what was answered goes.
  function settle(batch, results) {
    const clock = new Set(batch.filter((one, at) => results[at]?.field === "happened_at" && !one.timeless).map((one) => one.event.key));
    const gone = new Set(batch.map((one) => one.event.key).filter((key) => !clock.has(key)));
    const left = read("waiting", []).filter((one) => !gone.has(one.event.key));
    write("waiting", left.map((one) => (clock.has(one.event.key) ? { ...one, timeless: true } : one)));
  }

  function said({ at, event: one, timeless }) {
    return Date.now() - at > LATE_MS && !timeless ? { ...one, happened_at: new Date(at).toISOString() } : one;
  }

  // What became of each; nothing where they are to be sent again.
  async function post(events) {
    try {
      const answer = await fetch(`${SERVER}/api/v1/events/batch`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ events }), credentials: "omit", keepalive: true,
      });
      if (answer.ok) return (await answer.json()).results;
      return answer.status === 429 || answer.status >= 500 ? null : [];
    } catch {
      return null;
    }
  }

  arrive();
  window.aisle = Object.assign(window.aisle || {}, { purchase, cart });
  addEventListener("online", send);
  addEventListener("pageshow", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());
  soon(SOON_MS);
})();
