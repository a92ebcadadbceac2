/** A wiring from a file of `save.ts`. A browser's tab has none: its twin is load-browser.ts. */
import { readFileSync } from "node:fs";
import type { Wiring } from "../contract.ts";
import { decodeWiring } from "./decode.ts";

/** Throws `WiringError` where the file is none of ours, or damaged. */
export function loadWiring(path: string): Wiring {
  return decodeWiring(path, readFileSync(path));
}
