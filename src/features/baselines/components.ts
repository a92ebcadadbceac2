/**
 * Assemblies by principal and independent components of standardised roots of counts: Peyrache et al. 2010,
 * https://doi.org/10.1007/s10827-009-0154-6; how many are more than noise, by the law of Marchenko and Pastur, Lopes-dos-Santos et
 * al. 2013, https://doi.org/10.1016/j.jneumeth.2013.04.010; FastICA, Hyvarinen 1999, https://doi.org/10.1109/72.761722
 */
import { symmetricEigen } from "../../math/principal.ts";
import type { Random } from "../../math/random.ts";
import { Affine } from "../affine.ts";
import type { Dictionary } from "../contract.ts";
import { dictionaryOf } from "../dictionary.ts";
import { type Transform, transformInPlace } from "../transform.ts";
import { rowsOf, type Windows } from "../windows/windows.ts";
import { leadingEigen } from "./leading.ts";

const MOST_WINDOWS = 12_000;
const ROUNDS = 100;
const ENOUGH = 1e-5;
/** A component is there where its score is above this many standard deviations. */
const THERE_SD = 2;

export interface ComponentOptions {
  /** How many at most; undefined: as many as are more than noise. */
  readonly most?: number;
  readonly transform: Transform;
  readonly random: Random;
}

/** Standardised windows: the mean and scale of each column, and the columns' correlations. */
function standardised(windows: Windows, transform: Transform, most?: number) {
  const D = windows.width;
  const rows = rowsOf(windows, MOST_WINDOWS);
  transformInPlace(rows, transform);
  const N = rows.length / D;
  const [mean, scale] = [new Float64Array(D), new Float64Array(D)];
  for (let i = 0; i < rows.length; i++) mean[i % D] += rows[i] / N;
  for (let i = 0; i < rows.length; i++) scale[i % D] += (rows[i] - mean[i % D]) ** 2 / N;
  for (let d = 0; d < D; d++) scale[d] = Math.sqrt(scale[d]);
  // A silent electrode has no scale and no part.
  for (let i = 0; i < rows.length; i++)
    rows[i] = scale[i % D] > 1e-9 ? (rows[i] - mean[i % D]) / scale[i % D] : 0;
  const correlations = new Float64Array(D * D);
  for (let n = 0; n < N; n++)
    for (let i = 0; i < D; i++) {
      const value = rows[n * D + i];
      if (value !== 0) for (let j = 0; j <= i; j++) correlations[i * D + j] += (value * rows[n * D + j]) / N;
    }
  for (let i = 0; i < D; i++) for (let j = 0; j < i; j++) correlations[j * D + i] = correlations[i * D + j];
  const { values, vectors } = leadingEigen(correlations, D, Math.min(D, most ?? D));
  const bound = (1 + Math.sqrt(D / N)) ** 2;
  return { D, N, rows, mean, scale, values, vectors, beyondNoise: values.filter((v) => v > bound).length };
}

type Standardised = ReturnType<typeof standardised>;

/** How many components the windows have beyond noise. */
export function componentsBeyondNoise(windows: Windows, transform: Transform): number {
  return standardised(windows, transform).beyondNoise;
}

export function principalComponents(windows: Windows, options: ComponentOptions): Dictionary {
  const all = standardised(windows, options.transform, options.most);
  const count = countOf(all, options.most);
  const unmixing = all.vectors.slice(0, count).map((v, k) => v.map((x) => x / Math.sqrt(all.values[k])));
  const mixing = all.vectors.slice(0, count).map((v, k) => v.map((x) => x * Math.sqrt(all.values[k])));
  return oriented("pca", all, { unmixing, mixing, transform: options.transform });
}

export function independentComponents(windows: Windows, options: ComponentOptions): Dictionary {
  const all = standardised(windows, options.transform, options.most);
  const n = countOf(all, options.most);
  const whitening = new Float32Array(n * all.D);
  for (let k = 0; k < n; k++)
    for (let d = 0; d < all.D; d++)
      whitening[k * all.D + d] = all.vectors[k][d] / Math.sqrt(Math.max(1e-12, all.values[k]));
  const white = new Affine(whitening, new Float32Array(n), { width: all.D, batch: all.N })
    .apply(all.rows, all.N)
    .slice();
  const turn = fastIca(white, n, options.random);
  const mixed = (scaleOf: (k: number) => number) =>
    Array.from({ length: n }, (_, i) =>
      Float64Array.from({ length: all.D }, (_, d) => {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += turn[i * n + k] * scaleOf(k) * all.vectors[k][d];
        return sum;
      }),
    );
  return oriented("ica", all, {
    unmixing: mixed((k) => 1 / Math.sqrt(Math.max(1e-12, all.values[k]))),
    mixing: mixed((k) => Math.sqrt(all.values[k])),
    transform: options.transform,
  });
}

function countOf({ values, beyondNoise }: Standardised, most: number | undefined): number {
  const rank = values.filter((value) => value > 1e-9).length;
  return Math.max(1, Math.min(rank, most ?? beyondNoise));
}

/** The rotation `[n, n]` that makes the white rows `[N, n]` independent: symmetric FastICA with tanh. */
function fastIca(white: Float32Array, n: number, random: Random): Float64Array {
  const N = white.length / n;
  let turn = orthogonal(Float64Array.from(random.normals(n * n)), n);
  const affine = new Affine(Float32Array.from(turn), new Float32Array(n), { width: n, batch: N });
  affine.apply(white, N);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) affine.weights[i * affine.length + j] = turn[i * n + j];
    const scores = affine.applyToInputs(N);
    const next = new Float64Array(n * n);
    const slope = new Float64Array(n);
    for (let t = 0; t < N; t++)
      for (let i = 0; i < n; i++) {
        const g = Math.tanh(scores[t * n + i]);
        slope[i] += 1 - g * g;
        for (let j = 0; j < n; j++) next[i * n + j] += g * white[t * n + j];
      }
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) next[i * n + j] = (next[i * n + j] - slope[i] * turn[i * n + j]) / N;
    const now = orthogonal(next, n);
    let change = 0;
    for (let i = 0; i < n; i++) {
      let dot = 0;
      for (let j = 0; j < n; j++) dot += now[i * n + j] * turn[i * n + j];
      change = Math.max(change, 1 - Math.abs(dot));
    }
    turn = now;
    if (change < ENOUGH) break;
  }
  return turn;
}

/** (M M')^(-1/2) M. */
function orthogonal(m: Float64Array, n: number): Float64Array {
  const square = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += m[i * n + k] * m[j * n + k];
      square[i * n + j] = sum;
    }
  const { values, vectors } = symmetricEigen(square, n);
  const root = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        root[i * n + j] += (vectors[k][i] * vectors[k][j]) / Math.sqrt(Math.max(1e-18, values[k]));
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const r = root[i * n + k];
      if (r !== 0) for (let j = 0; j < n; j++) out[i * n + j] += r * m[k * n + j];
    }
  return out;
}

interface Mixing {
  /** Rows that make scores of standardised windows, and rows that scores add to them. */
  readonly unmixing: readonly Float64Array[];
  readonly mixing: readonly Float64Array[];
  readonly transform: Transform;
}

/** A dictionary whose components point to where their scores are skewed. */
function oriented(
  method: "ica" | "pca",
  { D, N, rows, mean, scale }: Standardised,
  { unmixing, mixing, transform }: Mixing,
): Dictionary {
  const K = unmixing.length;
  const encoder = new Float32Array(K * D);
  const decoder = new Float32Array(K * D);
  const encoderBias = new Float32Array(K);
  for (let k = 0; k < K; k++) {
    let skew = 0;
    for (let n = 0; n < N; n++) {
      let score = 0;
      for (let d = 0; d < D; d++) score += rows[n * D + d] * unmixing[k][d];
      skew += score ** 3;
    }
    const sign = skew < 0 ? -1 : 1;
    for (let d = 0; d < D; d++) {
      if (scale[d] < 1e-9) continue;
      encoder[k * D + d] = (sign * unmixing[k][d]) / scale[d];
      decoder[k * D + d] = sign * mixing[k][d] * scale[d];
      encoderBias[k] -= encoder[k * D + d] * mean[d];
    }
  }
  return dictionaryOf(
    method,
    {
      ...{ kind: "linear", transform, activation: "jump", encoder, decoder, encoderBias },
      decoderBias: Float32Array.from(mean),
      thresholds: new Float32Array(K).fill(THERE_SD),
    },
    D,
  );
}
