// Where one is at the desk, kept in the address: the view, the ticket, the filters. Back and forward work.

const NAMES = ["view", "ticket", "status", "mine", "reason", "language", "q"];

export function where() {
  const asked = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, asked.get(name) || ""]));
}

export function address(change = {}) {
  const place = { ...where(), ...change };
  const kept = new URLSearchParams(NAMES.filter((name) => place[name]).map((name) => [name, place[name]]));
  return kept.size ? `/desk?${kept}` : "/desk";
}

export function go(change, replace = false) {
  const to = address(change);
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
}
