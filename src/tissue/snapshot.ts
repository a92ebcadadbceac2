/**
 * A culture's state as bytes that any machine reads: 8 bytes of magic and version, the SHA-256 of what follows, then
 * the device's snapshot in MessagePack (the culture, its array, pulses on their way, the safety gate's books).
 */
import { createHash } from "node:crypto";
import { decode, encode } from "@msgpack/msgpack";
import type { SimulatedSnapshot } from "../device/simulated/controls.ts";

const MAGIC = Buffer.from("WGBRAIN1", "latin1");
const DIGEST_BYTES = 32;

export function packCulture(snapshot: SimulatedSnapshot): Uint8Array {
  const body = encode(snapshot);
  return Buffer.concat([MAGIC, digest(body), body]);
}

export function unpackCulture(bytes: Uint8Array): SimulatedSnapshot {
  const head = MAGIC.length + DIGEST_BYTES;
  if (Buffer.compare(bytes.subarray(0, MAGIC.length), MAGIC) !== 0)
    throw new Error(
      `expected a brain's snapshot of this version of wetgrad, got ${bytes.length} bytes of something else`,
    );
  const body = bytes.subarray(head);
  if (!digest(body).equals(bytes.subarray(MAGIC.length, head)))
    throw new Error("expected a whole snapshot of a brain, got one that is cut short or damaged");
  return decode(body) as SimulatedSnapshot;
}

function digest(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest();
}
