import { describe, expect, it } from "vitest";
import { IzhikevichNetwork } from "./network.ts";
import { type IzhikevichParameters, izhikevichDefaults } from "./parameters.ts";

const small: IzhikevichParameters = {
  ...izhikevichDefaults,
  cells: 60,
  outDegree: 12,
  widthMm: 1,
  heightMm: 1,
  // Few cells need more input from outside than a thousand, and faster scaling to see it.
  input: { millivolts: 40, probability: 1 },
  scaling: { targetHz: 5, hours: 0.01, memorySeconds: 3 },
};

/** The same equations, cell by cell and synapse by synapse, with no ring, no table and no trace: all spikes are kept. */
function lived(network: IzhikevichNetwork, parameters: IzhikevichParameters, ms: number, pushes: number[][]) {
  const { starts, targets, delaysMs, excitatory } = network.wiring;
  const cells = starts.length - 1;
  const { plasticity, scaling, weights: bounds } = parameters;
  const weights = Array.from(targets, (_, k) =>
    k < starts[excitatory] ? bounds.excitatory : bounds.inhibitory,
  );
  const derivatives = weights.map(() => 0);
  const sender = Array.from(targets, (_, k) => starts.findLastIndex((start) => start <= k));
  const v = new Array<number>(cells).fill(-65);
  const u = v.map((each) => 0.2 * each);
  const rates = v.map(() => scaling.targetHz);
  const spikes: [number, number][] = [];
  const times = v.map((): number[] => []);
  const last = (cell: number, before: number) => times[cell].findLast((at) => at < before);
  for (let t = 0; t < ms; t++) {
    for (const cell of pushes[t] ?? []) v[cell] += 100;
    const now = v.flatMap((each, cell) => (each >= 30 ? [cell] : []));
    for (const cell of now) {
      v[cell] = -65;
      u[cell] += cell < excitatory ? 8 : 2;
    }
    const here = new Set(now);
    const decay = (age: number) => plasticity.decayPerMs ** age;
    targets.forEach((target, k) => {
      if (k >= starts[excitatory]) return;
      // A spike of the receiver now, and the sender's last one that has been on its way for at least a delay.
      const arrivedOf = last(sender[k], t - delaysMs[k] + 1);
      if (here.has(target) && arrivedOf !== undefined)
        derivatives[k] += plasticity.potentiation * decay(t - delaysMs[k] - arrivedOf);
    });
    for (const cell of now) {
      spikes.push([t, cell]);
      times[cell].push(t);
    }
    const input = v.map(() => 0);
    targets.forEach((target, k) => {
      if (!times[sender[k]].includes(t - delaysMs[k])) return;
      input[target] += weights[k];
      const fired = last(target, t + 1);
      if (k < starts[excitatory] && fired !== undefined)
        derivatives[k] -= plasticity.depression * decay(t - fired);
    });
    for (let cell = 0; cell < cells; cell++) {
      for (let half = 0; half < 2; half++)
        v[cell] += 0.5 * ((0.04 * v[cell] + 5) * v[cell] + 140 - u[cell] + input[cell]);
      u[cell] += (cell < excitatory ? 0.02 : 0.1) * (0.2 * v[cell] - u[cell]);
    }
    if ((t + 1) % 1000 > 0) continue;
    for (let cell = 0; cell < cells; cell++) {
      const count = times[cell].filter((at) => at > t - 1000).length;
      rates[cell] += (count - rates[cell]) / scaling.memorySeconds;
    }
    targets.forEach((target, k) => {
      if (k >= starts[excitatory]) return;
      const factor = 1 + (1 - rates[target] / scaling.targetHz) / (3600 * scaling.hours);
      const moved = weights[k] * Math.max(0, factor) + plasticity.growthPerSecond + derivatives[k];
      weights[k] = Math.min(bounds.most, Math.max(0, moved));
      derivatives[k] *= plasticity.derivativeLeft;
    });
  }
  return { spikes, weights };
}

/** Which cells are pushed in each millisecond: in place of input from outside, which the reference does not draw. */
const pushesOf = (ms: number, cells: number) =>
  Array.from({ length: ms }, (_, t) => (t % 7 === 0 ? [(t * 13) % cells, (t * 29 + 5) % cells] : []));

describe("IzhikevichNetwork", () => {
  it("lives and learns as the equations do when every spike is kept and looked up", () => {
    const parameters = { ...small, input: { millivolts: 1, probability: 0 } };
    const network = new IzhikevichNetwork(parameters, 3);
    const ms = 2100;
    const pushes = pushesOf(ms, small.cells);
    const spikes: [number, number][] = [];
    for (let t = 0; t < ms; t++) {
      network.depolarise(
        pushes[t],
        pushes[t].map(() => 100),
      );
      const train = network.advance(1);
      train.neurons.forEach((cell, i) => {
        spikes.push([train.steps[i], cell]);
      });
    }
    const expected = lived(network, parameters, ms, pushes);
    expect(expected.spikes.length).toBeGreaterThan(400);
    expect(spikes).toEqual(expected.spikes);
    const weights = network.weights();
    expected.weights.forEach((weight, k) => {
      expect(weights[k]).toBeCloseTo(weight, 9);
    });
    expect(new Set(expected.weights.map((weight) => weight.toFixed(6))).size).toBeGreaterThan(100);
  });

  it("gives the same spikes however its life is cut", () => {
    const [whole, cut] = [new IzhikevichNetwork(small, 5), new IzhikevichNetwork(small, 5)];
    const expected = whole.advance(3000);
    const parts = [1, 499, 500, 1234, 766].map((steps) => cut.advance(steps));
    expect(parts.flatMap(({ steps }) => [...steps])).toEqual([...expected.steps]);
    expect(parts.flatMap(({ neurons }) => [...neurons])).toEqual([...expected.neurons]);
    expect(expected.steps.length).toBeGreaterThan(300);
  });

  it("is another network with another seed, and refuses one without partners enough", () => {
    const [one, other] = [3, 4].map((seed) => new IzhikevichNetwork(small, seed).wiring);
    expect(one.targets).not.toEqual(other.targets);
    expect(() => new IzhikevichNetwork({ ...small, outDegree: 48 }, 1)).toThrow(/fewer partners/);
    expect(() => new IzhikevichNetwork({ ...small, conductionMmPerMs: 0.001 }, 1)).toThrow(/faster axons/);
  });

  it("has synapses of whole milliseconds after the way between its cells, and no cell on itself", () => {
    const { starts, targets, delaysMs, positionsMm, excitatory } = new IzhikevichNetwork(small, 7).wiring;
    for (let cell = 0; cell < small.cells; cell++)
      for (let k = starts[cell]; k < starts[cell + 1]; k++) {
        const [dx, dy] = [0, 1].map(
          (axis) => positionsMm[2 * cell + axis] - positionsMm[2 * targets[k] + axis],
        );
        expect(delaysMs[k]).toBe(1 + Math.floor(Math.hypot(dx, dy) / small.conductionMmPerMs));
        expect(targets[k]).not.toBe(cell);
        if (cell >= excitatory) expect(targets[k]).toBeLessThan(excitatory);
      }
  });
});
