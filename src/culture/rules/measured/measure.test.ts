/** What is measured of a rule in the kernel, against the closed form of its equation. */
import { describe, expect, it } from "vitest";
import { Random } from "../../../math/random.ts";
import { maturations } from "../../presets.ts";
import { type RuleName, rules, underRule } from "../rules.ts";
import { distributionOf } from "./distribution.ts";
import { measureRule } from "./measure.ts";
import { pair } from "./pairing.ts";

const under = (rule: RuleName) => underRule(maturations.default.parameters, rule);
const ONE = { pairings: 1, intervalMs: 1000 };
const LAGS_MS = [-60, -8, -0.4, 0.4, 8, 60];
const trace = (lagMs: number, tauMs: number) => Math.exp(-Math.abs(lagMs) / tauMs);

/** Change of a weight w (maximum 0.5) by one pair, in units of the maximum; J the reference weight. */
const CLOSED: Partial<Record<RuleName, (w: number, lagMs: number) => number>> = {
  normalised: (_, lag) => (lag > 0 ? 0.02 * trace(lag, 20) : -0.01 * trace(lag, 20)) - 0.02 * 0.2,
  "depression-dominated": (_, lag) =>
    (lag > 0 ? 0.01 * trace(lag, 20) : -0.02 * trace(lag, 20)) - 0.01 * 0.02,
  "soft-bound": (w, lag) =>
    (lag > 0 ? 0.01 * trace(lag, 20) : -0.02 * (w / 0.07) * trace(lag, 20)) - 0.01 * 0.02 * (w / 0.07),
  logarithmic: (w, lag) => {
    const f = w < 0.07 ? w / 0.07 : 1 + Math.log(1 + 5 * (w / 0.07 - 1)) / 5;
    const up = Math.exp(-w / (50 * 0.07));
    return (lag > 0 ? 0.01 * up * trace(lag, 20) : -0.02 * f * trace(lag, 20)) - 0.01 * 0.02 * f;
  },
  // A pair alone finds no slow trace behind the synapse: nothing is potentiated.
  triplet: (_, lag) => (lag > 0 ? 0 : -0.0071 * trace(lag, 33.7)),
};

describe.each(Object.entries(CLOSED))("%s", (rule, closed) => {
  it.each([0.04, 0.5])("follows its pairing curve at a weight of %d of the maximum", (share) => {
    const pairings = LAGS_MS.map((lagMs) => ({ lagMs, share }));
    pair(under(rule as RuleName), pairings, ONE).forEach(({ change }, k) => {
      const expected = closed(share * 0.5, LAGS_MS[k]);
      // The heterosynaptic step of the spike behind comes first where that is the first spike.
      expect(Math.abs(change - expected)).toBeLessThan(2e-5 + 2e-3 * Math.abs(expected));
    });
  });
});

it("reads time constants, balance and dependence on the weight back from the rule's own numbers", () => {
  const soft = measureRule(under("soft-bound"));
  expect(soft.potentiationMs).toBeCloseTo(20, 1);
  expect(soft.depressionMs).toBeCloseTo(20, 1);
  expect(soft.potentiationExponent).toBeCloseTo(0, 2);
  expect(soft.depressionExponent).toBeCloseTo(1, 2);
  const additive = measureRule(under("depression-dominated"));
  expect(additive.depressionOverPotentiation).toBeCloseTo(2, 2);
  expect(additive.depressionExponent).toBeCloseTo(0, 4);
});

it("potentiates by triplets as Pfister and Gerstner's sums say, and hardly where pairs are slow", () => {
  const { plasticity } = under("triplet");
  const periodMs = 25;
  // Traces of n regular spikes at a period are geometric sums.
  const geometric = (n: number, tauMs: number) => {
    const q = Math.exp(-periodMs / tauMs);
    return (1 - q ** n) / (1 - q);
  };
  let expected = 0;
  for (let n = 0; n < 5; n++) {
    const behind = Math.exp(-(periodMs - 10) / 33.7) * geometric(n, 33.7);
    expected -= 0.0071 * behind;
    const before = Math.exp(-10 / 16.8) * geometric(n + 1, 16.8);
    const slow = Math.exp(-periodMs / 114) * geometric(n, 114);
    expected += 0.0065 * slow * (before - plasticity.heterosynaptic);
  }
  // In steps of 0.4 ms the period is 25.2 ms.
  const [{ change }] = pair(under("triplet"), [{ lagMs: 10, share: 0.5 }], {
    pairings: 5,
    intervalMs: periodMs,
  });
  expect(change).toBeCloseTo(expected, 3);
  const measured = measureRule(under("triplet"));
  expect(measured.changeAt40Hz).toBeGreaterThan(0.1);
  expect(Math.abs(measured.curve.find(([lag]) => lag === 10)![1])).toBeLessThan(0.01);
});

it("tells a log-normal from what is not", () => {
  const random = Random.of(1);
  const weights = Array.from({ length: 5000 }, () => Math.exp(-3 + 0.9 * random.normal()));
  const found = distributionOf([...weights, ...new Array<number>(5000).fill(0)], 1);
  expect(found.silentShare).toBeGreaterThan(0.5);
  expect(found.logDeviation).toBeCloseTo(0.87, 1);
  const even = distributionOf(
    weights.map(() => random.uniform()),
    1,
  );
  expect(even.logSkewness).toBeLessThan(-1);
});

it("names a source for every rule", () => {
  for (const { sources } of Object.values(rules)) expect(sources.length).toBeGreaterThan(0);
});
