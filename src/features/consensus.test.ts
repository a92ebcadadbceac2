import { expect, test } from "vitest";
import { drawPoisson } from "../math/poisson.ts";
import { Random } from "../math/random.ts";
import { findConsensus } from "./consensus.ts";
import { rolledWindows } from "./windows/surrogate.ts";
import { rowsOf, windowsInMemory } from "./windows/windows.ts";
import { toyWorld } from "./worlds/toy.ts";

const options = {
  fit: { method: "em" as const, features: 8, em: { steps: 150, batch: 300 } },
  ...{ seed: 5, restarts: 3, surrogates: 2, least: 3 },
};

test("planted features are kept, and nothing of electrodes that have nothing to do with each other", async () => {
  const world = toyWorld(Random.of(4, "consensus"), {
    electrodes: 16,
    features: 8,
    perWindow: 1,
    windows: 4000,
  });
  const planted = await findConsensus(windowsInMemory(world.counts, 16), options);
  expect(planted.features.filter(({ isKept }) => isKept).length).toBeGreaterThanOrEqual(5);
  const random = Random.of(5, "independent");
  const rates = Array.from({ length: 16 }, () => 0.3 + random.uniform());
  const alone = Uint16Array.from({ length: 4000 * 16 }, (_, i) =>
    random.uniform() < 0.05 ? 8 : drawPoisson(random, rates[i % 16]),
  );
  const none = await findConsensus(windowsInMemory(alone, 16), options);
  expect(none.features.filter(({ isKept }) => isKept)).toHaveLength(0);
  expect(none.betweenSurrogates).not.toBeNull();
});

test("a surrogate keeps what each electrode does, in its order, and its bins together", () => {
  const [N, D, bins] = [50, 6, 2];
  const values = Uint16Array.from({ length: N * D }, (_, i) => Math.floor(i / D) * 10 + (i % D));
  const rolled = rowsOf(rolledWindows(windowsInMemory(values, D), Random.of(1, "roll"), bins));
  for (let d = 0; d < D; d += bins) {
    const first = rolled[d];
    const shift = Math.floor(first / 10);
    for (let n = 0; n < N; n++)
      for (let b = 0; b < bins; b++)
        expect(rolled[n * D + d + b]).toBe(values[((n + shift) % N) * D + d + b]);
  }
});
