/** Plasticity, depression, homeostasis and noise of single cells against their closed forms. */
import { describe, expect, it } from "vitest";
import type { Anatomy } from "./anatomy.ts";
import { Culture } from "./culture.ts";
import { type CultureParameters, quiet } from "./parameters.ts";

/** Cells at rest that fire only when made to. */
const still: CultureParameters = {
  ...quiet,
  driveMeanMv: 0,
  driveSpreadMv: 0,
  noiseMv: 0,
  nmdaFraction: 0,
  homeostasis: { ...quiet.homeostasis, normalise: false },
};
const FIRE_MV = 60;

/** Cell 0 -> cell 1, both excitatory, and no other synapse. */
function pair(weight: number, neurons = 2): Anatomy {
  return {
    positionsMm: new Float32Array(2 * neurons),
    excitatoryCount: neurons,
    synapses: {
      pre: Uint16Array.of(0),
      post: Uint16Array.of(1),
      delayMs: Float32Array.of(2),
      weight: Float32Array.of(weight),
    },
  };
}

function settled(parameters: CultureParameters, anatomy: Anatomy): Culture {
  const culture = new Culture(anatomy, parameters, 1);
  culture.advance(2500);
  return culture;
}

/** Makes a cell fire and lets `steps` steps pass. */
function fire(culture: Culture, cell: number, steps: number): void {
  culture.depolarise([cell], [FIRE_MV]);
  culture.advance(steps);
}

describe("spike-timing-dependent plasticity", () => {
  const { potentiation, depression, heterosynaptic, maximumWeight } = quiet.plasticity;

  it.each([-100, -50, -25, -3, 0, 3, 25, 50, 100])(
    "follows the pair curve, post %i steps after pre",
    (lag) => {
      const culture = settled(still, pair(0.1));
      const fireAt = (cell: number) => {
        culture.depolarise([cell], [FIRE_MV]);
        culture.advance(1);
      };
      if (lag === 0) {
        culture.depolarise([0, 1], [FIRE_MV, FIRE_MV]);
        culture.advance(1);
      } else {
        fireAt(lag > 0 ? 0 : 1);
        culture.advance(Math.abs(lag) - 1);
        fireAt(lag > 0 ? 1 : 0);
      }
      const near = lag === 0 ? 0 : Math.exp((-Math.abs(lag) * 0.4) / 20);
      const timing = lag > 0 ? potentiation * near : -depression * near;
      const change = maximumWeight * (timing - potentiation * heterosynaptic);
      expect(culture.weights()[0] - 0.1).toBeCloseTo(change, 6);
    },
  );

  it.each([-50, -3, 3, 50])("turns round where plasticity is negative, post %i steps after pre", (lag) => {
    const culture = settled(still, pair(0.1));
    culture.setPlasticity(-0.5);
    fire(culture, lag > 0 ? 0 : 1, Math.abs(lag));
    fire(culture, lag > 0 ? 1 : 0, 1);
    const near = Math.exp((-Math.abs(lag) * 0.4) / 20);
    const change =
      maximumWeight * ((lag > 0 ? potentiation : -depression) * near - potentiation * heterosynaptic);
    expect(culture.weights()[0] - 0.1).toBeCloseTo(-0.5 * change, 6);
  });

  it("stops at both bounds when negative, too", () => {
    const high = settled(still, pair(0.2499));
    high.setPlasticity(-1);
    fire(high, 1, 3);
    fire(high, 0, 1);
    expect(high.weights()[0]).toBe(maximumWeight);
    const low = settled(still, pair(0.0001));
    low.setPlasticity(-1);
    fire(low, 0, 3);
    fire(low, 1, 1);
    expect(low.weights()[0]).toBe(0);
  });

  it("scales with setPlasticity and stops at both bounds", () => {
    const slow = settled(still, pair(0.1));
    slow.setPlasticity(0.05);
    slow.depolarise([1], [FIRE_MV]);
    slow.advance(1);
    expect(slow.weights()[0]).toBeCloseTo(0.1 - 0.05 * maximumWeight * potentiation * heterosynaptic, 7);
    const low = settled(still, pair(0.0005));
    low.depolarise([1], [FIRE_MV]);
    low.advance(1);
    expect(low.weights()[0]).toBe(0);
    const high = settled(still, pair(0.2499));
    high.depolarise([0], [FIRE_MV]);
    high.advance(2);
    high.depolarise([1], [FIRE_MV]);
    high.advance(1);
    expect(high.weights()[0]).toBe(maximumWeight);
  });
});

it("depresses a synapse as Tsodyks and Markram's closed form says", () => {
  const weight = 0.01;
  const culture = settled(still, pair(weight));
  culture.setPlasticity(0);
  const intervals = [400, 200, 150, 150, 300];
  let resource = 1;
  for (const interval of intervals) {
    culture.depolarise([0], [FIRE_MV]);
    culture.advance(5);
    const before = culture.potentials()[1];
    culture.advance(1); // delay 2 ms = 5 steps after the spike's own
    const jump = culture.potentials()[1] - before;
    const rest = (0.4 / 20) * (quiet.restMv - before);
    expect((jump - rest) / ((0.4 / 20) * weight * -before)).toBeCloseTo(resource, 2);
    culture.advance(interval * 2.5 - 6);
    resource = 1 - (1 - resource * (1 - 0.2)) * Math.exp(-interval / 300);
  }
});

it("scales a silent cell's inputs up by rate homeostasis at its closed form, and not when frozen", () => {
  const rate = { targetHz: 2, speed: 0.05, memoryMs: 20000 };
  const culture = new Culture(
    pair(0.02),
    { ...still, homeostasis: { intervalMs: 1000, normalise: true, rate } },
    1,
  );
  culture.advance(10 * 2500);
  let expected = 0.02;
  for (let second = 1; second <= 10; second++)
    expected *= Math.min(1.1, 1 + 0.05 * (1 - Math.exp(-second / 20)));
  expect(culture.weights()[0]).toBeCloseTo(expected, 6);
  culture.setPlasticity(0);
  culture.advance(5 * 2500);
  expect(culture.weights()[0]).toBeCloseTo(expected, 6);
});

describe("membrane noise", () => {
  const neurons = 64;
  const leak = 0.4 / 20;
  const step = quiet.noiseMv * Math.sqrt(2 * leak);
  const culture = settled(
    { ...still, noiseMv: quiet.noiseMv, thresholdMv: 100 },
    { ...pair(0, neurons), excitatoryCount: neurons },
  );
  const T = 4000;
  /** The noise of each step and cell, recovered from the potentials. */
  const noise = new Float64Array(T * neurons);
  let before = culture.potentials();
  for (let t = 0; t < T; t++) {
    culture.advance(1);
    const after = culture.potentials();
    for (let i = 0; i < neurons; i++)
      noise[t * neurons + i] = (after[i] - before[i] - leak * (quiet.restMv - before[i])) / step;
    before = after;
  }
  const n = noise.length;
  const mean = (value: (k: number) => number, count = n) => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += value(k);
    return sum / count;
  };

  it("has mean 0, variance 1, no skew and the kurtosis of four summed bytes", () => {
    expect(Math.abs(mean((k) => noise[k]))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(mean((k) => noise[k] ** 2) - 1)).toBeLessThan(0.015);
    expect(Math.abs(mean((k) => noise[k] ** 3))).toBeLessThan(0.03);
    expect(mean((k) => noise[k] ** 4) - 3).toBeCloseTo(-0.3, 1);
  });

  it("is white in time and independent between cells", () => {
    const bound = 4.5 / Math.sqrt(n);
    for (const lag of [1, 2, 3, 4, 5, 16, 100])
      expect(Math.abs(mean((k) => noise[k] * noise[k + lag * neurons], n - lag * neurons))).toBeLessThan(
        bound,
      );
    for (const apart of [1, 2, 3, 4, 8, 16, 32])
      expect(Math.abs(mean((k) => noise[k] * noise[k + apart], n - apart))).toBeLessThan(bound);
  });

  it("spreads the potential as an Ornstein-Uhlenbeck process sampled by Euler's rule", () => {
    const values = Array.from({ length: 200 }, () => {
      culture.advance(250);
      return culture.potentials();
    }).flatMap((potentials) => [...potentials]);
    const centre = values.reduce((sum, v) => sum + v, 0) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / values.length;
    expect(centre).toBeCloseTo(quiet.restMv, 0);
    expect(variance / (step ** 2 / (1 - (1 - leak) ** 2))).toBeCloseTo(1, 1);
  });
});

describe("three-factor plasticity", () => {
  const traceMs = 400;
  const { potentiation, heterosynaptic, maximumWeight } = quiet.plasticity;
  const marked: CultureParameters = {
    ...still,
    plasticity: { ...quiet.plasticity, eligibility: { traceMs } },
  };

  it.each([0, 250, 1500])("gives a reward %i steps later what is left of the pair's mark", (later) => {
    const culture = settled(marked, pair(0.1));
    fire(culture, 0, 10);
    fire(culture, 1, 1);
    culture.advance(later);
    expect(culture.weights()[0]).toBe(Math.fround(0.1));
    culture.reward(0.5);
    const mark = maximumWeight * potentiation * (Math.exp(-4 / 20) - heterosynaptic);
    // A mark of the last step has faded by one step.
    const left = mark * Math.exp((-(later + 1) * 0.4) / traceMs);
    expect(culture.weights()[0] - 0.1).toBeCloseTo(0.5 * left, 6);
    culture.reward(-0.5);
    expect(culture.weights()[0]).toBeCloseTo(0.1, 6);
    culture.reward(1e6);
    expect(culture.weights()[0]).toBe(maximumWeight);
  });

  it("adds the marks of many pairs, each faded by its own age", () => {
    const culture = settled(marked, pair(0.1));
    const lag = 10;
    let expected = 0;
    for (let k = 0; k < 5; k++) {
      fire(culture, 0, lag);
      fire(culture, 1, 1);
      culture.advance(989);
      const pairing = Math.exp((-lag * 0.4) / 20) - heterosynaptic;
      expected = expected * Math.exp((-1000 * 0.4) / traceMs) + pairing * Math.exp((-990 * 0.4) / traceMs);
    }
    culture.reward(1);
    expect(culture.weights()[0] - 0.1).toBeCloseTo(maximumWeight * potentiation * expected, 5);
  });

  it("goes with a snapshot, and is refused where there are only two factors", () => {
    const culture = settled(marked, pair(0.1));
    fire(culture, 0, 10);
    fire(culture, 1, 1);
    const other = new Culture(pair(0.1), marked, 2);
    other.restore(culture.snapshot());
    for (const each of [culture, other]) each.reward(1);
    expect(other.weights()).toEqual(culture.weights());
    expect(other.weights()[0]).not.toBe(Math.fround(0.1));
    expect(() => settled(still, pair(0.1)).reward(1)).toThrow(
      /expected a culture whose plasticity has an eligibility/,
    );
  });
});
