import { expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { listen } from "./listening.ts";

const R = 240;
const BINS = 5;
const C = 6;
const Z = 3;

/** Brain 1 fires as the patch of brain `by` of the step before tells it to; brain 0 fires as it likes. */
function driven(strength: number, by: number) {
  const random = Random.of(5, "driven");
  const patches = new Float32Array(R * 2 * Z).map(() => random.normal());
  const counts = new Float32Array(R * 2 * BINS * C);
  for (let t = 1; t < R; t++)
    for (let brain = 0; brain < 2; brain++)
      for (let c = 0; c < C; c++) {
        const drive = brain === 1 ? strength * patches[((t - 1) * 2 + by) * Z] : 0;
        const rate = 2 * Math.exp(drive);
        let k = 0;
        for (let p = Math.exp(-rate), u = random.uniform(); u > p && k < 50; )
          p += (Math.exp(-rate) * rate ** ++k) / factorial(k);
        counts[(t * 2 + brain) * BINS * C + 2 * C + c] = k;
      }
  return listen({ counts, patches, brains: 2, bins: BINS, channels: C }, 1);
}
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

it("finds what another brain drives, and nothing where nothing is", () => {
  const { fromOthers, fromShuffled, fromOwn } = driven(0.7, 0);
  // The most there is: E[rate log2(rate / mean)] / mean of a log-normal rate is s^2 / 2 / ln 2 = 0.35 bits per spike.
  expect(fromOthers[1]).toBeGreaterThan(0.12);
  expect(fromOthers[1]).toBeLessThan(0.35);
  expect(Math.abs(fromOthers[0])).toBeLessThan(0.02);
  expect(Math.abs(fromOwn[1])).toBeLessThan(0.04);
  for (const bits of fromShuffled) expect(Math.abs(bits)).toBeLessThan(0.02);
});

it("leaves to a brain's own past what that predicts", () => {
  const { fromOthers, fromOwn } = driven(0.7, 1);
  expect(fromOwn[1]).toBeGreaterThan(0.12);
  expect(Math.abs(fromOthers[1])).toBeLessThan(0.04);
});
