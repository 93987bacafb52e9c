// The page's words in both languages, and numbers and money as each language writes them.

const TAGS = { en: "en-US", zh: "zh-CN" };
let texts = { en: {}, zh: {} };
let current = "en";

export function setTexts(table) { texts = table; }
export function locale() { return current; }

// Words that come with what is shown, under keys of their own: {key: {en, zh}}.
export function teach(words) {
  for (const [key, said] of Object.entries(words)) for (const name of ["en", "zh"]) texts[name][key] = said[name];
}

export function setLocale(to) {
  current = to === "zh" ? "zh" : "en";
  document.documentElement.lang = TAGS[current];
}

export function number(n, digits = 1) {
  return new Intl.NumberFormat(TAGS[current], { maximumFractionDigits: digits }).format(n);
}

export function money(amount, currency) {
  const whole = Number.isInteger(amount) ? { minimumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(TAGS[current], { style: "currency", currencyDisplay: "narrowSymbol", currency, ...whole }).format(amount);
}

export function price(amount, currency) {
  return new Intl.NumberFormat(TAGS[current], { style: "currency", currencyDisplay: "narrowSymbol", currency }).format(amount);
}

// A day (YYYY-MM-DD) in words: March 12, 2026; 2026年3月12日.
export function date(day) {
  return new Intl.DateTimeFormat(TAGS[current], { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}

// A moment (ISO 8601) as a time of day, with the day where that is not today.
export function moment(at) {
  const day = new Date(at).toDateString() === new Date().toDateString() ? {} : { weekday: "short", month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(TAGS[current], { ...day, hour: "numeric", minute: "2-digit" }).format(new Date(at));
}

// The text of a key, its {names} filled in; numbers are written as the language writes them.
export function say(key, args = {}) {
  const one = args.n === 1 && texts[current][`${key}_one`];
  const text = one || texts[current][key] || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = args[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

// Gives `node` the text of a key in a way that survives a change of language.
export function put(node, key, args) {
  node.dataset.t = key;
  if (args) node.dataset.tArgs = JSON.stringify(args);
  node.textContent = say(key, args);
  return node;
}

export function label(node, key, args) {
  node.dataset.tLabel = key;
  if (args) node.dataset.tArgs = JSON.stringify(args);
  node.setAttribute("aria-label", say(key, args));
  return node;
}

export function relabel(root) {
  const args = (node) => JSON.parse(node.dataset.tArgs || "{}");
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = say(node.dataset.t, args(node));
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", say(node.dataset.tLabel, args(node)));
  for (const node of root.querySelectorAll("[data-t-title]")) node.title = say(node.dataset.tTitle, args(node));
  for (const node of root.querySelectorAll("[data-t-placeholder]")) node.placeholder = say(node.dataset.tPlaceholder, args(node));
  for (const node of root.querySelectorAll("[data-at]")) node.textContent = moment(node.dataset.at);
}
