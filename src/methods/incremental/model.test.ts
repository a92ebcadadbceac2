import { describe, expect, it } from "vitest";
import { openDevice } from "../../device/gate/open.ts";
import { kindOf } from "../../device/simulated/image.ts";
import { nudged, readPartly } from "../../device/simulated/incremental-access.ts";
import { smallMea } from "../../device/simulated/testing.ts";
import { Random } from "../../math/random.ts";
import { softplus } from "../logistic.ts";
import { descendOnPathways, driveOf, fitResponses, type Observation } from "./model.ts";
import { Pathways } from "./pathways.ts";

const [S, E] = [6, 4];

/** Answers of a known model: gain 3, bias -1. */
function observe(z: Float64Array, count: number, random: Random): Observation[] {
  const truth = {
    electrodes: E,
    gain: 3,
    bias: new Float64Array(E).fill(-1),
    residual: new Float64Array(S * E),
  };
  return Array.from({ length: count }, () => {
    const places = random.permutation(S).slice(0, 2);
    const counts = Float32Array.from({ length: E }, (_, e) => {
      // A Poisson number, by counting exponential waits.
      const rate = softplus(driveOf(truth, places, z, e));
      let [n, time] = [-1, 0];
      for (; time < rate; n++) time -= Math.log(random.uniform());
      return n;
    });
    return { places, counts, z };
  });
}

describe("the predictive model", () => {
  const random = Random.of(1, "model");
  const z = Float64Array.from({ length: S * E }, () => random.uniform());
  const model = fitResponses(observe(z, 1500, random), S * E, E);

  it("predicts the answers of a known one", () => {
    for (const places of [
      [0, 1],
      [2, 5],
      [3, 4],
    ])
      for (let e = 0; e < E; e++) {
        const expected = softplus(-1 + 3 * (z[places[0] * E + e] + z[places[1] * E + e]));
        expect(softplus(driveOf(model, places, z, e))).toBeGreaterThan(0.7 * expected - 0.2);
        expect(softplus(driveOf(model, places, z, e))).toBeLessThan(1.3 * expected + 0.2);
      }
  });

  it("lowers the loss by its descent, the more the farther it may reach", () => {
    const lessons = [0, 1, 2, 3].map((k) => ({ places: [k, k + 1], nextClass: k }));
    const losses = [0, 0.05, 0.3].map((reach) => {
      const { change, loss } = descendOnPathways(
        { model, z, reach: new Float64Array(S * E).fill(reach) },
        { classOf: [0, 1, 2, 3], classes: 4 },
        lessons,
      );
      change.forEach((each, p) => {
        expect(Math.abs(each)).toBeLessThanOrEqual(reach + 1e-9);
        expect(z[p] + each).toBeGreaterThanOrEqual(0);
      });
      return loss;
    });
    expect(losses[1]).toBeLessThan(losses[0] - 0.02);
    expect(losses[2]).toBeLessThan(losses[1] - 0.1);
  });
});

describe("small steps of synapses", () => {
  const make = () => {
    const mea = smallMea({ sheetSeed: 4, neurons: 300, meanOutDegree: 60 });
    return openDevice(mea).simulated ?? expect.unreachable();
  };
  const now = (simulated: ReturnType<typeof make>) => ({
    image: simulated.readTissue(),
    strengths: simulated.readStrengths(),
  });

  it("reads the share that it may, with the error that it has", () => {
    const simulated = make();
    const all = Array.from({ length: 2000 }, (_, k) => k);
    const quality = { share: 0.3, error: 0.02 };
    const { synapses, strength } = readPartly(now(simulated), all, quality, Random.of(1));
    expect(synapses.length / 2000).toBeGreaterThan(0.25);
    expect(synapses.length / 2000).toBeLessThan(0.35);
    const truth = simulated.readStrengths();
    const tissue = simulated.readTissue();
    const ee = [...synapses.keys()].filter((i) => kindOf(tissue, synapses[i]) === "ee");
    const errors = ee.map((i) => strength[i] - truth[synapses[i]]);
    const deviation = Math.sqrt(errors.reduce((sum, x) => sum + x * x, 0) / errors.length);
    expect(deviation / (0.02 * tissue.bounds.ee)).toBeGreaterThan(0.85);
    expect(deviation / (0.02 * tissue.bounds.ee)).toBeLessThan(1.15);
  });

  it("moves no synapse by more than its budget, nor all by more than theirs", () => {
    for (const total of [1, 0.01]) {
      const simulated = make();
      const before = simulated.readStrengths();
      const tissue = simulated.readTissue();
      const synapses = [...before.keys()].filter((k) => kindOf(tissue, k) === "ee");
      const budget = { perSynapse: 0.05, total };
      const wanted = synapses.map((_, i) => (i % 2 === 0 ? 1 : -1));
      const entry = simulated.writeSynapses(nudged(now(simulated), synapses, wanted, budget));
      const most = 0.05 * tissue.bounds.ee;
      expect(entry.largestChange).toBeLessThanOrEqual(most * 1.0001);
      expect(entry.totalChange).toBeLessThanOrEqual(most * total * before.length * 1.0001);
      expect(entry.totalChange).toBeGreaterThan(0);
    }
  });

  it("shares a change of a pathway out so that it is read again", () => {
    const simulated = make();
    const pathways = new Pathways(simulated.readTissue(), [18, 20, 34], [9, 25, 41]);
    expect(pathways.synapses.length).toBeGreaterThan(20);
    const random = Random.of(1);
    const read = () =>
      pathways.encode(
        readPartly(now(simulated), pathways.synapses, { share: 1, error: 0 }, random),
        pathways.blank(),
      );
    const z = read();
    const reach = pathways.reach(0.02);
    const budget = { perSynapse: 1, total: 1 };
    simulated.writeSynapses(nudged(now(simulated), pathways.synapses, pathways.decode(reach), budget));
    const moved = read();
    moved.forEach((value, p) => {
      expect(value - z[p]).toBeCloseTo(reach[p], 5);
    });
  });
});
