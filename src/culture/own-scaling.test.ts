/** Excitation that scales by itself, beside the product that it should be. */
import { expect, test } from "vitest";
import { growSheet } from "./anatomy.ts";
import { Culture } from "./culture.ts";
import { quiet } from "./parameters.ts";

const RATE = { targetHz: 2, speed: 1e-5, memoryMs: 10_000 };
const HURRIED = 300;
const STEPS_A_SECOND = 2500;

/** A culture in which nothing fires. */
const silent = () => {
  const anatomy = growSheet(1, { neurons: 100, meanOutDegree: 20 });
  const parameters = {
    ...quiet,
    driveMeanMv: -50,
    driveSpreadMv: 0,
    noiseMv: 0,
    plasticity: { ...quiet.plasticity, maximumWeight: 100 },
    homeostasis: { intervalMs: 1000, normalise: true, rate: RATE },
  };
  return new Culture(anatomy, parameters, 2);
};

const sumOf = (culture: Culture) => {
  const weights = culture.weights();
  return culture.plasticSynapses().reduce((sum, synapse) => sum + weights[synapse], 0);
};

test("input sums follow rates as fast as the parameters say, and faster where they are hurried", () => {
  const culture = silent();
  const grown = sumOf(culture);
  /** Running rates begin at the target, and fall to nothing. */
  let [expected, rate] = [grown, RATE.targetHz];
  const live = (seconds: number, fold: number) => {
    culture.hurryHomeostasis(fold);
    for (let second = 0; second < seconds; second++) {
      culture.advance(STEPS_A_SECOND);
      rate *= Math.exp(-1000 / RATE.memoryMs);
      expected *= 1 + fold * RATE.speed * (1 - rate / RATE.targetHz);
    }
    expect(sumOf(culture)).toBeCloseTo(expected, 2 - Math.log10(grown));
  };
  live(60, HURRIED);
  const hurried = expected;
  expect(hurried / grown).toBeGreaterThan(1.1);
  live(60, 1);
  expect(expected / hurried).toBeLessThan(1.001);
});

test("what scales down stops at its limit, and is lifted to it", () => {
  const culture = silent();
  const grown = sumOf(culture);
  culture.scaleExcitation(0.1);
  culture.limitScaling(0.4);
  culture.advance(STEPS_A_SECOND);
  expect(sumOf(culture) / grown).toBeCloseTo(0.4, 3);
  culture.limitScaling(0.3);
  culture.advance(STEPS_A_SECOND);
  expect(sumOf(culture) / grown).toBeCloseTo(0.4, 3);
  for (const share of [-1, 1.5, Number.NaN]) expect(() => culture.limitScaling(share)).toThrow(RangeError);
  expect(() => culture.hurryHomeostasis(0)).toThrow(RangeError);
  const held = new Culture(culture.anatomy, quiet, 1);
  expect(() => held.hurryHomeostasis(2)).toThrow("whose target sums follow rates");
});
