import { describe, expect, it } from "vitest";
import type { Synapses } from "../anatomy.ts";
import { Culture } from "../culture.ts";
import { growCulture, maturations, PRESETS, planCulture } from "../presets.ts";
import { growthDay } from "./day.ts";
import { growTo } from "./grow.ts";
import { LAST_DAY, planGrowth } from "./plan.ts";
import { rampAt, rampDay } from "./ramp.ts";

const small = { seed: 1, neurons: 300 } as const;

describe("ramp", () => {
  it("comes back from a value to its day", () => {
    const ramp = { early: 0, late: 0.4, middleDay: 9, widthDays: 2.5 };
    for (const day of [2, 9, 14, 30]) expect(rampDay(ramp, rampAt(ramp, day))).toBeCloseTo(day, 9);
    expect(rampDay(ramp, 0.4)).toBe(Number.POSITIVE_INFINITY);
    expect(rampDay(ramp, 0)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("planGrowth", () => {
  const { sheet } = maturations.default;

  it("grows as many synapses as asked, those of each distance as the law of contact says", () => {
    const plan = planGrowth(3, {
      ...sheet,
      neurons: 600,
      meanOutDegree: 40,
      clumpedShare: 0,
      vigourSpread: 0,
    });
    expect(plan.pre.length / 600).toBeGreaterThan(38);
    expect(plan.pre.length / 600).toBeLessThan(42);
    // Without vigour the chance of a pair depends on its distance alone: log(near / far) = difference / reach.
    const found = [0, 0];
    const pairs = [0, 0];
    const bin = (d: number) => (Math.abs(d - 0.3) < 0.02 ? 0 : Math.abs(d - 0.8) < 0.02 ? 1 : -1);
    for (let i = 0; i < 600; i++)
      for (let j = 0; j < 600; j++) {
        const [dx, dy] = [0, 1].map((a) => plan.positionsMm[2 * i + a] - plan.positionsMm[2 * j + a]);
        const which = bin(Math.hypot(dx, dy));
        if (i !== j && which >= 0) pairs[which]++;
      }
    for (const d of plan.distanceMm) if (bin(d) >= 0) found[bin(d)]++;
    const ratio = Math.log(found[0] / pairs[0] / (found[1] / pairs[1]));
    expect(Math.abs(ratio - 0.5 / rampAt(sheet.reachMm, LAST_DAY))).toBeLessThan(0.15);
  });

  it("keeps somata on the sheet and refuses what cannot be wired", () => {
    const plan = planGrowth(1, { ...sheet, neurons: 300, clumpMm: 0.5 });
    expect(plan.positionsMm.every((x) => x >= 0 && x <= sheet.widthMm)).toBe(true);
    expect(() => planGrowth(1, { ...sheet, neurons: 50 })).toThrow(/cannot have 100 synapses/);
    expect(() => planGrowth(1, { ...sheet, neurons: 1.5 })).toThrow(/neurons/);
  });
});

describe("growTo", () => {
  it("reaches a later day the same way through an earlier one: what was born stays, and only more is born", () => {
    const plan = planCulture(small);
    const at = (div: number) => growTo(maturations.default, plan, div);
    const [young, old] = [at(12), at(28)];
    const key = ({ pre, post }: Synapses) => Array.from(pre, (i, k) => i * 1000 + post[k]);
    const later = new Set(key(old.anatomy.synapses));
    expect(key(young.anatomy.synapses).every((pair) => later.has(pair))).toBe(true);
    expect(young.anatomy.synapses.pre.length).toBeLessThan(0.9 * old.anatomy.synapses.pre.length);
    expect(growCulture({ ...small, div: 28 })).toEqual(old);
    expect(old.anatomy.positionsMm).toEqual(young.anatomy.positionsMm);
  });

  it("strengthens synapses between excitatory cells with age and switches GABA from depolarising", () => {
    const days = [7, 14, 21, 28, 35].map((div) => growCulture({ ...small, div }));
    const sums = days.map(({ anatomy }) => anatomy.synapses.weight.reduce((a, b) => a + b, 0));
    for (let i = 1; i < 5; i++) expect(sums[i]).toBeGreaterThan(sums[i - 1]);
    expect(days[0].parameters.gabaReversalMv).toBeGreaterThan(-60);
    expect(days[2].parameters.gabaReversalMv).toBeLessThan(-74);
  });

  it("refuses days it does not know", () => {
    for (const div of [6, 36, Number.NaN]) expect(() => growCulture({ ...small, div })).toThrow(/7 to 35/);
  });

  it("counts the days of a film as it grows them", () => {
    const plan = planCulture(small);
    for (const day of [7, 14, 21]) {
      const shown = growthDay(plan, maturations.default, day);
      expect(shown.synapses).toBe(growTo(maturations.default, plan, day).anatomy.synapses.pre.length);
      expect(shown.synapses - growthDay(plan, maturations.default, day - 1).synapses).toBe(shown.newSynapses);
      expect(shown.meanOutDegree).toBeCloseTo(shown.synapses / 300, 9);
    }
  });
});

describe("presets", () => {
  it("differ in what they do when left alone: bursts or none", () => {
    const busiest = PRESETS.map((preset) => {
      const { anatomy, parameters } = growCulture({ seed: 1, div: 21, preset });
      const culture = new Culture(anatomy, parameters, 1);
      culture.advance(2500);
      const start = culture.step;
      const counts = new Int32Array(12 * 40);
      for (const step of culture.advance(12 * 2500).steps)
        counts[Math.floor(((step - start) * culture.stepMs) / 25)]++;
      return Math.max(...counts);
    });
    expect(busiest[0]).toBeGreaterThan(300); // a network burst: most cells within 25 ms
    expect(busiest[1]).toBeLessThan(200);
  });
});
