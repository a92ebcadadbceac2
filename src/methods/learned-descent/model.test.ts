/** The model of learning, against finite differences and against tissue made of itself. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawPoisson } from "../../math/poisson.ts";
import { Random } from "../../math/random.ts";
import { chooseWrite } from "./choose.ts";
import { CONSTANT_NAMES, type ConstantName, DOSES, LEARNING, START } from "./constants.ts";
import { Filter } from "./filter.ts";
import { fitConstants, gradientOf, likelihoodOf } from "./fit.ts";
import { Past } from "./loss.ts";
import type { Presented } from "./presented.ts";

const [E, P] = [6, 7];

function distancesOf(random: Random) {
  return Array.from({ length: E }, () => Float64Array.from({ length: P }, () => 0.2 + random.uniform()));
}

function somePlaces(random: Random, count = 3): number[] {
  return [...random.permutation(P)].slice(0, count);
}

/** Presentations of a tissue that learns as the model says, its A uneven: a third of them written. */
function record(constants: Float64Array, steps: number, seed: number) {
  const random = Random.of(seed, "tissue");
  const distances = distancesOf(random);
  const truth = new Filter(constants, distances);
  const effects = truth.effects();
  const { W, A } = truth.belief;
  for (let i = 0; i < A.length; i++) {
    A[i] *= Math.exp(0.5 * random.normal());
    W[i] *= Math.exp(0.3 * random.normal());
  }
  const presented = Array.from({ length: steps }, (_, n): Presented => {
    const places = somePlaces(random);
    const isWritten = n % 3 === 0;
    const delays = Int8Array.from({ length: E }, () =>
      isWritten && random.uniform() < 0.5 ? random.integer(effects.length) : -1,
    );
    const doses = Uint8Array.from({ length: E }, () => random.integer(DOSES));
    const rates = truth.expected(places);
    const counts = Float64Array.from(rates, (rate, e) => (delays[e] < 0 ? drawPoisson(random, rate) : 0));
    for (let e = 0; e < E; e++)
      for (let p = 0; p < P && delays[e] >= 0; p++) {
        const { add, keep } = effects[delays[e]][doses[e]];
        const i = e * P + p;
        if (places.includes(p)) W[i] = Math.max(0, keep * W[i] + add * A[i]);
        else if (add > 0) W[i] *= Math.exp(-Math.exp(-3));
      }
    return { places, counts, delays, doses, plasticity: 1 };
  });
  return { distances, presented };
}

/** A tissue whose answers are of a few spikes, which writes change strongly. */
const CONSTANTS = START.map((value, i) => {
  const own: Partial<Record<ConstantName, number>> = {
    a0: 1,
    bias: -0.5,
    add0: 0.2,
    add1: 0.1,
    add2: -0.25,
    fadeByWrite: -3,
    fatigue: -6,
    beside: 0,
    lose2: -2,
  };
  return own[CONSTANT_NAMES[i]] ?? value;
});

describe("the filter's gradient", () => {
  it("is that of finite differences, by every constant", () => {
    const recorded = [record(CONSTANTS, 40, 1)];
    const { gradient } = gradientOf(recorded, START);
    CONSTANT_NAMES.forEach((name, i) => {
      const at = (step: number) =>
        likelihoodOf(
          recorded,
          START.map((x, j) => (j === i ? x + step : x)),
        ).sum;
      const numeric = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(gradient[i] - numeric), name).toBeLessThan(1e-4 * Math.max(1, Math.abs(numeric)));
    });
  });

  it("says the same of the likelihood with derivatives and without", () => {
    const { distances, presented } = record(CONSTANTS, 30, 2);
    const [plain, other] = [
      new Filter(START, distances),
      new Filter(START, distances, { differentiate: true }),
    ];
    for (const shown of presented) {
      const sums = [0, 0];
      plain.step(shown, (_, value) => (sums[0] += plain.numbers.valueOf(value)));
      other.step(shown, (_, value) => (sums[1] += other.numbers.valueOf(value)));
      expect(sums[0]).toBe(sums[1]);
    }
  });
});

describe("the fit", () => {
  it("finds the sign and size of every kind of write from counts alone, and beats a model that knows no learning", () => {
    const recorded = [1, 2].map((seed) => record(CONSTANTS, 250, seed));
    const { constants, logLikelihood } = fitConstants(recorded, START, 6, () => undefined);
    const distances = recorded[0].distances;
    const [found, true_] = [constants, CONSTANTS].map((some) => new Filter(some, distances).effects());
    const full = DOSES - 1;
    expect(found[0][full].add).toBeGreaterThan(0.1);
    expect(found[0][full].add).toBeGreaterThan(found[1][full].add);
    expect(found[1][full].add).toBeGreaterThan(0.03);
    expect(found[2][full].add).toBeLessThan(-0.1);
    expect(found[2][full].add).toBeGreaterThan(2 * true_[2][full].add);
    const still = constants.map((x, i) =>
      !LEARNING.includes(CONSTANT_NAMES[i]) ? x : CONSTANT_NAMES[i].startsWith("lose") ? -30 : 0,
    );
    const held = [record(CONSTANTS, 150, 9)];
    const of = (some: Float64Array) => likelihoodOf(held, some).sum / likelihoodOf(held, some).count;
    expect(of(constants)).toBeGreaterThan(of(still) + 0.01);
    expect(of(constants)).toBeGreaterThan(of(CONSTANTS) - 0.02);
    expect(logLikelihood).toBeLessThan(0);
  });
});

describe("the loss over the past", () => {
  it("has the gradient of finite differences, and only data that share a place depend on these places", () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const random = Random.of(seed, "past");
        const filter = new Filter(CONSTANTS, distancesOf(random));
        const { W } = filter.belief;
        const past = new Past(
          Array.from({ length: E }, (_, e) => [e % 3]),
          3,
          P,
        );
        for (let i = 0; i < 12; i++) past.add(somePlaces(random), random.integer(3));
        const places = somePlaces(random);
        const near = past.touching(places);
        const all = past.touching([...Array(P).keys()]);
        const { rates, slopes } = past.answers(near, filter);
        past.loss(near, rates, slopes);
        const [e, p] = [random.integer(E), places[random.integer(places.length)]];
        const at = (step: number) => {
          W[e * P + p] += step;
          const value = past.loss(all, past.answers(all, filter).rates);
          W[e * P + p] -= step;
          return value;
        };
        const slope = near.reduce((sum, datum, d) => sum + (datum.places.includes(p) ? slopes[d][e] : 0), 0);
        expect(slope).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});

describe("the choice", () => {
  it("strengthens what should be said, weakens what should not, and writes nothing where nothing lowers the loss", () => {
    const random = Random.of(4, "choice");
    const filter = new Filter(CONSTANTS, distancesOf(random));
    const classesOf = Array.from({ length: E }, (_, e) => [e % 3]);
    const past = new Past(classesOf, 3, P);
    const places = [0, 1, 2];
    past.add(places, 1);
    const free = chooseWrite({ filter, past, places, plasticity: 1, size: 4 });
    expect(free?.electrodes).toHaveLength(4);
    free?.electrodes.forEach((e, i) => {
      const { add } = filter.effects()[free.delays[i]][DOSES - 1];
      expect(add > 0).toBe(classesOf[e][0] === 1);
    });
    // Of one class alone nothing can be lowered.
    const even = new Past([[0], [0], [0], [0], [0], [0]], 1, P);
    even.add(places, 0);
    expect(chooseWrite({ filter, past: even, places, plasticity: 1, size: 4 })).toBe(null);
  });
});
