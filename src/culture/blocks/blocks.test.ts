/** A culture in blocks, on any number of threads, does what a culture of one block does, to the bit. */
import { describe, expect, it } from "vitest";
import { type Anatomy, growSheet } from "../anatomy.ts";
import { Culture } from "../culture.ts";
import { planGrowth } from "../growth/plan.ts";
import { type CultureParameters, quiet } from "../parameters.ts";
import { maturations } from "../presets.ts";
import { RULES, underRule } from "../rules/rules.ts";

const anatomy = growSheet(4, { neurons: 300, sideMm: 0.8, meanOutDegree: 40 });
/** Driven above threshold, and without noise, for each block has noise of its own. */
const driven: CultureParameters = { ...quiet, driveMeanMv: 17, noiseMv: 0 };

function life(culture: Culture, steps: number) {
  const { steps: at, neurons } = culture.advance(steps);
  return { at, neurons, weights: culture.weights(), late: culture.lateWeights() };
}

describe("blocks", () => {
  it.each(RULES)("hear, learn and keep up as one does, under the rule %s", (rule) => {
    const parameters = underRule(driven, rule);
    const one = life(new Culture(anatomy, parameters, 7), 1500);
    expect(one.at.length).toBeGreaterThan(1000);
    for (const blocks of [1, 8])
      expect(life(new Culture(anatomy, parameters, 7, { blocks }), 1500)).toEqual(one);
  });

  it("mark synapses and are rewarded as one is", () => {
    const parameters = { ...driven, plasticity: { ...driven.plasticity, eligibility: { traceMs: 300 } } };
    const rewarded = (blocks?: number) => {
      const culture = new Culture(anatomy, parameters, 7, blocks === undefined ? {} : { blocks });
      const before = life(culture, 700);
      culture.reward(0.5);
      return [before, life(culture, 700)];
    };
    expect(rewarded(4)).toEqual(rewarded());
  });

  it("go on from a snapshot to the bit, also on other threads", async () => {
    const culture = new Culture(anatomy, quiet, 3, { blocks: 8 });
    culture.advance(1001);
    const kept = culture.snapshot();
    const expected = life(culture, 1500);
    for (const threads of [1, 2, 4]) {
      const other = new Culture(anatomy, quiet, 99, { blocks: 8 });
      expect(other.useThreads(threads)).toBe(threads);
      other.restore(kept);
      expect(life(other, 700).at.length).toBeLessThan(expected.at.length); // some of it while they start
      await new Promise((resolve) => setTimeout(resolve, 300));
      other.restore(kept);
      expect(life(other, 1500)).toEqual(expected);
      expect(life(other.clone(), 10)).toEqual(life(other, 10));
    }
  });

  it("are what a culture of more than 4,096 neurons lives in, those of more than 65,536 with wide numbers", () => {
    const few: Anatomy = many(4096);
    const more = many(70_000);
    expect(new Culture(few, quiet, 1).useThreads(2)).toBe(1);
    const culture = new Culture(more, { ...quiet, driveMeanMv: 20 }, 1);
    const { neurons } = culture.advance(300);
    expect(neurons).toBeInstanceOf(Uint32Array);
    expect(neurons.some((cell) => cell > 65_536)).toBe(true);
    // Cell 69,999 hears cell 65,999 and nobody else.
    expect(culture.plasticSynapses().length).toBe(0);
    expect(culture.tissue().cells.gaba[69_999]).toBeGreaterThan(0);
    expect(culture.tissue().cells.gaba[69_998]).toBe(0);
  });
});

/** So many cells, a tenth of them inhibitory, and one synapse between two of these. */
function many(neurons: number): Anatomy {
  return {
    positionsMm: new Float32Array(2 * neurons),
    excitatoryCount: Math.round(0.9 * neurons),
    synapses: {
      pre: Uint32Array.of(neurons - 4001),
      post: Uint32Array.of(neurons - 1),
      delayMs: Float32Array.of(1),
      weight: Float32Array.of(0.1),
    },
  };
}

it("grows more than 4,096 neurons with somata numbered by place, the same each time", () => {
  const size = { neurons: 4200, widthMm: 3.3, heightMm: 3.3, clumps: 170, meanOutDegree: 10 };
  const sheet = { ...maturations.default.sheet, ...size };
  const plan = planGrowth(5, sheet);
  expect(plan.pre.length / 4200).toBeGreaterThan(9.6);
  expect(plan.pre.length / 4200).toBeLessThan(10.4);
  const again = planGrowth(5, sheet);
  expect(Buffer.from(again.bornDay.buffer).equals(Buffer.from(plan.bornDay.buffer))).toBe(true);
  expect(Buffer.from(again.post.buffer).equals(Buffer.from(plan.post.buffer))).toBe(true);
  const { positionsMm, excitatoryCount } = plan;
  let stepsMm = 0;
  for (let i = 1; i < excitatoryCount; i++)
    stepsMm += Math.hypot(
      positionsMm[2 * i] - positionsMm[2 * i - 2],
      positionsMm[2 * i + 1] - positionsMm[2 * i - 1],
    );
  expect(stepsMm / excitatoryCount).toBeLessThan(0.1); // 1.7 mm apart if numbered by lot
});
