import { describe, expect, it } from "vitest";
import { checkedSpecs, holderChecks } from "../conformance.ts";
import { plainHolder } from "./plain.ts";
import { LANE_SPIKES, readLane, sharedLanes, writeLane } from "./shared.ts";
import { threadHolder } from "./threads.ts";

describe.each([
  ["in this thread", plainHolder],
  ["in two worker threads", () => threadHolder(2)],
])("brains held %s", (_, open) => {
  for (const { name, run } of holderChecks(async () => open())) it(name, run);

  it("names a brain that is not held", async () => {
    const holder = open();
    await holder.open(checkedSpecs.slice(0, 1));
    await expect(holder.snapshot([9])).rejects.toThrow("no brain 9 is held here");
    await holder.close();
  });
});

describe("a lane of shared memory", () => {
  const result = (count: number) => ({
    brain: 5,
    spikes: {
      frames: Float64Array.from({ length: count }, (_, i) => 3 * i),
      channels: Uint16Array.from({ length: count }, (_, i) => i % 64),
    },
    refused: 2,
  });

  it("gives back what was put in, and takes no more than fits", () => {
    const memory = sharedLanes(2);
    expect(writeLane(memory, 1, result(LANE_SPIKES))).toBe(true);
    expect(writeLane(memory, 0, result(7))).toBe(true);
    expect(readLane(memory, 1, 5)).toEqual(result(LANE_SPIKES));
    expect(readLane(memory, 0, 5)).toEqual(result(7));
    expect(writeLane(memory, 0, result(LANE_SPIKES + 1))).toBe(false);
  });
});
