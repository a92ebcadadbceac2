import { describe, expect, expectTypeOf, it } from "vitest";
import { growSheet } from "../../culture/anatomy.ts";
import { Culture } from "../../culture/culture.ts";
import { quiet } from "../../culture/parameters.ts";
import type { Device, ReadableDevice } from "../contract.ts";
import { openDevice } from "../gate/open.ts";
import { SimulatedMea } from "./driver.ts";
import { UltrastructureRefused } from "./image.ts";
import { Ultrastructure } from "./ultrastructure.ts";

const grown = growSheet(4, { neurons: 120, meanOutDegree: 20 });
/** The last synapse is a silent contact. */
const weight = grown.synapses.weight.slice();
weight[weight.length - 1] = 0;
const anatomy = { ...grown, synapses: { ...grown.synapses, weight } };
const make = () => {
  const culture = new Culture(anatomy, quiet, 2);
  const { simulated } = openDevice(new SimulatedMea(culture, { seed: 3 }));
  if (!simulated) throw new Error("expected the controls of a simulated culture");
  return { culture, simulated };
};

describe("the ultrastructure", () => {
  it("belongs to the simulated device alone, by type", () => {
    expectTypeOf<ReadableDevice>().not.toHaveProperty("simulated");
    expectTypeOf<NonNullable<Device["simulated"]>>().toHaveProperty("writeSynapses");
  });

  it("reads every synapse with the sign of its cell, and writes back what it read", () => {
    const { simulated, culture } = make();
    const { pre, post, strength, delaySteps } = simulated.readTissue().synapses;
    strength.forEach((s, k) => {
      expect(Math.sign(s) * (pre[k] < anatomy.excitatoryCount ? 1 : -1)).toBeGreaterThanOrEqual(0);
      expect(Math.abs(s)).toBe(weight[k]);
      expect(delaySteps[k]).toBe(Math.round(anatomy.synapses.delayMs[k] / 0.4));
    });
    expect(post).toEqual(anatomy.synapses.post);
    const before = culture.snapshot();
    const entry = simulated.writeSynapses({ strength });
    expect(Buffer.compare(culture.snapshot(), before)).toBe(0);
    expect(entry).toEqual({ step: 0, what: "synapses", changed: 0, totalChange: 0, largestChange: 0 });
  });

  it("logs what it lets through", () => {
    const ultrastructure = new Ultrastructure(make().culture);
    const strength = ultrastructure.strengths();
    ultrastructure.writeSynapses({ synapses: [0, 1], strength: [strength[0] * 0.5, strength[1]] });
    expect(ultrastructure.log).toHaveLength(1);
    expect(ultrastructure.log[0].changed).toBe(1);
    expect(ultrastructure.log[0].totalChange).toBeCloseTo(Math.abs(strength[0]) / 2, 6);
    expect(Math.abs(ultrastructure.strengths()[0])).toBeCloseTo(Math.abs(strength[0]) / 2, 6);
  });

  it("refuses what tissue cannot be, in one line, and then changes nothing", () => {
    const { culture } = make();
    const ultrastructure = new Ultrastructure(culture);
    const { pre } = anatomy.synapses;
    const strength = ultrastructure.strengths();
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
    expect(Math.abs(ultrastructure.strengths()[silent])).toBeCloseTo(0.01, 6);
  });

  it("reads and writes the cells", () => {
    const { simulated, culture } = make();
    culture.depolarise([0, 1, 2], [40, 40, 40]);
    culture.advance(2);
    const { step, cells, arriving } = simulated.readTissue().cells;
    expect(step).toBe(2);
    expect(cells.potentialMv).toEqual(culture.potentials());
    expect(arriving.excitation.some((g) => g > 0)).toBe(true);
    simulated.writeCells({ potentialMv: cells.potentialMv.map((v) => v - 1) });
    expect(culture.potentials()).toEqual(cells.potentialMv.map((v) => v - 1));
  });

  it("is plain data, which does not follow the culture", () => {
    const { simulated } = make();
    const tissue = simulated.readTissue();
    const sent = structuredClone(tissue);
    expect(sent).toEqual(tissue);
    expect(simulated.readStrengths()).toEqual(tissue.synapses.strength);
    simulated.scaleExcitation(0.5);
    expect(tissue).toEqual(sent);
    expect(simulated.readStrengths()).not.toEqual(tissue.synapses.strength);
  });

  it("permutes the inputs of a cell of one kind, and nothing else", () => {
    const { simulated } = make();
    const { synapses, plastic } = simulated.readTissue();
    const { post, strength } = synapses;
    const [first, ...others] = plastic;
    const second = others.find((k) => post[k] === post[first]);
    const stranger = others.find((k) => post[k] !== post[first]);
    const swapped = (a: number, b: number) => {
      const from = Int32Array.from(post.keys());
      [from[a], from[b]] = [b, a];
      return from;
    };
    if (second === undefined || stranger === undefined) return expect.unreachable();
    simulated.permuteSynapses(swapped(first, second));
    const expected = strength.slice();
    [expected[first], expected[second]] = [strength[second], strength[first]];
    expect(simulated.readStrengths()).toEqual(expected);
    expect(() => simulated.permuteSynapses(swapped(first, stranger))).toThrow(/onto the same cell/);
    expect(() => simulated.permuteSynapses([0, 0])).toThrow(/each of \d+ synapses once/);
    expect(simulated.readStrengths()).toEqual(expected);
  });
});
