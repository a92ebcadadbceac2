import { describe, expect, test } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { meanRates } from "../baselines/smoothed.ts";
import { blendOf } from "../heads/blend.ts";
import { openForecastEmulator } from "../rollout/forecast-emulator.ts";
import { bitsPerSpike } from "../scores/quick-bits.ts";
import { fitForecast } from "../training/fit-forecast.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { CountSequences } from "../windows/forecaster.ts";
import { openOnlineLearner } from "./online.ts";
import { regionsOf } from "./regions.ts";

const channels = 4;
const shape: ForecastShape = {
  channels,
  patchBins: 2,
  contextPatches: 4,
  futurePatches: 2,
  latents: 2,
  factors: 4,
  width: 16,
  heads: 2,
  blocks: 1,
  decoderWidth: 8,
  flowWidth: 16,
};
const placed = Array.from({ length: channels }, (_, c) => ({
  name: `ch${c}`,
  xUm: 100 * c,
  yUm: 0,
  group: c < 2 ? "left" : "right",
}));

/** Two regions with rhythms of their own; `phases` says when in its eight bins each fires. */
function tissue(phases: readonly [number, number], seed: number, bins = 1500): CountSequences {
  const random = Random.of(seed, "tissue");
  const rate = (t: number, c: number) => ((t + phases[c < 2 ? 0 : 1]) % 8 < 2 ? 2 : 0.1);
  const counts = Uint8Array.from({ length: bins * channels }, (_, i) =>
    drawPoisson(random, rate(Math.floor(i / channels), i % channels)),
  );
  return { binSeconds: 0.02, channels, sequences: [counts] };
}

describe("an adapter", { timeout: 600_000 }, async () => {
  const firstDay = tissue([0, 3], 1);
  const regions = regionsOf(placed, firstDay, 1);
  const fit = await fitForecast(firstDay, { seed: 1, shape, budget: { steps: 400 } });
  if (!fit.finished) throw new Error("expected a finished fit");
  const learnerOf = (kind: "gain" | "experts") =>
    openOnlineLearner(fit.parameters, shape, {
      kind,
      seed: 1,
      fittedOn: firstDay,
      regions,
      learningRate: 0.02,
    });
  const score = async (kind: "gain" | "experts", later: CountSequences) => {
    const learner = await learnerOf(kind);
    await learner.learn(later, 0, 1000);
    const rest = { ...later, sequences: [later.sequences[0].subarray(1000 * channels)] };
    const forecaster = await learner.forecaster(kind);
    const bits = await bitsPerSpike(forecaster, rest, meanRates(later));
    await forecaster.dispose();
    await learner.dispose();
    return bits;
  };

  test("begins as the emulator itself", async () => {
    const emulator = openForecastEmulator(fit.parameters, shape, {
      samples: 2,
      blend: blendOf(shape.futurePatches, { direct: 1 }),
    });
    const base = await bitsPerSpike(emulator, firstDay, meanRates(firstDay));
    for (const kind of ["gain", "experts"] as const) {
      const learner = await learnerOf(kind);
      const forecaster = await learner.forecaster(kind);
      expect(Math.abs((await bitsPerSpike(forecaster, firstDay, meanRates(firstDay))) - base)).toBeLessThan(
        1e-4,
      );
      await forecaster.dispose();
      await learner.dispose();
    }
    await emulator.dispose();
  });

  test("of experts follows a drift that no gain can: one region's rhythm shifts", async () => {
    const later = tissue([0, 6], 2);
    const [gain, experts] = [await score("gain", later), await score("experts", later)];
    expect(experts).toBeGreaterThan(gain + 0.1);
  });

  test("learns from every observed stretch, and from no window over a gap", async () => {
    const shifted = tissue([0, 6], 2).sequences[0];
    const stretches = [0, 400, 1000].map((from, i, all) =>
      shifted.subarray(from * channels, (all[i + 1] ?? 1020) * channels),
    );
    const gaps = { ...firstDay, sequences: stretches };
    const learnedIn = async (from: number, to: number) => {
      const learner = await learnerOf("gain");
      const { steps } = await learner.learn(gaps, from, to);
      await learner.dispose();
      return steps;
    };
    // A window of 8 + 4 bins, every 2 bins.
    const windows = stretches.map((stretch) => (stretch.length / channels - 12) / 2 + 1);
    expect(await learnedIn(0, 1020)).toBe(windows.reduce((a, b) => a + b));
    expect(await learnedIn(394, 406)).toBe(0);
    expect(await learnedIn(388, 412)).toBe(2);
  });

  test("learns the same bits twice", async () => {
    const later = tissue([2, 1], 3);
    expect(await score("experts", later)).toBe(await score("experts", later));
  });
});

test("regions: groups are areas, near electrodes share a column, channels without places go by activity", () => {
  const many = Array.from({ length: 32 }, (_, c) => ({
    name: `ch${c}`,
    xUm: c % 16 < 8 ? c % 8 : 1000 + (c % 8),
    yUm: 0,
    group: c < 16 ? "a" : "b",
  }));
  const random = Random.of(1, "regions");
  const counts = Uint8Array.from({ length: 32 * 2000 }, () => random.integer(3));
  const data = { binSeconds: 0.02, channels: 32, sequences: [counts] };
  const regions = regionsOf(many, data, 1);
  expect(regions.areas).toEqual(["a", "b"]);
  expect(regions.columnsFrom).toBe("positions");
  expect(new Set(regions.column).size).toBe(4);
  many.forEach((_, c) => {
    expect(regions.column[c]).toBe(regions.column[8 * Math.floor(c / 8)]);
    expect(regions.areaOfColumn[regions.column[c]]).toBe(regions.area[c]);
  });
  expect(regionsOf([{ name: "x" }, { name: "y" }], { ...data, channels: 2 }, 1).columnsFrom).toBe("activity");
});
