/** All floods; the first is none. */
import { deafPage } from "./deaf-page.ts";
import { falling } from "./falling.ts";
import type { Flood } from "./flood.ts";
import { plans } from "./plans.ts";
import { replays } from "./replays.ts";
import { segments } from "./segments.ts";
import { starts } from "./starts.ts";

export const FLOODS: readonly Flood[] = [
  { name: "none" },
  segments,
  starts,
  deafPage,
  plans,
  falling,
  replays,
];

export function floodOf(name: string): Flood {
  const flood = FLOODS.find((known) => known.name === name);
  if (!flood) throw new Error(`internal: no flood ${name}`);
  return flood;
}
