import { expect, test } from "vitest";
import { fitSupervised } from "../baselines/supervised.ts";
import { assemblyWorld } from "./assemblies.ts";

test("driven sets are heard by an array that neither drives nor sees them, and the told readout tells them", async () => {
  const world = await assemblyWorld({ seed: 5, windows: 500, sets: 4 });
  const { N, D, K, counts, amplitudes } = world;
  const spikes = (n: number) => counts.subarray(n * D, (n + 1) * D).reduce((sum, count) => sum + count, 0);
  const driven = Array.from({ length: N }, (_, n) =>
    amplitudes.subarray(n * K, (n + 1) * K).some((a) => a > 0),
  );
  const mean = (wanted: boolean) => {
    const windows = driven.flatMap((is, n) => (is === wanted ? [spikes(n)] : []));
    return windows.reduce((sum, count) => sum + count / windows.length, 0);
  };
  expect(driven.filter(Boolean).length).toBeGreaterThan(40);
  expect(mean(true)).toBeGreaterThan(3 * mean(false));
  const cut = 350;
  const tell = fitSupervised(Float32Array.from(counts.subarray(0, cut * D)), D, {
    truth: amplitudes.slice(0, cut * K),
    ...{ K, seed: 1, epochs: 150 },
  });
  const said = tell(Float32Array.from(counts.subarray(cut * D)));
  let [hits, saidSo, there] = [0, 0, 0];
  for (let i = 0; i < said.length; i++) {
    const isThere = amplitudes[cut * K + i] > 0;
    if (isThere) there++;
    if (said[i] > 0.5) saidSo++;
    if (isThere && said[i] > 0.5) hits++;
  }
  expect((2 * hits) / (saidSo + there)).toBeGreaterThan(0.6);
}, 30_000);
