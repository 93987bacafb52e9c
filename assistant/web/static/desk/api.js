// Asks the server; an answer is always {ok, status, data, wait}. Status 0 means that nobody was reached.

import { locale } from "../words.js";

let signedOut = () => {};

export function setUpApi(lost) { signedOut = lost; }

export async function ask(method, path, body, timeout_s = 30, root = "/api/v1/desk") {
  const headers = { accept: "application/json", "accept-language": locale() };
  if (body !== undefined) headers["content-type"] = "application/json";
  let response;
  try {
    response = await fetch(`${root}${path}`, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store", signal: AbortSignal.timeout(timeout_s * 1000),
    });
  } catch {
    return { ok: false, status: 0, data: null, wait: null };
  }
  const data = await response.json().catch(() => null);
  if (response.status === 401 && !["/me", "/sign-in"].includes(path)) signedOut();
  return { ok: response.ok, status: response.status, data, wait: Number(response.headers.get("retry-after")) || null };
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}, timeout_s) => ask("POST", path, body, timeout_s);

const WHY = { 0: "unreachable", 401: "signed_out", 403: "not_allowed", 404: "not_there", 409: "changed_meanwhile", 413: "too_long", 429: "too_often" };

// Why it did not go through: the server's own sentence where it has one for people, words of ours otherwise.
export function why({ status, data }) {
  if (data?.code && data.detail) return { words: data.detail }; // a rule of the shop, in the page's language
  if ([400, 409, 422].includes(status) && typeof data?.detail === "string" && data.detail) return { words: data.detail };
  return WHY[status] || (status === 422 ? "refused" : "try_later");
}

// What a repeated request is known by. randomUUID is not there on a page without TLS.
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
