// The line on which the server tells what people of the shop do in a session. After a drop it goes on where it was:
// nothing is told twice, nothing is left out.

const LASTING = ["message", "claimed", "released", "handed_back", "closed"]; // told again after a drop, by their number
const PASSING = ["typing", "waiting", "survey"]; // true only now
const FIRST_MS = 1000;
const SLOWEST_MS = 30000;
const ASLEEP_MS = 30000; // a page hidden for longer may have lost its line without being told

// Tells what comes after the event of number `last`: `hear(name, data)` is called with each event once, in order, and
// `stands(on)` whenever the line is up or down. What is returned closes it, and gives the number of the last event.
export function openLine(session, last, hear, stands) {
  let source, timer;
  let wait = FIRST_MS;
  let hiddenAt = Infinity;

  const tell = (name, event) => hear(name, JSON.parse(event.data));
  const tellOnce = (name, event) => {
    const id = Number(event.lastEventId);
    if (id && id <= last) return;
    last = Math.max(last, id);
    tell(name, event);
  };
  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`/api/v1/sessions/${encodeURIComponent(session)}/events?after=${last}`);
    source.addEventListener("open", up);
    source.addEventListener("error", down);
    for (const name of LASTING) source.addEventListener(name, (event) => tellOnce(name, event));
    for (const name of PASSING) source.addEventListener(name, (event) => tell(name, event));
  }
  function up() {
    wait = FIRST_MS;
    stands(true);
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
  }
  addEventListener("online", open);
  document.addEventListener("visibilitychange", wake);
  open();

  return function close() {
    clearTimeout(timer);
    source.close();
    removeEventListener("online", open);
    document.removeEventListener("visibilitychange", wake);
    return last;
  };
}
