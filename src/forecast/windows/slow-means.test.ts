import { expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { cutWindows } from "./cut-windows.ts";
import { SLOW_BINS, slowFeatures, slowTrace } from "./slow-means.ts";

const random = Random.of(1, "slow");
const counts = Uint8Array.from({ length: 2 * 400 }, () => random.integer(3));

test("slow means are weighted means of all that was before", () => {
  const trace = slowTrace(counts, 2);
  for (const bin of [0, 3, 399])
    SLOW_BINS.forEach((bins, k) => {
      let [sum, weights] = [0, 0];
      for (let at = 0; at <= bin; at++) {
        const weight = Math.exp(-(bin - at) / bins);
        sum += weight * (counts[2 * at] + counts[2 * at + 1]);
        weights += weight;
      }
      expect(trace[bin * SLOW_BINS.length + k]).toBeCloseTo(sum / weights, 4);
    });
});

test("a part of a recording knows what was before it", () => {
  const whole = { binSeconds: 0.02, channels: 2, sequences: [counts] };
  const part = { ...whole, sequences: [counts.subarray(2 * 200)], before: [counts.subarray(0, 2 * 200)] };
  const window = { historyBins: 20, futureBins: 5 };
  const [a, b] = [cutWindows(whole, [[0, 300]], window), cutWindows(part, [[0, 100]], window)];
  expect(b.history).toEqual(a.history);
  expect(b.slow).toEqual(a.slow);
  const features = slowFeatures(a.slow, 2, 5);
  expect(features).toHaveLength(4 * SLOW_BINS.length);
  expect(features.at(-1)).toBeCloseTo(Math.log((a.slow.at(-1)! + 0.1) / 2.1), 5);
});
