// The open line: every event of the desk as it is committed, taken up again after the last one that was heard.

const KINDS = [
  "opened", "claimed", "assigned", "transferred", "released", "snoozed", "woken", "closed", "reopened", "handed_back", "message",
  "note", "draft", "proposed", "waiting", "approved", "declined", "done", "undone", "expired", "rated", "mailed", "mail_late", "mail_failed",
  "mail_stopped", "typing", "presence",
];
const PROBE_MS = 20000;
const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15000];

// `after`: the last event that is known (null: from now on). `heard(kind, data, id)` for each event; `state("live"|"lost")` as the line comes and goes.
export function followLine({ after, heard, state }) {
  let last = after;
  let source = null;
  let failures = 0;
  let timer = null;
  let over = false;

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`/api/v1/desk/events${last === null ? "" : `?after=${encodeURIComponent(last)}`}`);
    source.onopen = () => {
      failures = 0;
      state("live");
    };
    source.onerror = lost;
    for (const kind of KINDS) source.addEventListener(kind, take);
  }

  function take(event) {
    if (event.lastEventId) last = event.lastEventId;
    heard(event.type, read(event.data), event.lastEventId);
  }

  function read(text) {
    try {
      return JSON.parse(text);
    } catch {
      return {}; // an event without sense still leads to asking anew
    }
  }

  // A browser tries again by itself unless the server refused: both ends are tried here, so that neither is waited for.
  function lost() {
    if (over) return;
    state("lost");
    source?.close();
    source = null;
    clearTimeout(timer);
    timer = setTimeout(open, WAITS_MS[Math.min(failures, WAITS_MS.length - 1)]);
    failures += 1;
  }

  // A line may be dead without a word, such as after sleep: asked for now and then.
  async function probe() {
    if (!source || document.hidden) return;
    const asked = source;
    const alive = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(8000) }).then((r) => r.ok, () => false);
    if (!alive && asked === source) lost();
  }

  const again = () => {
    failures = 0;
    if (!over && !source) open();
  };
  const probing = setInterval(probe, PROBE_MS);
  addEventListener("online", again);
  addEventListener("offline", lost);
  addEventListener("pageshow", again);
  open();
  return {
    again,
    close() {
      over = true;
      clearTimeout(timer);
      clearInterval(probing);
      source?.close();
      for (const [name, act] of [["online", again], ["offline", lost], ["pageshow", again]]) removeEventListener(name, act);
    },
  };
}
