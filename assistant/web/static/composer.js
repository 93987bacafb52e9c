// Where the shopper writes: grows with the words, sends on Enter, keeps what was typed when something fails or reloads.

import { icon } from "./dom.js";
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
    busy(on) {
      running = on;
      const held = document.activeElement === (on ? go : halt);
      go.hidden = on;
      halt.hidden = !on;
      if (held) (on ? halt : box).focus();
    },
    restore(words) {
      if (words && !box.value.trim()) fill(words);
    },
    tell(key, args) {
      notice.hidden = !key;
      if (key) put(notice, key, args);
    },
    placeholder(key) {
      box.dataset.tPlaceholder = key;
      box.placeholder = say(key);
    },
  };
}
