/**
 * A world whose features are known: sets of electrodes that fire together, more of them than there are electrodes, correlated and
 * nested, seen as Poisson counts. After SynthSAEBench (https://arxiv.org/abs/2602.14687), with counts for activations.
 */
import { drawPoisson } from "../../math/poisson.ts";
import type { Random } from "../../math/random.ts";
import { normalCdf } from "../../math/student.ts";
import type { PlantedWorld } from "./planted.ts";

export interface ToyOptions {
  /** D */
  readonly electrodes?: number;
  /** K */
  readonly features: number;
  /** Mean number of features in a window. Default: as frequencies of 0.4 to 8 % give it. */
  readonly perWindow?: number;
  readonly windows: number;
  /** Spikes of a feature at amplitude 1. */
  readonly spikes?: number;
}

const MEAN_SIZE = 6;
const LEAST_SIZE = 3;
const COPULA = { rank: 8, share: 0.4 };
const CHILDREN = 0.25;
/** A child is there in this share of its parent's windows. */
const OF_PARENT = 0.5;

/** The world of a stream of random numbers. */
export function toyWorld(random: Random, options: ToyOptions): PlantedWorld {
  const {
    electrodes: D = 64,
    features: K,
    windows: N,
    spikes = 14,
    perWindow = K === 128 ? 3 : 6.5,
  } = options;
  const shape = random.split("features");
  const directions = new Float32Array(K * D);
  for (let k = 0; k < K; k++) {
    const size = Math.min(D, Math.max(LEAST_SIZE, drawPoisson(shape, MEAN_SIZE)));
    const members = shape.permutation(D).slice(0, size);
    let sum = 0;
    for (const d of members) sum += directions[k * D + d] = Math.exp(0.4 * shape.normal());
    for (const d of members) directions[k * D + d] /= sum;
  }
  const background = Float32Array.from({ length: D }, () => 0.25 * Math.exp(0.5 * shape.normal()));
  const frequency = Float64Array.from({ length: K }, () => 0.004 * 20 ** shape.uniform());
  // Parents stand before their children.
  const parent = Int32Array.from({ length: K }, (_, k) =>
    k > 0 && k >= K * (1 - CHILDREN) ? shape.integer(Math.floor(K * (1 - CHILDREN))) : -1,
  );
  for (let k = 0; k < K; k++) if (parent[k] >= 0) frequency[k] = OF_PARENT * frequency[parent[k]];
  const scale = perWindow / frequency.reduce((sum, f) => sum + f, 0);
  for (let k = 0; k < K; k++) frequency[k] = Math.min(0.5, frequency[k] * scale);

  const loadings = shape.normals(K * COPULA.rank);
  for (let k = 0; k < K; k++) {
    let norm = 0;
    for (let r = 0; r < COPULA.rank; r++) norm += loadings[k * COPULA.rank + r] ** 2;
    for (let r = 0; r < COPULA.rank; r++) loadings[k * COPULA.rank + r] *= Math.sqrt(COPULA.share / norm);
  }
  const draw = random.split("windows");
  const counts = new Uint16Array(N * D);
  const amplitudes = new Float32Array(N * K);
  const rate = new Float64Array(D);
  const common = new Float64Array(COPULA.rank);
  for (let n = 0; n < N; n++) {
    for (let r = 0; r < COPULA.rank; r++) common[r] = draw.normal();
    rate.set(background);
    for (let k = 0; k < K; k++) {
      let isThere: boolean;
      if (parent[k] >= 0) isThere = amplitudes[n * K + parent[k]] > 0 && draw.uniform() < OF_PARENT;
      else {
        let z = Math.sqrt(1 - COPULA.share) * draw.normal();
        for (let r = 0; r < COPULA.rank; r++) z += loadings[k * COPULA.rank + r] * common[r];
        isThere = normalCdf(z) < frequency[k];
      }
      if (!isThere) continue;
      const amplitude = spikes * Math.exp(-0.08 + 0.4 * draw.normal());
      amplitudes[n * K + k] = amplitude;
      for (let d = 0; d < D; d++) rate[d] += amplitude * directions[k * D + d];
    }
    for (let d = 0; d < D; d++) counts[n * D + d] = drawPoisson(draw, rate[d]);
  }
  return { D, K, N, directions, background, parent, amplitudes, counts };
}
