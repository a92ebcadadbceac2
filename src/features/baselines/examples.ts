/** Dictionaries of examples: windows of the data drawn at random (the floor of every score of directions), and centres of clusters. */
import { kMeans } from "../../math/cluster.ts";
import type { Random } from "../../math/random.ts";
import type { Dictionary, Method } from "../contract.ts";
import { dictionaryOf } from "../dictionary.ts";
import { type Transform, transformInPlace } from "../transform.ts";
import { rowsOf, type Windows } from "../windows/windows.ts";

const MOST_WINDOWS = 8_000;

export interface ExampleOptions {
  readonly features: number;
  readonly transform: Transform;
  readonly random: Random;
  /** Features of a window on average, by which thresholds are set. */
  readonly k: number;
}

export function randomWindows(
  windows: Windows,
  { features: K, transform, random, k }: ExampleOptions,
): Dictionary {
  const rows = transformed(windows, transform);
  const D = windows.width;
  const full = Array.from({ length: rows.length / D }, (_, n) => n).filter((n) =>
    rows.subarray(n * D, (n + 1) * D).some((value) => value !== 0),
  );
  const centres = new Float32Array(K * D);
  for (let i = 0; i < K; i++) {
    const n = full[random.integer(full.length)];
    centres.set(rows.subarray(n * D, (n + 1) * D), i * D);
  }
  return ofCentres("windows", centres, { rows, D, transform, share: k / K });
}

export function clusterCentres(
  windows: Windows,
  { features: K, transform, random, k }: ExampleOptions,
): Dictionary {
  const rows = transformed(windows, transform);
  const D = windows.width;
  const { centres } = kMeans(Float64Array.from(rows), D, K, { random, starts: 1, iterations: 30 });
  return ofCentres("kmeans", Float32Array.from(centres), { rows, D, transform, share: k / K });
}

function transformed(windows: Windows, transform: Transform): Float32Array {
  const rows = rowsOf(windows, MOST_WINDOWS);
  transformInPlace(rows, transform);
  return rows;
}

/** Codes: of clusters the nearest one; of windows the projection on each, above what a `share` of windows exceeds. */
function ofCentres(
  method: Method,
  centres: Float32Array,
  at: { rows: Float32Array; D: number; transform: Transform; share: number },
): Dictionary {
  const { rows, D, transform, share } = at;
  const K = centres.length / D;
  const encoder = centres.slice();
  const encoderBias = new Float32Array(K);
  const thresholds = new Float32Array(K);
  for (let k = 0; k < K; k++) {
    const row = encoder.subarray(k * D, (k + 1) * D);
    const square = row.reduce((sum, value) => sum + value * value, 0);
    if (method === "kmeans") encoderBias[k] = -square / 2;
    else for (let d = 0; d < D; d++) row[d] /= Math.sqrt(square) || 1;
  }
  if (method === "windows") {
    const N = rows.length / D;
    const scores = new Float32Array(N);
    for (let k = 0; k < K; k++) {
      for (let n = 0; n < N; n++) {
        scores[n] = 0;
        for (let d = 0; d < D; d++) scores[n] += rows[n * D + d] * encoder[k * D + d];
      }
      thresholds[k] = scores.toSorted()[Math.min(N - 1, Math.floor(N * (1 - share)))];
    }
  }
  const activation = method === "kmeans" ? "largest" : "jump";
  return dictionaryOf(
    method,
    {
      ...{ kind: "linear", transform, activation, encoder, encoderBias, thresholds },
      decoder: centres,
      decoderBias: new Float32Array(D),
    },
    D,
  );
}
