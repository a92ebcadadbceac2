/** Wirings of a browser's tab, which has no files: the bytes of one are given before a brain is made of it. */
import { type Wiring, WiringError } from "../contract.ts";
import { decodeWiring } from "./decode.ts";

const given = new Map<string, Uint8Array<ArrayBuffer>>();

/** `path` is what a spec calls it. */
export function provideWiring(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  given.set(path, bytes);
}

export function loadWiring(path: string): Wiring {
  const bytes = given.get(path);
  if (!bytes)
    throw new WiringError(`${path}: expected a wiring that was given to this page with provideWiring`);
  return decodeWiring(path, bytes);
}
