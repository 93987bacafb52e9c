// Where the shopper writes: grows with the words, sends on Enter, keeps what was typed when something fails or reloads.

import { el, icon } from "./dom.js";
import { keep, recall } from "./memory.js";
import { put, say } from "./words.js";

export function setUpComposer(page, { send, stop }) {
  const form = page.querySelector(".ask");
  const box = form.querySelector("textarea");
  const go = form.querySelector('[type="submit"]');
  const halt = form.querySelector('[data-act="stop"]');
  const notice = form.querySelector(".notice");
  go.append(icon("send"));
  halt.append(icon("stop"));
  let running = false;

  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
    go.disabled = !box.value.trim();
    keep("draft", box.value || null);
  };
  const submit = (event) => {
    event?.preventDefault();
    const words = box.value.trim();
    if (!words || running) return;
    box.value = "";
    fit();
    send(words);
  };
  const fill = (words) => {
    box.value = words;
    fit();
    box.focus();
    box.setSelectionRange(words.length, words.length);
  };
  form.addEventListener("submit", submit);
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  halt.addEventListener("click", () => {
    stop();
    box.focus();
  });
  box.value ||= recall("draft", "");
  fit();

  return {
    fill,
    submit,
    // Of a `quick` one there is nothing to stop.
    busy(on, quick = false) {
      running = on;
      const stops = on && !quick;
      const held = document.activeElement === (stops ? go : halt);
      go.hidden = stops;
      halt.hidden = !stops;
      if (held) (stops ? halt : box).focus();
    },
    unsay(words) {
      if (box.value.trim() === words) box.value = "";
      fit();
    },
    restore(words) {
      if (words && !box.value.trim()) fill(words);
    },
    tell(key, args, again) {
      notice.hidden = !key;
      if (!key) return;
      const button = again && put(el("button", { type: "button", class: "button quiet", onclick: again }), "try_again");
      notice.replaceChildren(put(el("span"), key, args), ...(button ? [button] : []));
    },
    placeholder(key, args = {}) {
      box.dataset.tPlaceholder = key;
      box.dataset.tArgs = JSON.stringify(args);
      box.placeholder = say(key, args);
    },
  };
}
