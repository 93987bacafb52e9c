// Keeps what is shown true: asks again for what a view rests on, and draws it anew only where an answer has changed,
// without taking focus, scroll or open details from under the reader.

import { get } from "./api.js";

const EVERY_MS = 2000;
const LONGEST_MS = 20_000; // a view whose answers took long is asked again after as long, but not after longer than this

export class Frame {
  constructor(place) {
    this.place = place;
    this.turn = 0;
    this.forget();
  }

  forget() {
    this.turn += 1;
    this.draw = null;
    this.answers = new Map();
    this.took_ms = 0;
    clearTimeout(this.timer);
  }

  // Draws with `draw(node, get)`; what it asks for is watched from then on.
  async show(draw) {
    this.forget();
    this.place.setAttribute("aria-busy", "true");
    await this.redraw(draw, null);
  }

  async redraw(draw, known) {
    const mine = (this.turn += 1);
    const answers = new Map();
    const node = document.createElement("div");
    const started = performance.now();
    const asking = async (path, query) => {
      const key = JSON.stringify([path, query || {}]);
      const answer = known?.get(key) ?? (await get(path, query));
      answers.set(key, answer);
      return answer;
    };
    await draw(node, asking);
    if (mine !== this.turn) return;
    if (!known) this.took_ms = performance.now() - started;
    this.draw = draw;
    this.answers = answers;
    swap(this.place, node, Boolean(known));
    this.place.setAttribute("aria-busy", "false");
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.min(LONGEST_MS, Math.max(EVERY_MS, this.took_ms)));
  }

  async look() {
    if (document.hidden || !this.draw || held(this.place)) return this.wait();
    const mine = this.turn;
    const started = performance.now();
    const keys = [...this.answers.keys()];
    const answers = await Promise.all(keys.map((key) => get(...JSON.parse(key))));
    const known = new Map(keys.map((key, i) => [key, answers[i]]));
    if (mine !== this.turn) return;
    this.took_ms = performance.now() - started;
    const changed = [...known].some(([key, answer]) => answer.ok && JSON.stringify(answer.data) !== JSON.stringify(this.answers.get(key).data));
    if (changed && !held(this.place)) await this.redraw(this.draw, known);
    else this.wait();
  }
}

// What somebody is filling in, or has marked as theirs, is left alone.
function held(place) {
  const at = document.activeElement;
  return Boolean(place.querySelector("[data-hold]")) || (place.contains(at) && at.matches("input, textarea, select"));
}

// ---- Putting the new in the place of the old

function swap(place, node, keep) {
  const old = place.firstElementChild;
  const focus = keep && old && old.contains(document.activeElement) ? pathTo(old, document.activeElement) : null;
  const open = keep && old ? [...old.querySelectorAll("details")].map((one) => one.open) : [];
  const across = keep && old ? [...old.querySelectorAll(".scroll-x")].map((one) => one.scrollLeft) : [];
  place.replaceChildren(node);
  if (!keep) return;
  [...node.querySelectorAll("details")].forEach((one, i) => { if (open[i] !== undefined) one.open = open[i]; });
  [...node.querySelectorAll(".scroll-x")].forEach((one, i) => { one.scrollLeft = across[i] || 0; });
  if (!focus) return;
  const again = () => at(node, focus)?.focus({ preventScroll: true });
  again();
  if (document.activeElement === document.body) requestAnimationFrame(() => requestAnimationFrame(again)); // a chart is drawn once its width is known
}

function pathTo(root, node) {
  const path = [];
  for (let one = node; one !== root; one = one.parentNode) path.unshift([one.parentNode].flatMap((p) => [...p.children]).indexOf(one));
  return { key: node.dataset?.key, path };
}

function at(root, { key, path }) {
  const named = key && root.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return named || path.reduce((one, i) => one?.children[i], root);
}
