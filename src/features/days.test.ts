import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Random } from "../math/random.ts";
import type { Recording } from "../recording/contract.ts";
import { followDays } from "./days.ts";
import { toyWorld } from "./worlds/toy.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-features-days-"));
afterAll(() => rmSync(folder, { recursive: true }));

function day(seed: number, from: number, to: number): Recording {
  const { counts, D } = toyWorld(Random.of(seed, "days"), {
    electrodes: 14,
    features: 4,
    perWindow: 0.6,
    windows: 5000,
  });
  const trains = Array.from({ length: D }, (_, d) => {
    const times: number[] = [];
    for (let n = from; n < to; n++) {
      const count = counts[n * D + d];
      for (let s = 0; s < count; s++) times.push((n - from) / 10 + (0.1 * (s + 0.5)) / (count + 1));
    }
    return times;
  });
  return {
    ...{ name: `day of ${seed}`, source: "spike-list", startSeconds: 0, durationSeconds: (to - from) / 10 },
    ...{ trials: [], meta: {}, observed: [{ startSeconds: 0, endSeconds: (to - from) / 10 }] },
    channels: trains.map((train, d) => ({ name: `e${d}`, spikeCount: train.length })),
    readSpikes: (channel: number) => [Float64Array.from(trains[channel])],
    close: () => {},
  } as unknown as Recording;
}

test("features of the same dish are found again and followed; those of another are not", async () => {
  const options = {
    ...{ features: 8, windowSeconds: 0.1, seed: 1, restarts: 2, surrogates: 1, steps: 200, folder },
  };
  const { features, days } = await followDays(
    [day(3, 0, 2500), day(3, 2500, 5000), day(4, 0, 2500)],
    options,
  );
  expect(features.length).toBeGreaterThanOrEqual(3);
  const [, same, other] = days;
  expect(same.foundAgain).toBeGreaterThanOrEqual(features.length - 1);
  expect(Math.min(...same.followed)).toBeGreaterThan(0.9);
  expect(other.foundAgain).toBeLessThan(same.foundAgain);
}, 30_000);
