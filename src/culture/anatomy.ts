/**
 * What a culture is made of before it lives: where its somata lie and which synapse joins which cells. An anatomy
 * is plain data; `growSheet` makes the static sheet, src/culture/growth/ makes grown ones.
 */
import { Random } from "../math/random.ts";
import type { Indices } from "./indices.ts";

/** Synapses as columns; entry k goes from cell `pre[k]` to cell `post[k]`. */
export interface Synapses {
  readonly pre: Indices;
  readonly post: Indices;
  readonly delayMs: Float32Array;
  /** Conductance of one spike through a rested synapse, in units of the leak conductance. */
  readonly weight: Float32Array;
}

export interface Places {
  /** x, y of each soma, `[N, 2]`. */
  readonly positionsMm: Float32Array;
  /** z of each soma over the plane of the electrodes, `[N]`; 0 of all where not given. */
  readonly heightsMm?: Float32Array;
}

export interface Anatomy extends Places {
  /** Cells 0 .. excitatoryCount - 1 are excitatory, the rest inhibitory. */
  readonly excitatoryCount: number;
  readonly synapses: Synapses;
}

export interface SheetOptions {
  readonly neurons: number;
  readonly excitatoryShare: number;
  readonly sideMm: number;
  /** Length over which the probability of a connection falls by e. */
  readonly reachMm: number;
  readonly meanOutDegree: number;
  readonly minimumDelayMs: number;
  readonly conductionMmPerMs: number;
  /** Mean initial weight by kind of synapse, and its relative spread. */
  readonly weight: { readonly ee: number; readonly ei: number; readonly ie: number; readonly ii: number };
  readonly weightSpread: number;
}

export const sheetDefaults: SheetOptions = {
  neurons: 1000,
  excitatoryShare: 0.8,
  sideMm: 1.6,
  reachMm: 0.4,
  meanOutDegree: 100,
  minimumDelayMs: 1,
  conductionMmPerMs: 0.3,
  weight: { ee: 0.03, ei: 0.05, ie: 0.15, ii: 0.1 },
  weightSpread: 0.3,
};

/** Excitatory and inhibitory neurons together. */
export function neuronCount(anatomy: Anatomy): number {
  return anatomy.positionsMm.length / 2;
}

/** For which there is a place on the curve that numbers them (growth/curve.ts); memory ends sooner (size.ts). */
export const MOST_NEURONS = 2 ** 22;
const LONGEST_DELAY_MS = 1000;

/** Throws one line naming the first thing that cannot be. */
export function checkAnatomy(anatomy: Anatomy): void {
  const N = neuronCount(anatomy);
  const { pre, post, delayMs, weight } = anatomy.synapses;
  if (!Number.isInteger(N) || N < 1 || N > MOST_NEURONS)
    throw new RangeError(`anatomy: expected 1 to ${MOST_NEURONS} neurons, got ${N}`);
  if (anatomy.heightsMm !== undefined && anatomy.heightsMm.length !== N)
    throw new RangeError(`anatomy: expected ${N} heights, got ${anatomy.heightsMm.length}`);
  if (!(anatomy.excitatoryCount >= 0 && anatomy.excitatoryCount <= N))
    throw new RangeError(`anatomy: excitatoryCount must be 0 to ${N}, got ${anatomy.excitatoryCount}`);
  if ([post, delayMs, weight].some((column) => column.length !== pre.length))
    throw new RangeError(
      `anatomy: synapse columns differ in length: ${[pre, post, delayMs, weight].map((c) => c.length)}`,
    );
  for (let k = 0; k < pre.length; k++)
    if (!(pre[k] < N && post[k] < N && delayMs[k] <= LONGEST_DELAY_MS && weight[k] >= 0 && weight[k] < 1e6))
      throw new RangeError(
        `anatomy: synapse ${k} cannot be: ${pre[k]} -> ${post[k]}, delay ${delayMs[k]} ms, weight ${weight[k]}`,
      );
}

/** Somata uniform in a square; cell i reaches cell j with probability min(1, p0 e^(-distance / reach)). */
export function growSheet(seed: number, options: Partial<SheetOptions> = {}): Anatomy {
  const o = { ...sheetDefaults, ...options };
  const N = o.neurons;
  const excitatoryCount = Math.round(N * o.excitatoryShare);
  const random = Random.of(seed, "sheet");
  const positionsMm = Float32Array.from({ length: 2 * N }, () => random.uniform() * o.sideMm);
  const nearness = pairNearness(positionsMm, o.reachMm);
  const p0 = solveProbability(nearness, o.meanOutDegree * N);

  const pre: number[] = [];
  const post: number[] = [];
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++)
      if (random.uniform() < p0 * nearness[i * N + j]) {
        pre.push(i);
        post.push(j);
      }
  const weight = new Float32Array(pre.length);
  const delayMs = new Float32Array(pre.length);
  for (let k = 0; k < pre.length; k++) {
    const [i, j] = [pre[k], post[k]];
    const from = i < excitatoryCount ? "e" : "i";
    const mean = o.weight[`${from}${j < excitatoryCount ? "e" : "i"}`];
    weight[k] = mean * Math.max(0.1, 1 + o.weightSpread * random.normal());
    delayMs[k] = o.minimumDelayMs + distance(positionsMm, i, j) / o.conductionMmPerMs;
  }
  return {
    positionsMm,
    excitatoryCount,
    synapses: { pre: Uint16Array.from(pre), post: Uint16Array.from(post), delayMs, weight },
  };
}

function distance(positionsMm: Float32Array, i: number, j: number): number {
  const dx = positionsMm[2 * i] - positionsMm[2 * j];
  const dy = positionsMm[2 * i + 1] - positionsMm[2 * j + 1];
  return Math.sqrt(dx * dx + dy * dy);
}

/** e^(-distance / reach) for every ordered pair, `[N, N]`, 0 on the diagonal. */
function pairNearness(positionsMm: Float32Array, reachMm: number): Float32Array {
  const N = positionsMm.length / 2;
  const nearness = new Float32Array(N * N);
  for (let i = 0; i < N; i++)
    for (let j = 0; j < i; j++) {
      const value = Math.exp(-distance(positionsMm, i, j) / reachMm);
      nearness[i * N + j] = value;
      nearness[j * N + i] = value;
    }
  return nearness;
}

/** The p0 at which the expected number of synapses, sum of min(1, p0 nearness), is `wanted` (bisection). */
function solveProbability(nearness: Float32Array, wanted: number): number {
  const expected = (p0: number) => {
    let sum = 0;
    for (let k = 0; k < nearness.length; k++) sum += Math.min(1, p0 * nearness[k]);
    return sum;
  };
  let [low, high] = [0, 1];
  while (expected(high) < wanted) {
    if (high > 1e9) throw new RangeError(`growSheet: too few neurons for ${wanted} synapses`);
    high *= 2;
  }
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (expected(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}
