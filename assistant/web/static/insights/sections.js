// The views of the owner's page, in their order. Each is { id, title, draw(place, { filters, get, post, go, address, tell, me }) }.

import { section as alerts } from "./alerts.js";
import { section as drift } from "./drift.js";
import { section as experiments } from "./experiments.js";
import { section as gaps } from "./gaps.js";
import { section as opinions } from "./opinions.js";
import { section as overview } from "./overview.js";
import { section as surveys } from "./surveys.js";

export const SECTIONS = [overview, gaps, opinions, alerts, surveys, drift, experiments];
