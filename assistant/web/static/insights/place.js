// Where one is on the owner's page, kept in the address: the view, the filters, what is looked at closely. Back and forward work.

export const FILTERS = ["from", "to", "locale", "category", "product", "model", "prompt", "ranker", "arm", "position", "who"];
const NAMES = ["view", "days", ...FILTERS, "by", "item", "behind", "talk"];
const DAY_MS = 86400000;
export const DAYS = 28; // looked back on where nothing else is asked for

let today = new Date().toISOString().slice(0, 10);
let moved = () => {};

export function setUpPlace(day, follow) {
  today = day;
  moved = follow;
}

export function where() {
  const asked = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, asked.get(name) || ""]));
}

export function address(change = {}) {
  const place = { ...where(), ...change };
  const kept = new URLSearchParams(NAMES.filter((name) => place[name]).map((name) => [name, place[name]]));
  return kept.size ? `/insights?${kept}` : "/insights";
}

// Goes there; `replace` leaves no step to come back to.
export function go(change, replace = false) {
  const to = address(change);
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  moved();
}

function dayOf(ms) { return new Date(ms).toISOString().slice(0, 10); }

function back(days) { return dayOf(Date.parse(`${today}T00:00Z`) - (days - 1) * DAY_MS); }

// The filters as the server takes them: a period that rolls on is told in dates.
export function filters() {
  const place = where();
  const days = Number(place.days) || DAYS;
  const period = place.from || place.to ? { from: place.from || back(days), to: place.to || today } : { from: back(days), to: today };
  const rest = FILTERS.filter((name) => place[name] && !(name in period)).map((name) => [name, place[name]]);
  return { ...period, ...Object.fromEntries(rest) };
}

// The days of the period before.
export function earlierDays() {
  const { from, to } = filters();
  const [start, end] = [from, to].map((day) => Date.parse(`${day}T00:00Z`));
  return { from: dayOf(2 * start - end - DAY_MS), to: dayOf(start - DAY_MS) };
}

// Each day of the period.
export function eachDay() {
  const { from, to } = filters();
  const [start, end] = [from, to].map((day) => Date.parse(`${day}T00:00Z`));
  return Array.from({ length: (end - start) / DAY_MS + 1 }, (_, i) => dayOf(start + i * DAY_MS));
}

export function lastDay() { return today; }
