import { beforeAll, describe, expect, it } from "vitest";
import { type Anatomy, growSheet } from "./anatomy.ts";
import { Culture } from "./culture.ts";
import { bursting, burstingSheet, quiet } from "./parameters.ts";

let anatomy: Anatomy;
beforeAll(() => {
  anatomy = growSheet(1);
});

describe("Culture", () => {
  it("does the same to the bit for the same seed, however the time is cut, and not for another", () => {
    const [a, b, c] = [1, 1, 2].map((seed) => new Culture(anatomy, quiet, seed));
    const whole = a!.advance(1000);
    const parts = [1, 0, 499, 500].map((steps) => b!.advance(steps));
    expect(parts.flatMap((part) => [...part.steps])).toEqual([...whole.steps]);
    expect(parts.flatMap((part) => [...part.neurons])).toEqual([...whole.neurons]);
    expect(same(b!, a!)).toBe(true);
    expect([...c!.advance(1000).neurons]).not.toEqual([...whole.neurons]);
  });

  it("continues from a snapshot and from a clone to the bit", () => {
    const culture = new Culture(anatomy, quiet, 3);
    culture.advance(2600);
    culture.depolarise([5, 6], [10, 40]);
    const snapshot = culture.snapshot();
    const clone = culture.clone();
    const future = culture.advance(3000);
    const restored = new Culture(anatomy, quiet, 99);
    restored.restore(snapshot);
    expect(restored.step).toBe(2600);
    for (const other of [restored, clone]) {
      expect(other.advance(3000)).toEqual(future);
      expect(same(other, culture)).toBe(true);
    }
  });

  it("refuses a snapshot of another anatomy, other parameters, another version, or a damaged one", () => {
    const culture = new Culture(anatomy, quiet, 3);
    const snapshot = culture.snapshot();
    const other = growSheet(2, { neurons: 100, meanOutDegree: 10 });
    expect(() => new Culture(other, quiet, 3).restore(snapshot)).toThrow(/another anatomy/);
    expect(() => new Culture(anatomy, { ...quiet, noiseMv: 3 }, 3).restore(snapshot)).toThrow(/another/);
    const damaged = snapshot.slice();
    damaged[5000] ^= 1;
    expect(() => culture.restore(damaged)).toThrow(/damaged/);
    expect(() => culture.restore(snapshot.subarray(0, 4000))).toThrow(/cut short/);
    expect(() => culture.restore(new Uint8Array(10))).toThrow(/not a culture snapshot/);
    const newer = snapshot.slice();
    newer["wetgrad-culture ".length] = "9".charCodeAt(0);
    expect(() => culture.restore(newer)).toThrow(/format version 9/);
  });

  it("fires sparsely and asynchronously when quiet, in network bursts when bursting", () => {
    const asynchronous = new Culture(anatomy, { ...quiet, nmdaFraction: 0 }, 1);
    asynchronous.advance(2500);
    const train = asynchronous.advance(5 * 2500);
    const rate = train.neurons.filter((n) => n < 800).length / 800 / 5;
    expect(rate).toBeGreaterThan(1); // recipe: 1.4 Hz
    expect(rate).toBeLessThan(2);
    expect(busiestBin(train.steps)).toBeLessThan(0.02); // 1 / 125 if perfectly even
    const culture = new Culture(growSheet(1, burstingSheet), bursting, 1);
    culture.advance(2500);
    expect(busiestBin(culture.advance(10 * 2500).steps)).toBeGreaterThan(0.1);
  });

  it("says in one line what is wrong with an anatomy or a parameter", () => {
    const synapses = { ...anatomy.synapses, weight: anatomy.synapses.weight.slice(1) };
    expect(() => new Culture({ ...anatomy, synapses }, quiet, 1)).toThrow(/differ in length/);
    expect(() => new Culture({ ...anatomy, excitatoryCount: 1001 }, quiet, 1)).toThrow(/0 to 1000, got 1001/);
    const shy = { ...anatomy, positionsMm: anatomy.positionsMm.subarray(0, 1800), excitatoryCount: 700 };
    expect(() => new Culture(shy, quiet, 1)).toThrow(/synapse \d+ cannot be/);
    expect(() => new Culture(anatomy, { ...quiet, stepFrames: 2.5 }, 1)).toThrow(/stepFrames .* got 2.5/);
    expect(() => new Culture(anatomy, { ...quiet, ampaMs: 0 }, 1)).toThrow(/ampaMs .* got 0/);
    const culture = new Culture(anatomy, quiet, 1);
    expect(() => culture.depolarise([1000], [10])).toThrow(/no neuron 1000/);
    expect(() => culture.advance(-1)).toThrow(/got -1/);
    expect(() => culture.setPlasticity(Number.NaN)).toThrow(/got NaN/);
    expect(() => culture.setWeights([1])).toThrow(/expected \d+ weights, got 1/);
  });

  it("scales excitation in one step, and homeostasis keeps the new sums", () => {
    const culture = new Culture(anatomy, quiet, 1);
    culture.scaleExcitation(0.5);
    culture.advance(2500);
    const sums = inputSums(anatomy, anatomy.synapses.weight);
    inputSums(anatomy, culture.weights()).forEach((sum, cell) => {
      expect(sum).toBeCloseTo(sums[cell] / 2, 4);
    });
  });

  it("lives without inhibitory cells and without synapses", () => {
    const alone = growSheet(1, { neurons: 20, excitatoryShare: 1, meanOutDegree: 0 });
    expect(new Culture(alone, { ...quiet, driveMeanMv: 20 }, 1).advance(500).neurons.length).toBeGreaterThan(
      20,
    );
  });

  it("keeps every excitatory cell's input sum, and moves weights only when plastic", () => {
    const culture = new Culture(anatomy, quiet, 1);
    const before = inputSums(anatomy, culture.weights());
    culture.setPlasticity(0);
    culture.advance(2500);
    expect(culture.weights().every((w, k) => w === anatomy.synapses.weight[k])).toBe(true);
    culture.setPlasticity(1);
    culture.advance(2500);
    expect(culture.weights().every((w, k) => w === anatomy.synapses.weight[k])).toBe(false);
    const after = inputSums(anatomy, culture.weights());
    after.forEach((sum, cell) => {
      expect(sum).toBeCloseTo(before[cell], 4);
    });
  });
});

function same(a: Culture, b: Culture): boolean {
  return Buffer.compare(a.snapshot(), b.snapshot()) === 0;
}

/** Share of all spikes in the busiest 40 ms. */
function busiestBin(steps: Int32Array): number {
  const counts = new Map<number, number>();
  for (const step of steps) counts.set(Math.floor(step / 100), (counts.get(Math.floor(step / 100)) ?? 0) + 1);
  return Math.max(...counts.values()) / steps.length;
}

function inputSums({ synapses, excitatoryCount: E }: Anatomy, weights: Float32Array): Float64Array {
  const sums = new Float64Array(E);
  weights.forEach((weight, k) => {
    if (synapses.pre[k] < E && synapses.post[k] < E) sums[synapses.post[k]] += weight;
  });
  return sums;
}
