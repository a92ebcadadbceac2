/** All floods; the first is none. */
import { deafPage } from "./deaf-page.ts";
import type { Flood } from "./flood.ts";
import { segments } from "./segments.ts";
import { starts } from "./starts.ts";

export const FLOODS: readonly Flood[] = [{ name: "none" }, segments, starts, deafPage];

export function floodOf(name: string): Flood {
  const flood = FLOODS.find((known) => known.name === name);
  if (!flood) throw new Error(`internal: no flood ${name}`);
  return flood;
}
