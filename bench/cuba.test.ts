/** The CUBA kernel against the same network stepped in plain float64: the benchmark must do the whole work. */
import { expect, it } from "vitest";
import { Cuba, type CubaNetwork, cubaNetwork, cubaParameters as p } from "./cuba.ts";

/** 40 ms: later a spike may shift by a step, because rounding differs. */
const STEPS = 400;

it.each([false, true])("makes the spikes of the plain network, plasticity %s", (plastic) => {
  const network = cubaNetwork(1);
  const { spikes: expected, weight } = plainCuba(network, plastic);
  const cuba = new Cuba(network, plastic);
  const got = expected.map(() => {
    const before = cuba.spikes;
    cuba.advance(1);
    return cuba.spikes - before;
  });
  expect(got).toEqual(expected);
  expect(cuba.spikes).toBeGreaterThan(500);
  const worst = cuba.weights.reduce((most, w, k) => Math.max(most, Math.abs(w - weight[k])), 0);
  expect(worst).toBeLessThan(1e-5);
  const moved = weight.some((w, k) => network.pre[k] < p.excitatoryCount && w !== p.excitatoryWeightMv);
  expect(moved).toBe(plastic);
  expect(cuba.synapticEvents / cuba.spikes).toBeCloseTo(80, -1);
});

/** Number of spikes in each step, and the weights at the end. */
function plainCuba({ pre, post, initialMv }: CubaNetwork, plastic: boolean) {
  const { neurons: N, excitatoryCount: E, stepMs: dt, membraneMs: tm } = p;
  const rows = Array.from({ length: N }, () => [] as number[]);
  const columns = Array.from({ length: N }, () => [] as number[]);
  pre.forEach((i, k) => {
    rows[i].push(k);
    if (i < E) columns[post[k]].push(k);
  });
  const weight = Float64Array.from(pre, (i) => (i < E ? p.excitatoryWeightMv : p.inhibitoryWeightMv));
  const v = Float64Array.from(initialMv);
  const [e, i, trace] = [new Float64Array(N), new Float64Array(N), new Float64Array(N)];
  const freeAt = new Int32Array(N);
  const clip = (w: number) => Math.min(2 * p.excitatoryWeightMv, Math.max(0, w));
  // The exact solution over a step for a current x e^(-t / ts) is x times this.
  const gain = (ts: number) => (ts / (tm - ts)) * (Math.exp(-dt / tm) - Math.exp(-dt / ts));
  const [eGain, iGain] = [gain(p.excitationMs), gain(p.inhibitionMs)];
  const fade = (ms: number) => Math.exp(-dt / ms);
  const [vFade, eFade, iFade, traceFade] = [
    fade(tm),
    fade(p.excitationMs),
    fade(p.inhibitionMs),
    fade(p.traceMs),
  ];
  const spikes = Array.from({ length: STEPS }, (_, step) => {
    const fired: number[] = [];
    for (let n = 0; n < N; n++) {
      if (freeAt[n] <= step) v[n] = p.restMv + (v[n] - p.restMv) * vFade + e[n] * eGain + i[n] * iGain;
      e[n] *= eFade;
      i[n] *= iFade;
      trace[n] *= traceFade;
      if (v[n] > p.thresholdMv) fired.push(n);
    }
    for (const n of fired) {
      v[n] = p.resetMv;
      freeAt[n] = step + 1 + Math.round(p.refractoryMs / dt);
      for (const k of rows[n]) (n < E ? e : i)[post[k]] += weight[k];
    }
    if (plastic) {
      for (const n of fired)
        if (n < E) for (const k of rows[n]) weight[k] = clip(weight[k] - p.depressionMv * trace[post[k]]);
      for (const n of fired)
        for (const k of columns[n]) weight[k] = clip(weight[k] + p.potentiationMv * trace[pre[k]]);
      for (const n of fired) trace[n]++;
    }
    return fired.length;
  });
  return { spikes, weight };
}
