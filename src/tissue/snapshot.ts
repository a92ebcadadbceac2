/**
 * A culture's state as bytes that any machine reads: 8 bytes of magic and version, the SHA-256 of what follows, then
 * the device's snapshot in MessagePack (the culture, its array, pulses on their way, the safety gate's books).
 */
import { decode, encode } from "@msgpack/msgpack";
import { sha256 } from "#sha256";
import type { SimulatedSnapshot } from "../device/simulated/controls.ts";

const MAGIC = new TextEncoder().encode("WGBRAIN1");
const DIGEST_BYTES = 32;

export function packCulture(snapshot: SimulatedSnapshot): Uint8Array {
  const body = encode(snapshot);
  const bytes = new Uint8Array(MAGIC.length + DIGEST_BYTES + body.length);
  bytes.set(MAGIC);
  bytes.set(sha256(body), MAGIC.length);
  bytes.set(body, MAGIC.length + DIGEST_BYTES);
  return bytes;
}

export function unpackCulture(bytes: Uint8Array): SimulatedSnapshot {
  const head = MAGIC.length + DIGEST_BYTES;
  if (!startsWith(bytes, MAGIC))
    throw new Error(
      `expected a brain's snapshot of this version of wetgrad, got ${bytes.length} bytes of something else`,
    );
  const body = bytes.subarray(head);
  if (!startsWith(bytes.subarray(MAGIC.length, head), sha256(body)))
    throw new Error("expected a whole snapshot of a brain, got one that is cut short or damaged");
  return decode(body) as SimulatedSnapshot;
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}
