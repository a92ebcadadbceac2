import { describe, expect, expectTypeOf, it } from "vitest";
import { growSheet } from "../../culture/anatomy.ts";
import { Culture } from "../../culture/culture.ts";
import { quiet } from "../../culture/parameters.ts";
import type { ReadableDevice } from "../contract.ts";
import { openDevice } from "../gate/open.ts";
import { SimulatedMea } from "./driver.ts";
import { UltrastructureRefused } from "./ultrastructure.ts";

const grown = growSheet(4, { neurons: 120, meanOutDegree: 20 });
/** The last synapse is a silent contact. */
const weight = grown.synapses.weight.slice();
weight[weight.length - 1] = 0;
const anatomy = { ...grown, synapses: { ...grown.synapses, weight } };
const make = () => openDevice(new SimulatedMea(new Culture(anatomy, quiet, 2), { seed: 3 }));

describe("the ultrastructure", () => {
  it("belongs to the simulated device alone, by type", () => {
    expectTypeOf<ReadableDevice>().not.toHaveProperty("simulated");
    expectTypeOf<NonNullable<ReturnType<typeof make>["simulated"]>>().toHaveProperty("ultrastructure");
  });

  it("reads every synapse with the sign of its cell, and writes back what it read", () => {
    const { simulated } = make();
    const { ultrastructure, culture } = simulated!;
    const { pre, post, strength, delaySteps } = ultrastructure.readSynapses();
    strength.forEach((s, k) => {
      expect(Math.sign(s) * (pre[k] < anatomy.excitatoryCount ? 1 : -1)).toBeGreaterThanOrEqual(0);
      expect(Math.abs(s)).toBe(weight[k]);
      expect(delaySteps[k]).toBe(Math.round(anatomy.synapses.delayMs[k] / 0.4));
    });
    expect(post).toEqual(anatomy.synapses.post);
    const before = culture.snapshot();
    const entry = ultrastructure.writeSynapses({ strength });
    expect(Buffer.compare(culture.snapshot(), before)).toBe(0);
    expect(entry).toEqual({ step: 0, what: "synapses", changed: 0, totalChange: 0, largestChange: 0 });
  });

  it("logs what it lets through", () => {
    const { ultrastructure } = make().simulated!;
    const { strength } = ultrastructure.readSynapses();
    ultrastructure.writeSynapses({ synapses: [0, 1], strength: [strength[0] * 0.5, strength[1]] });
    expect(ultrastructure.log).toHaveLength(1);
    expect(ultrastructure.log[0].changed).toBe(1);
    expect(ultrastructure.log[0].totalChange).toBeCloseTo(Math.abs(strength[0]) / 2, 6);
    expect(Math.abs(ultrastructure.readSynapses().strength[0])).toBeCloseTo(Math.abs(strength[0]) / 2, 6);
  });

  it("refuses what tissue cannot be, in one line, and then changes nothing", () => {
    const { ultrastructure, culture } = make().simulated!;
    const { pre, strength } = ultrastructure.readSynapses();
    const excites = pre.findIndex((cell) => cell < anatomy.excitatoryCount);
    const inhibits = pre.findIndex((cell) => cell >= anatomy.excitatoryCount);
    const silent = strength.length - 1;
    const before = culture.snapshot();
    const sign = pre[silent] < anatomy.excitatoryCount ? 1 : -1;
    const cases: [Parameters<typeof ultrastructure.writeSynapses>[0], RegExp][] = [
      [{ synapses: [excites], strength: [-0.01] }, /Dale's law/],
      [{ synapses: [inhibits], strength: [0.01] }, /Dale's law/],
      [{ synapses: [excites], strength: [9] }, /at most/],
      [{ synapses: [inhibits], strength: [-9] }, /at most/],
      [{ synapses: [0, silent], strength: [strength[0] / 2, sign * 0.01] }, /silent contact/],
      [{ synapses: [strength.length], strength: [0.01] }, /new ones cannot be made/],
      [{ synapses: [0], strength: [Number.NaN] }, /expected a number/],
      [{ strength: [1, 2] }, /one for each synapse/],
    ];
    for (const [write, message] of cases) {
      expect(() => ultrastructure.writeSynapses(write)).toThrow(UltrastructureRefused);
      expect(() => ultrastructure.writeSynapses(write)).toThrow(message);
    }
    expect(() => ultrastructure.writeCells({ potentialMv: new Float32Array(120).fill(-10) })).toThrow(
      /potentialMv from -95 to -50, got -10 for neuron 0/,
    );
    expect(Buffer.compare(culture.snapshot(), before)).toBe(0);
    expect(ultrastructure.log).toHaveLength(0);
    ultrastructure.writeSynapses({ synapses: [silent], strength: [sign * 0.01], newSynapses: true });
    expect(Math.abs(ultrastructure.readSynapses().strength[silent])).toBeCloseTo(0.01, 6);
  });

  it("reads and writes the cells", () => {
    const { ultrastructure, culture } = make().simulated!;
    culture.depolarise([0, 1, 2], [40, 40, 40]);
    culture.advance(2);
    const { step, cells, arriving } = ultrastructure.readCells();
    expect(step).toBe(2);
    expect(cells.potentialMv).toEqual(culture.potentials());
    expect(arriving.excitation.some((g) => g > 0)).toBe(true);
    ultrastructure.writeCells({ potentialMv: cells.potentialMv.map((v) => v - 1) });
    expect(culture.potentials()).toEqual(cells.potentialMv.map((v) => v - 1));
  });
});
