import { describe, expect, it } from "vitest";
import { simulatedProfile } from "../device/simulated/array.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { RunControl } from "../experiment/control/control.ts";
import { checkedSpecs, holderChecks } from "./conformance.ts";
import { plainHolder } from "./local.ts";
import { LANE_SPIKES, readLane, sharedLanes, writeLane } from "./threads/shared.ts";
import { threadHolder } from "./threads/threads.ts";

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
    const control = new RunControl();
    const holder = threadHolder(1, control);
    await holder.open(specs);
    const step = holder.step(0, plans).then(
      () => null,
      (error: Error) => error,
    );
    await expect.poll(() => control.lastPassedAtMs, { interval: 1 }).not.toBeNull();
    control.stop();
    const stoppedAtMs = performance.timeOrigin + performance.now();
    const error = await step;
    const endedAtMs = performance.timeOrigin + performance.now();
    expect(error).toMatchObject({ name: "UnsafePulse", message: expect.stringContaining("stopped") });
    // A brain lives through its stretch longer than that, and five more stood in line.
    expect(control.lastPassedAtMs! - stoppedAtMs).toBeLessThan(50);
    expect(endedAtMs).toBeGreaterThan(control.lastPassedAtMs!);
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
