/** Results and snapshots compared bit by bit. */
import assert from "node:assert/strict";
import type { StepResult } from "../contract.ts";

export function sameResults(actual: readonly StepResult[], expected: readonly StepResult[]): void {
  assert.deepEqual(actual.map(plain), expected.map(plain));
}

function plain({ spikes, ...result }: StepResult) {
  return { ...result, frames: [...spikes.frames], channels: [...spikes.channels] };
}

export function sameBytes(actual: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  assert.equal(actual.length, expected.length, "one snapshot for each brain asked for");
  actual.forEach((bytes, i) => {
    assert.ok(Buffer.compare(bytes, expected[i]) === 0, `snapshot ${i} is that of the plain loop`);
  });
}
