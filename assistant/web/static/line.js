// The line on which the server tells what people of the shop do in a session. After a drop it goes on where it was:
// nothing is told twice, nothing is left out.

const LASTING = ["message", "claimed", "released", "handed_back", "closed"]; // told again after a drop, by their number
const SHOWN = ["message", "closed"]; // what is mailed unless the page has shown it
const PASSING = ["typing", "waiting", "survey"]; // true only now
const FIRST_MS = 1000;
const SLOWEST_MS = 30000;
const ASLEEP_MS = 30000; // a page hidden for longer may have lost its line without being told
const RECEIPT_MS = 300; // words that come together are shown together

// Tells what comes after the event of number `last`: `hear(name, data)` is called with each event once, in order, and
// `stands(on)` whenever the line is up or down. What is returned closes it, and gives the number of the last event.
export function openLine(session, last, hear, stands) {
  let source, timer, receipt;
  let wait = FIRST_MS;
  let hiddenAt = Infinity;
  let wrote = 0; // the last of these that came, and up to which the server knows them as shown
  let known = 0;

  const home = `/api/v1/sessions/${encodeURIComponent(session)}`;
  const tell = (name, event) => hear(name, JSON.parse(event.data));
  const tellOnce = (name, event) => {
    const id = Number(event.lastEventId);
    if (id && id <= last) return;
    last = Math.max(last, id);
    tell(name, event);
    if (!SHOWN.includes(name)) return;
    wrote = id;
    clearTimeout(receipt);
    receipt = setTimeout(shown, RECEIPT_MS);
  };
  // What has been shown is not mailed. A page that nobody looks at, or that sleeps behind an open line, has shown nothing.
  async function shown() {
    const id = wrote;
    if (document.hidden || id <= known) return;
    const said = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ event_id: id }), keepalive: true };
    const answer = await fetch(`${home}/shown`, said).catch(() => null);
    if (answer?.ok) known = Math.max(known, id);
  }
  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`${home}/events?receipts=true&after=${last}`);
    source.addEventListener("open", up);
    source.addEventListener("error", down);
    for (const name of LASTING) source.addEventListener(name, (event) => tellOnce(name, event));
    for (const name of PASSING) source.addEventListener(name, (event) => tell(name, event));
  }
  function up() {
    wait = FIRST_MS;
    stands(true);
    shown();
  }
  // The browser tries again by itself, unless it was answered with something else than events.
  function down() {
    stands(false);
    if (source.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(open, wait);
    wait = Math.min(2 * wait, SLOWEST_MS);
  }
  function wake() {
    const slept = Date.now() - hiddenAt > ASLEEP_MS;
    hiddenAt = document.hidden ? Date.now() : Infinity;
    if (!document.hidden && slept) open();
    else shown();
  }
  addEventListener("online", open);
  document.addEventListener("visibilitychange", wake);
  open();

  return function close() {
    clearTimeout(timer);
    clearTimeout(receipt);
    shown();
    source.close();
    removeEventListener("online", open);
    document.removeEventListener("visibilitychange", wake);
    return last;
  };
}
