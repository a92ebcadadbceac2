/**
 * A model of what writes do to features, and writes chosen by its gradient. The model is the ridge fit and a small network on what it
 * leaves over: z = c + W u + V gelu(A u + b). Electrodes are exchanged one at a time where the gradient says most, as in greedy coordinate
 * gradient search (Zou et al. 2023, https://arxiv.org/abs/2307.15043), from several starts; an exchange stays if the model agrees.
 */
import type { Random } from "../../math/random.ts";
import type { RidgeFit, Written } from "./planners.ts";

export interface WriteModel {
  readonly E: number;
  readonly K: number;
  /** What features do on average under a pattern `[E]`; `[K]`. */
  predict(pattern: ArrayLike<number>): Float64Array;
  /** By electrode, the derivative of `weights . z` under a pattern; `[E]`. */
  gradient(pattern: ArrayLike<number>, weights: Float64Array): Float64Array;
}

const HIDDEN = 48;
const EPOCHS = 12;
const BATCH = 64;
const RATE = 2e-3;
const DECAY = 1e-4;

export function fitWriteModel(ridge: RidgeFit, { u, z, E, K }: Written, random: Random): WriteModel {
  const N = u.length / E;
  const scaled = (count: number, scale: number) => random.normals(count).map((v) => v * scale);
  const p = {
    A: scaled(HIDDEN * E, 1 / Math.sqrt(E)),
    b: new Float32Array(HIDDEN),
    V: scaled(K * HIDDEN, 1e-3),
    c: new Float32Array(K),
  };
  const names = ["A", "b", "V", "c"] as const;
  const moments = names.map((name) => [new Float32Array(p[name].length), new Float32Array(p[name].length)]);
  const g = {
    A: new Float32Array(p.A.length),
    b: new Float32Array(HIDDEN),
    V: new Float32Array(p.V.length),
    c: new Float32Array(K),
  };
  const rest = new Float32Array(N * K);
  for (let n = 0; n < N; n++) {
    const line = ridgeLine(ridge, u.subarray(n * E, (n + 1) * E), K);
    for (let k = 0; k < K; k++) rest[n * K + k] = z[n * K + k] - line[k];
  }
  let step = 0;
  const steps = EPOCHS * Math.ceil(N / BATCH);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = random.permutation(N);
    for (let from = 0; from < N; from += BATCH) {
      const batch = order.slice(from, from + BATCH);
      for (const name of names) g[name].fill(0);
      for (const n of batch) {
        const x = u.subarray(n * E, (n + 1) * E);
        const { pre, active } = hiddenOf(p, x);
        const back = new Float64Array(HIDDEN);
        for (let k = 0; k < K; k++) {
          let off = p.c[k] - rest[n * K + k];
          for (let h = 0; h < HIDDEN; h++) off += p.V[k * HIDDEN + h] * active[h];
          const slope = (2 * off) / batch.length;
          g.c[k] += slope;
          for (let h = 0; h < HIDDEN; h++) {
            g.V[k * HIDDEN + h] += slope * active[h];
            back[h] += slope * p.V[k * HIDDEN + h];
          }
        }
        for (let h = 0; h < HIDDEN; h++) {
          const slope = back[h] * geluSlope(pre[h]);
          g.b[h] += slope;
          for (let i = 0; i < E; i++) if (x[i] !== 0) g.A[h * E + i] += slope * x[i];
        }
      }
      step++;
      const rate = RATE * Math.min(1, (2 * (steps - step)) / steps);
      for (const [i, name] of names.entries()) move(p[name], g[name], moments[i], { rate, step });
    }
  }
  return {
    ...{ E, K },
    predict(pattern) {
      const out = ridgeLine(ridge, pattern, K);
      const { active } = hiddenOf(p, pattern);
      for (let k = 0; k < K; k++) {
        out[k] += p.c[k];
        for (let h = 0; h < HIDDEN; h++) out[k] += p.V[k * HIDDEN + h] * active[h];
      }
      return out;
    },
    gradient(pattern, weights) {
      const out = new Float64Array(E);
      const { pre } = hiddenOf(p, pattern);
      for (let k = 0; k < K; k++) for (let i = 0; i < E; i++) out[i] += weights[k] * ridge.weights[k * E + i];
      for (let h = 0; h < HIDDEN; h++) {
        let back = 0;
        for (let k = 0; k < K; k++) back += weights[k] * p.V[k * HIDDEN + h];
        const slope = back * geluSlope(pre[h]);
        for (let i = 0; i < E; i++) out[i] += slope * p.A[h * E + i];
      }
      return out;
    },
  };
}

function ridgeLine({ weights, intercept }: RidgeFit, x: ArrayLike<number>, K: number): Float64Array {
  const E = x.length;
  const out = Float64Array.from(intercept);
  for (let i = 0; i < E; i++) if (x[i] !== 0) for (let k = 0; k < K; k++) out[k] += weights[k * E + i] * x[i];
  return out;
}

function hiddenOf({ A, b }: { A: Float32Array; b: Float32Array }, x: ArrayLike<number>) {
  const E = x.length;
  const pre = Float64Array.from(b);
  for (let i = 0; i < E; i++) if (x[i] !== 0) for (let h = 0; h < HIDDEN; h++) pre[h] += A[h * E + i] * x[i];
  return { pre, active: pre.map(gelu) };
}

/** x times a logistic of 1.702 x (Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415). */
const gelu = (x: number) => x / (1 + Math.exp(-1.702 * x));

function geluSlope(x: number): number {
  const s = 1 / (1 + Math.exp(-1.702 * x));
  return s + 1.702 * x * s * (1 - s);
}

function move(
  p: Float32Array,
  g: Float32Array,
  [m, v]: readonly Float32Array[],
  { rate, step }: { rate: number; step: number },
): void {
  for (let i = 0; i < p.length; i++) {
    m[i] += 0.1 * (g[i] - m[i]);
    v[i] += 0.001 * (g[i] ** 2 - v[i]);
    const size = Math.sqrt(v[i] / (1 - 0.999 ** step)) + 1e-8;
    p[i] -= rate * (m[i] / (1 - 0.9 ** step) / size + DECAY * p[i]);
  }
}

export interface SearchOptions {
  readonly k: number;
  readonly sign: 1 | -1;
  readonly count: number;
  /** What a standard deviation of leak (root mean square over the other features) costs. */
  readonly leakCost: number;
  /** Sets of `count` electrodes to begin from. */
  readonly starts: readonly (readonly number[])[];
}

const EXCHANGES = 40;
/** Electrodes with the steepest gradient that are tried in place of each one chosen. */
const TRIED = 6;

/** The electrodes that the model's gradient chooses for feature k. */
export function chooseByGradient(model: WriteModel, options: SearchOptions): number[] {
  const { E } = model;
  const blank = model.predict(new Float32Array(E));
  let best: { value: number; chosen: number[] } | undefined;
  for (const start of options.starts) {
    let chosen = [...start];
    let value = worthOf(model, chosen, blank, options).value;
    for (let step = 0; step < EXCHANGES; step++) {
      const { slopes } = worthOf(model, chosen, blank, options);
      const gradient = model.gradient(patternOf(chosen, E), slopes);
      const others = Array.from({ length: E }, (_, i) => i)
        .filter((i) => !chosen.includes(i))
        .sort((a, b) => gradient[b] - gradient[a] || a - b)
        .slice(0, TRIED);
      const exchanged = chosen
        .flatMap((old) => others.map((i) => chosen.map((e) => (e === old ? i : e))))
        .map((next) => ({ next, value: worthOf(model, next, blank, options).value }))
        .reduce((a, b) => (b.value > a.value ? b : a));
      if (!(exchanged.value > value + 1e-9)) break;
      chosen = exchanged.next;
      value = exchanged.value;
    }
    if (best === undefined || value > best.value) best = { value, chosen };
  }
  return best!.chosen.sort((a, b) => a - b);
}

function patternOf(electrodes: readonly number[], E: number): Float32Array {
  const pattern = new Float32Array(E);
  for (const e of electrodes) pattern[e] = 1;
  return pattern;
}

/** The target's change less the cost of the leak, and its derivative by each feature. */
function worthOf(model: WriteModel, chosen: readonly number[], blank: Float64Array, options: SearchOptions) {
  const { k, sign, leakCost } = options;
  const change = model.predict(patternOf(chosen, model.E)).map((value, j) => value - blank[j]);
  let square = 0;
  for (let j = 0; j < model.K; j++) if (j !== k) square += change[j] ** 2;
  const leak = Math.sqrt(square / (model.K - 1));
  const slopes = change.map((value, j) =>
    j === k ? sign : -(leakCost * value) / (Math.max(1e-9, leak) * (model.K - 1)),
  );
  return { value: sign * change[k] - leakCost * leak, slopes };
}
