import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pearson } from "../../math/correlation.ts";
import { Random } from "../../math/random.ts";
import { openRecording } from "../open.ts";
import { describeActivity, intervalVariation } from "./activity.ts";
import { burstlets, networkBursts } from "./burstlets.ts";
import { MeanCorrelation } from "./synchrony.ts";
import { spikesOf, spikeTrains } from "./trains.ts";

function poisson(random: Random, rateHz: number, seconds: number): number[] {
  const times: number[] = [];
  for (let t = 0; ; times.push(t)) {
    t -= Math.log(random.uniform()) / rateHz;
    if (t >= seconds) return times;
  }
}

describe("spikesOf", () => {
  it("keeps no two spikes within the refractory time, across blocks too", () => {
    const blocks = [Float64Array.of(0, 0.0004, 0.001), Float64Array.of(0.0015, 0.0021, 0.5)];
    const trains = { durationSeconds: 1, channels: { length: 1 }, readSpikes: () => blocks };
    expect([...spikesOf(trains, 0)]).toEqual([0, 0.001, 0.0021, 0.5]);
  });
});

describe("intervalVariation", () => {
  it("is 0 for a clock, 1 for a Poisson train, and 1/sqrt(k) where only every k-th Poisson spike is kept", () => {
    const train = poisson(Random.of(1), 50, 2000);
    expect(intervalVariation(Array.from({ length: 100 }, (_, i) => i / 7))).toBeCloseTo(0, 10);
    expect(intervalVariation(train)).toBeCloseTo(1, 1.5);
    expect(intervalVariation(train.filter((_, i) => i % 4 === 0))).toBeCloseTo(0.5, 1.5);
    expect(intervalVariation([1, 2])).toBeNaN();
  });
});

describe("MeanCorrelation", () => {
  it("equals the mean of Pearson's r over all pairs of binned trains", () => {
    const random = Random.of(3);
    const shared = poisson(random, 3, 60);
    const trains = Array.from({ length: 7 }, (_, i) =>
      [...poisson(random, 1 + i, 60), ...shared.filter(() => random.uniform() < i / 7)].sort((a, b) => a - b),
    );
    const accumulator = new MeanCorrelation(60);
    for (const train of trains) accumulator.add(train);
    const binned = trains.map((train) => {
      const counts = new Float64Array(600);
      for (const time of train) counts[Math.floor(time * 10)]++;
      return counts;
    });
    const pairs = binned.flatMap((a, i) => binned.slice(0, i).map((b) => pearson(a, b)));
    expect(accumulator.mean()).toBeCloseTo(pairs.reduce((x, y) => x + y) / pairs.length, 10);
  });

  it("leaves silent electrodes out and is NaN for a single one", () => {
    const one = new MeanCorrelation(10);
    one.add([1, 2, 3]);
    one.add([]);
    expect(one.mean()).toBeNaN();
    one.add([1, 2, 3]);
    expect(one.mean()).toBeCloseTo(1, 12);
  });
});

describe("burstlets", () => {
  /** From the definition, over arrays: every maximal run of short gaps that holds a core. */
  function bruteForce(times: readonly number[], rateHz: number) {
    const core = Math.min(0.1, 0.25 / rateHz);
    const reach = Math.min(0.2, 1 / rateHz / 3);
    const linked = (i: number, j: number, gap: number) =>
      times.slice(i, j).every((time, k) => times[i + k + 1] - time < gap);
    const found = [];
    for (let i = 0; i < times.length; i++)
      for (let j = times.length - 1; j >= i; j--) {
        if (!linked(i, j, reach)) continue;
        if (i > 0 && linked(i - 1, i, reach)) break;
        const cores = times.slice(i, Math.max(i, j - 2)).some((_, k) => linked(i + k, i + k + 3, core));
        if (cores) found.push({ start: times[i], end: times[j] });
        break;
      }
    return found;
  }

  it("finds what the definition says, in any train", () => {
    const gaps = fc.array(fc.double({ min: 0.002, max: 0.3, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(gaps, fc.double({ min: 0.5, max: 20, noNaN: true }), (all, rateHz) => {
        let t = 0;
        const times = all.map((gap) => (t += gap));
        expect(burstlets(times, rateHz)).toEqual(bruteForce(times, rateHz));
      }),
    );
  });
});

describe("networkBursts", () => {
  it("joins overlapping burstlets and asks for a quarter of the electrodes", () => {
    const span = (start: number, end: number) => ({ start, end });
    const electrodes = [
      [span(1, 1.5), span(5, 5.2)],
      [span(1.4, 1.8)],
      [span(1.7, 2), span(9, 9.1)],
      ...Array.from({ length: 9 }, () => []),
    ];
    expect(networkBursts(electrodes)).toEqual([span(1, 2)]);
    expect(networkBursts(electrodes.slice(0, 4))).toEqual([span(1, 2)]);
    expect(networkBursts([...electrodes, [], []])).toEqual([]);
  });
});

describe("describeActivity", () => {
  it("recovers planted network bursts: how many, what share, at what rate", () => {
    const random = Random.of(5);
    const starts = Array.from({ length: 20 }, (_, i) => 2 + 6 * i);
    const trains = Array.from({ length: 40 }, () =>
      [
        ...poisson(random, 0.2, 120),
        ...starts.flatMap((s) => poisson(random, 60, 0.3).map((t) => s + t)),
      ].sort((a, b) => a - b),
    );
    const activity = describeActivity(spikeTrains([...trains, [3]], 120));
    expect(activity.electrodes).toBe(41);
    expect(activity.activeElectrodes).toBe(40);
    expect(activity.networkBursts).toHaveLength(20);
    expect(activity.networkBurstsPerMinute).toBe(10);
    activity.networkBursts.forEach(({ start, end }, i) => {
      expect(Math.abs(start - starts[i])).toBeLessThan(0.25);
      expect(Math.abs(end - starts[i] - 0.3)).toBeLessThan(0.25);
    });
    expect(Math.abs(activity.burstSpikeShare - 360 / 384)).toBeLessThan(0.02);
    expect(Math.abs(activity.firingRateHz - 3.2)).toBeLessThan(0.3);
  });

  it("sees no network burst, no correlation and a variation of 1 in independent Poisson electrodes", () => {
    const random = Random.of(6);
    const rates = Array.from({ length: 64 }, (_, i) => 0.5 * 1.05 ** i);
    const activity = describeActivity(
      spikeTrains(
        rates.map((rateHz) => poisson(random, rateHz, 120)),
        120,
      ),
    );
    expect(activity.networkBursts).toEqual([]);
    expect(activity.burstSpikeShare).toBe(0);
    expect(Math.abs(activity.meanCorrelation)).toBeLessThan(0.01);
    expect(Math.abs(activity.intervalVariation - 1)).toBeLessThan(0.1);
  });

  it("refuses an array without an active electrode", () => {
    expect(() => describeActivity(spikeTrains([[1], []], 60))).toThrow(/at least one electrode/);
    expect(() => describeActivity(spikeTrains([[1]], 0))).toThrow(/duration/);
  });

  const recording = "../shared/recordings/g2chvc-cultures/C57_CTX_G2CEPHYS3_TC21_DIV14_D.h5";
  it.runIf(existsSync(recording))(
    "reads a real culture (skipped where the recording is absent)",
    async () => {
      const opened = await openRecording(recording);
      const activity = describeActivity(opened);
      opened.close();
      expect(activity.activeElectrodes).toBe(48);
      expect(activity.firingRateHz).toBeCloseTo(1.04, 2);
      expect(activity.networkBurstsPerMinute).toBeCloseTo(10.8, 1);
      expect(activity.meanCorrelation).toBeCloseTo(0.55, 2); // as computed pair by pair, in another program
      expect(activity.intervalVariation).toBeCloseTo(2.16, 2);
    },
  );
});
