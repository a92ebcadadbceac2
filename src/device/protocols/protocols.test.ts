import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openRecording } from "../../recording/open.ts";
import { describeActivity } from "../../recording/statistics/activity.ts";
import { openDevice } from "../gate/open.ts";
import { growSimulated } from "../simulated/grow.ts";
import { compareCultures } from "./compare.ts";
import { quietCulture } from "./quieting.ts";
import { recordSpontaneous } from "./spontaneous.ts";

function grown(seed: number) {
  return openDevice(growSimulated({ seed, div: 21 }));
}

describe("quietCulture", () => {
  it("ends the bursting of the default culture, by pulses that the gate has passed", async () => {
    const device = grown(1);
    await device.read(50_000);
    const before = describeActivity(await recordSpontaneous(device, 20));
    await quietCulture(device, { seed: 1, seconds: 10 });
    device.simulated!.plasticity(1);
    const after = describeActivity(await recordSpontaneous(device, 20));
    expect(before.networkBurstsPerMinute).toBeGreaterThan(6);
    expect(after.networkBursts).toEqual([]);
    const { electrodes } = device.ledger();
    expect(electrodes.reduce((sum, { pulses }) => sum + pulses, 0)).toBe(500);
    expect(Math.max(...electrodes.map(({ pulses }) => pulses))).toBeLessThanOrEqual(8);
  });

  it("refuses a fraction of a second", async () => {
    await expect(quietCulture(grown(1), { seed: 1, seconds: 0.5 })).rejects.toThrow(/whole number/);
  });
});

describe("recordSpontaneous", () => {
  it("hears the same spikes as one long read", async () => {
    const spikes = await grown(2).read(75_000);
    const trains = await recordSpontaneous(grown(2), 3);
    const count = Array.from(
      { length: trains.channels.length },
      (_, i) => [...trains.readSpikes(i)][0].length,
    );
    expect(count.reduce((a, b) => a + b)).toBe(spikes.frames.length);
    expect(trains.durationSeconds).toBe(3);
  });
});

describe("compareCultures", () => {
  const recording = "../shared/recordings/g2chvc-cultures/C57_CTX_G2CEPHYS3_TC21_DIV21_D.h5";
  it.runIf(existsSync(recording))(
    "puts both in one table (skipped where the recording is absent)",
    async () => {
      const opened = await openRecording(recording);
      const { simulated, real } = await compareCultures([opened], { divs: [21], seeds: [1], seconds: 20 });
      opened.close();
      expect(real[0]).toMatchObject({ divDays: 21, electrodes: 58, activeElectrodes: 54 });
      expect(real[0].statistics).toEqual(expect.objectContaining({ firingRateHz: expect.closeTo(3.55, 2) }));
      expect(simulated[0].statistics.meanCorrelation).toBeGreaterThan(0.3);
      expect(simulated[0].arrayRate.hz).toHaveLength(200);
      const heard = simulated[0].arrayRate.hz.reduce((a, b) => a + b) * 0.1;
      expect(heard).toBeGreaterThan(500);
    },
  );
});
