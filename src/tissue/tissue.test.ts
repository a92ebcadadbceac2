import { describe, expect, it } from "vitest";
import { simulatedProfile } from "../device/simulated/array.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { checkedSpecs } from "./conformance/inputs.ts";
import { tissueChecks } from "./conformance/suite.ts";
import { localTissue } from "./local.ts";
import { StopFlag } from "./stop-flag.ts";
import { LANE_SPIKES, readLane, sharedLanes, writeLane } from "./threads/shared.ts";
import { threadTissue } from "./threads/threads.ts";

describe.each([
  ["in this thread", () => localTissue()],
  ["in two worker threads", () => threadTissue(2)],
])("brains held %s", (_, open) => {
  for (const { name, run, isSkipped } of tissueChecks(async () => open())) it.skipIf(isSkipped)(name, run);

  it("names a brain that is not held", async () => {
    const tissue = open();
    await tissue.open(checkedSpecs.slice(0, 1));
    await expect(tissue.snapshot([9])).rejects.toThrow("no brain 9 is held here");
    await tissue.close();
  });
});

describe("STOP in the middle of a step", () => {
  const specs = Array.from({ length: 6 }, (_, brain) => ({
    brain,
    seed: brain,
    neurons: 400,
    div: 21,
    preset: "quiet" as const,
  }));
  const second = simulatedProfile.framesPerSecond;
  const plans = specs.map(({ brain }) => ({
    brain,
    durationFrames: 4 * second,
    plasticity: 0,
    pulses: pulsesFor([3], 1, 3 * second, simulatedProfile),
  }));

  it("reaches the gates of all brains that their thread has not come to yet", async () => {
    const flag = new StopFlag();
    const tissue = threadTissue(1, flag);
    await tissue.open(specs);
    const step = tissue.step(0, plans).then(
      () => null,
      (error: Error) => error,
    );
    await expect.poll(() => flag.lastPassedAtMs, { interval: 1 }).not.toBeNull();
    flag.stop();
    const stoppedAtMs = performance.timeOrigin + performance.now();
    const error = await step;
    const endedAtMs = performance.timeOrigin + performance.now();
    expect(error).toMatchObject({ name: "UnsafePulse", message: expect.stringContaining("stopped") });
    // A culture lives through its stretch longer than that, and five more stood in line.
    expect(flag.lastPassedAtMs! - stoppedAtMs).toBeLessThan(50);
    expect(endedAtMs).toBeGreaterThan(flag.lastPassedAtMs!);
    await tissue.close();
  });
});

describe("a lane of shared memory", () => {
  const result = (count: number) => ({
    brain: 5,
    spikes: {
      frames: Float64Array.from({ length: count }, (_, i) => 3 * i),
      channels: Uint16Array.from({ length: count }, (_, i) => i % 64),
    },
    startFrame: 2 ** 40,
    refused: [],
  });

  it("gives back what was put in, and takes no more than fits", () => {
    const memory = sharedLanes(2);
    expect(writeLane(memory, 1, result(LANE_SPIKES))).toBe(true);
    expect(writeLane(memory, 0, result(7))).toBe(true);
    expect(readLane(memory, 1, 5)).toEqual(result(LANE_SPIKES));
    expect(readLane(memory, 0, 5)).toEqual(result(7));
    expect(writeLane(memory, 0, result(LANE_SPIKES + 1))).toBe(false);
    expect(writeLane(memory, 0, { ...result(7), refused: [{ pulse: 2, rule: "rate" }] })).toBe(false);
  });
});
