// Asks the server for figures, always with the filters of the address; an answer is {ok, status, data, wait} as the desk's.

import { ask } from "../desk/api.js";
import { filters } from "./place.js";

export const ROOT = "/api/v1/insights";

// The address of `path` with the filters; what `query` names takes their place, an empty value leaves one out.
export function withFilters(path, query = {}) {
  const [bare, own] = path.split("?");
  const all = { ...filters(), ...Object.fromEntries(new URLSearchParams(own)), ...query };
  const kept = Object.entries(all).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return `${bare}?${new URLSearchParams(kept)}`;
}

export const get = (path, query) => ask("GET", withFilters(path, query), undefined, 60, ROOT);
export const post = (path, body = {}, method = "POST") => ask(method, path, body, 60, ROOT);
