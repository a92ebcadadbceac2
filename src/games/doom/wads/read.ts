/** WADs as they are read: a header, lumps, and a directory of their names (the Unofficial Doom Specs, Fell 1994, https://www.gamers.org/dhs/helpdocs/dmsp1666.html). */
import { EngineError } from "../error.ts";
import { latin1 } from "../wasi.ts";

export interface Wad {
  /** A game's own data, or a patch of it. */
  readonly kind: "IWAD" | "PWAD";
  readonly names: readonly string[];
}

export const HEADER_BYTES = 12;
export const ENTRY_BYTES = 16;
export const NAME_BYTES = 8;

/** Throws `EngineError` where the bytes are none, or end too early. */
export function readWad(bytes: Uint8Array): Wad {
  const kind = latin1(bytes.subarray(0, 4));
  if (bytes.length < HEADER_BYTES || (kind !== "IWAD" && kind !== "PWAD"))
    throw new EngineError(
      `WAD: expected a file that begins with IWAD or PWAD, got ${bytes.length === 0 ? "nothing" : JSON.stringify(kind)}; give another with --wad`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [count, at] = [view.getInt32(4, true), view.getInt32(8, true)];
  if (count < 0 || at < HEADER_BYTES || at + count * ENTRY_BYTES > bytes.length)
    throw new EngineError(
      `WAD: expected a directory of ${count} lumps within ${bytes.length} bytes, got it at ${at}: the file is cut short`,
    );
  const names = Array.from({ length: count }, (_, i) => {
    const name = at + i * ENTRY_BYTES + ENTRY_BYTES - NAME_BYTES;
    return latin1(bytes.subarray(name, name + NAME_BYTES)).replace(/\0.*$/, "");
  });
  return { kind, names };
}
