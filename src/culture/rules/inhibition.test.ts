/** Inhibitory plasticity does what its equation promises: Vogels et al. 2011, a cell settles at the rate aimed at. */
import { expect, it } from "vitest";
import { growSheet } from "../anatomy.ts";
import { Culture } from "../culture.ts";
import { quiet } from "../parameters.ts";

const TARGET_HZ = 5;
const inhibitory = { rate: 0.02, targetHz: TARGET_HZ, traceMs: 20, maximumWeight: 3 };
const sheet = growSheet(1, { neurons: 300, meanOutDegree: 60 });

/** Mean rate of the excitatory cells in the last of `seconds`, where only inhibition learns. */
function settledRate(driveMeanMv: number, isPlastic: boolean): number {
  const still = { ...quiet.plasticity, potentiation: 0, depression: 0 };
  const culture = new Culture(
    sheet,
    {
      ...quiet,
      driveMeanMv,
      plasticity: { ...still, ...(isPlastic ? { inhibitory } : {}) },
      homeostasis: { ...quiet.homeostasis, normalise: false },
    },
    1,
  );
  culture.advance(2500 * 60);
  const E = sheet.excitatoryCount;
  return culture.advance(2500 * 20).neurons.filter((neuron) => neuron < E).length / E / 20;
}

it.each([10, 18])("holds the excitatory cells at the rate aimed at, with a drive of %d mV", (driveMv) => {
  expect(Math.abs(settledRate(driveMv, false) - TARGET_HZ)).toBeGreaterThan(1.5);
  expect(Math.abs(settledRate(driveMv, true) - TARGET_HZ)).toBeLessThan(0.5);
});
