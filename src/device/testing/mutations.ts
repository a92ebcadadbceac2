/**
 * Ten thousand damaged packets for a decoder: each must be read, or refused with a clear fault, soon and without
 * keeping memory.
 */
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Random } from "../../math/random.ts";
import { PacketFault } from "../lost.ts";

const MUTATIONS = 10_000;
const MAX_MS = 1000;
const MAX_GROWTH_BYTES = 16 << 20;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Feeds mutations of `sound` packets to `decode`; gives how many were refused. */
export function surviveMutations(
  sound: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => void,
  seed = 1,
): number {
  const random = Random.of(seed, "mutations");
  const pick = (below: number) => Math.floor(random.uniform() * below);
  let faults = 0;
  let before = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    if (i === MUTATIONS / 10) before = heapBytes();
    const bytes = mutated(sound[pick(sound.length)], pick);
    const start = performance.now();
    try {
      decode(bytes);
    } catch (error) {
      faults++;
      if (!(error instanceof PacketFault)) throw error;
      assert.ok(
        error.message.length > 10 && !error.message.includes("\n"),
        "one line that says what is wrong",
      );
    }
    const took = performance.now() - start;
    assert.ok(took < MAX_MS, `mutation ${i} took ${took} ms`);
  }
  const growth = heapBytes() - before;
  assert.ok(growth < MAX_GROWTH_BYTES, `the decoder has kept ${growth} bytes`);
  return faults;
}

/** Changed, cut, lengthened or doubled bytes. */
function mutated(sound: Uint8Array, pick: (below: number) => number): Uint8Array {
  let bytes = Buffer.from(sound);
  for (let change = 0; change <= pick(4); change++) {
    const at = pick(bytes.length + 1);
    const kind = pick(6);
    if (kind === 0) bytes = bytes.subarray(0, at);
    else if (kind === 1)
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([pick(256)]), bytes.subarray(at)]);
    else if (kind === 2) bytes = Buffer.concat([bytes, bytes.subarray(at)]);
    else if (bytes.length > 0)
      bytes[at % bytes.length] = kind === 3 ? [0, 255, 127, 128][pick(4)] : pick(256);
  }
  return bytes;
}

function heapBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
