import { describe, expect, it } from "vitest";
import type { Preset } from "../../culture/presets.ts";
import { openDevice } from "../../device/gate/open.ts";
import { reachOf } from "../../device/simulated/coupling.ts";
import { SimulatedMea } from "../../device/simulated/driver.ts";
import { grownCulture } from "../../device/simulated/testing.ts";
import { pulsesFor } from "../../device/stimulation.ts";
import { Random } from "../../math/random.ts";
import { smoothedSpikes } from "./smoothed.testing.ts";
import { Twin } from "./twin.ts";

/** A culture that has lived for a second on its device. */
async function grown(preset: Preset, neurons: number, seed: number) {
  const culture = grownCulture({ div: 21, seed, neurons, preset });
  culture.setPlasticity(0);
  const device = openDevice(new SimulatedMea(culture, { seed }));
  await device.read(25_000);
  const tissue = device.simulated!.readTissue();
  const twin = new Twin(tissue, { binOf: Int32Array.of(0), widthMv: 5, detachReset: true, stride: 1 });
  return { culture, device, tissue, twin };
}

describe("the twin is the culture", () => {
  for (const [preset, neurons] of [
    ["default", 300],
    ["quiet", 230],
  ] as const)
    it(`fires the same spikes for 400 ms under pulses (${preset}, ${neurons} neurons)`, async () => {
      const { culture, device, tissue, twin } = await grown(preset, neurons, 5);
      const random = Random.of(5, "pulses");
      const start = device.now();
      const pulses = Array.from({ length: 40 }, (_, k) => ({
        frame: start + 250 * k,
        channel: random.integer(64),
      }));
      await device.stimulate(
        pulses.flatMap(({ frame, channel }) => pulsesFor([channel], 1, frame, device.profile)),
      );

      // The device keeps spikes to itself, so the culture's own are taken from a clone that lives the same life.
      const original = culture.clone();
      const fired = new Int32Array(neurons);
      let spikes = 0;
      for (let step = 0; step < 1000; step++) {
        if (step % 25 === 0) {
          const { neurons: reached, millivolts } = reachOf(tissue.coupling, pulses[step / 25].channel);
          original.depolarise(reached, millivolts);
          twin.depolarise(reached, millivolts);
        }
        const count = twin.advance(fired);
        expect([...fired.subarray(0, count)], `step ${step}`).toEqual([...original.advance(1).neurons]);
        spikes += count;
      }
      expect(spikes).toBeGreaterThan(400);
      await device.read(start + 10_000);
      expect(Buffer.compare(culture.snapshot(), original.snapshot())).toBe(0);
    });

  it("does not once a synapse is changed", async () => {
    const { culture, twin } = await grown("quiet", 230, 5);
    twin.weight.forEach((w, k) => {
      twin.weight[k] = 2 * w;
    });
    const fired = new Int32Array(230);
    let [own, other] = [0, 0];
    for (let step = 0; step < 500; step++) own += twin.advance(fired);
    other = culture.advance(500).neurons.length;
    expect(own).not.toBe(other);
  });
});

describe("the gradient", () => {
  it("agrees with finite differences of a smoothed culture", async () => {
    const neurons = 120;
    const { tissue } = await grown("default", neurons, 7);
    const [steps, widthMv] = [100, 6];
    const binOf = Int32Array.from({ length: steps }, (_, t) => (t < 30 ? -1 : t < 60 ? 0 : 1));
    const twin = new Twin(tissue, {
      binOf,
      widthMv,
      detachReset: false,
      stride: 1,
      graded: true,
    });
    const fired = new Int32Array(neurons);
    twin.beginWindow();
    for (let t = 0; t < steps; t++) twin.advance(fired, true);

    // L = sum of worth x spikes, over two bins.
    const random = Random.of(7, "worth");
    const worth = random.normals(2 * neurons);
    twin.backward(worth);
    const { gradient } = twin;

    const loss = (weight: Float64Array) => {
      const spikes = smoothedSpikes({ tissue, steps, widthMv, weight });
      let sum = 0;
      for (let t = 0; t < steps; t++)
        if (binOf[t] >= 0)
          for (let i = 0; i < neurons; i++) sum += worth[binOf[t] * neurons + i] * spikes[t * neurons + i];
      return sum;
    };
    const weight = Float64Array.from(tissue.synapses.strength, Math.abs);
    const order = [...gradient.keys()].sort((a, b) => Math.abs(gradient[b]) - Math.abs(gradient[a]));
    const largest = Math.abs(gradient[order[0]]);
    expect(largest).toBeGreaterThan(0.1);
    // The forty largest and forty of the others.
    for (const at of [...order.slice(0, 40), ...random.permutation(order.length).slice(0, 40)]) {
      const k = twin.synapse[at];
      const nudged = (by: number) => {
        const w = weight.slice();
        w[k] += by;
        return loss(w);
      };
      const numeric = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
      expect(Math.abs(gradient[at] - numeric), `synapse ${k}: ${gradient[at]} and ${numeric}`).toBeLessThan(
        1e-3 * largest + 1e-2 * Math.abs(numeric),
      );
    }
  });
});
