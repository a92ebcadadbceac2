import { describe, expect, it } from "vitest";
import { conformanceChecks } from "../conformance.ts";
import type { DeviceProfile } from "../contract.ts";
import { joinSpikes } from "../reading.ts";
import { simulatedProfile } from "../simulated/array.ts";
import { Replay, wallClock } from "./driver.ts";

const profile: DeviceProfile = { ...simulatedProfile, name: "replay", preparation: "in-vitro" };
const spikes = {
  frames: Float64Array.from({ length: 500 }, (_, i) => Math.floor(i * i * 0.09)),
  channels: Uint16Array.from({ length: 500 }, (_, i) => (i * 37) % 64),
};
const make = () => new Replay({ profile, spikes, endFrame: 25_000 });

describe("conformance", () => {
  for (const { name, run } of conformanceChecks(make, {
    repeatable: true,
    stimulates: false,
    frames: 20_000,
  }))
    it(name, run);
});

describe("Replay", () => {
  it("gives back what it was given", async () => {
    expect(await make().read(25_000)).toEqual(spikes);
  });

  it.each([0.5, 1, 20])("plays at %f times real time by the clock handed in", async (speed) => {
    let ms = 1234;
    const clock = { nowMs: () => ms, wait: async (wait: number) => void (ms += wait) };
    const replay = new Replay({ profile, spikes, endFrame: 25_000 }, { speed, clock });
    const parts = [await replay.read(2500)];
    expect(ms - 1234).toBeCloseTo(100 / speed);
    ms += 30 / speed; // the reader takes its time; the recording does not wait for it
    parts.push(await replay.read(5000), await replay.read(25_000));
    expect(ms - 1234).toBeCloseTo(1000 / speed);
    expect(joinSpikes(parts)).toEqual(spikes);
  });

  it("says where the recording ends, and what is wrong with spikes", async () => {
    await expect(make().read(25_001)).rejects.toThrow("the recording ends at frame 25000, got 25001");
    const frames = Float64Array.of(5, 4);
    const broken = (change: object) => () =>
      new Replay({ profile, spikes: { frames, channels: Uint16Array.of(1, 1) }, endFrame: 10, ...change });
    expect(broken({})).toThrow("expected spikes in frame order, got 4 after 5");
    expect(() => new Replay({ profile, spikes, endFrame: 25_000 }, { speed: 0, clock: wallClock })).toThrow(
      "expected a speed > 0, got 0",
    );
    expect(broken({ endFrame: 5 })).toThrow("expected spike frames in [0, 5), got 5 at spike 0");
    expect(broken({ spikes: { frames, channels: Uint16Array.of(1) } })).toThrow("as many channels as frames");
    expect(broken({ spikes: { frames: frames.toReversed(), channels: Uint16Array.of(1, 64) } })).toThrow(
      "channel 64",
    );
  });
});
