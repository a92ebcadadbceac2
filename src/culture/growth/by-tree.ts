/**
 * Growth in time linear in synapses: of a branch of the tree that is so far away that hardly a cell of it can be met, the
 * candidates are drawn by their distance from one another (geometric, at the chance of its nearest point), and each is
 * accepted by how much less likely it is itself: the same law as that of every pair, to the last digit, by thinning. Lewis &
 * Shedler 1979, https://doi.org/10.1002/nav.3800260304
 *
 * An axon's draws are a stream of its own, so they do not depend on who else is drawn, or in which order.
 */
import type { Random } from "../../math/random.ts";
import type { Meet } from "./every-pair.ts";
import { type ContactLaw, distanceMm, type OnGrowth, solveScale } from "./law.ts";
import { centralMm, farthestMm, nearestMm, type Tree } from "./tree.ts";

const DEEPEST = 64;
/** Axons between two words about progress. */
const TOLD_EVERY = 4096;

/** A distance counts in bins of this width, in reaches of the axon; beyond the last it counts as that. */
const BIN = 0.01;
const BINS = 8192;
/** A branch counts at its centre when its cells' spread, squared, times what can be met in it at p0 = 1, is below this: of a sheet. */
const CLOSE_ENOUGH = 0.3;
/** In space hardly a branch is far enough away: of every axon, the distances to so many cells along the curve are counted instead. */
const SAMPLED_CELLS = 256;
/** Whose multiples, less their whole parts, are even in [0, 1). */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The p0 at which as many synapses as `wanted` are expected: pairs are counted by distance once. */
export function scaleOverTree(tree: Tree, law: ContactLaw, wanted: number): number {
  const pairs = law.heightsMm === undefined ? pairsOnSheet(tree, law) : pairsInSpace(tree, law);
  const nearness = Float64Array.from(pairs, (_, bin) => Math.exp(-BIN * (bin + 0.5)));
  return solveScale(wanted, (p0) =>
    pairs.reduce((sum, number, bin) => sum + number * Math.min(1, p0 * nearness[bin]), 0),
  );
}

/** Pairs by their distance: near ones one by one. */
function pairsOnSheet(tree: Tree, { vigour, fullReachMm }: ContactLaw): Float64Array {
  const pairs = new Float64Array(BINS);
  const { places, order, from, count, firstLeaf } = tree;
  const stack = new Int32Array(DEEPEST);
  for (let i = 0; i < vigour.length; i++) {
    const perReach = 1 / (fullReachMm * vigour[i]);
    let top = 1;
    stack[0] = 0;
    while (top > 0) {
      const k = stack[--top];
      const nearest = nearestMm(tree, k, i);
      const spread = (farthestMm(tree, k, i) - nearest) * perReach;
      if (nearest > 0 && count[k] * Math.exp(-nearest * perReach) * spread * spread < CLOSE_ENOUGH)
        pairs[binOf(centralMm(tree, k, i) * perReach)] += count[k];
      else if (k < firstLeaf) {
        stack[top++] = 2 * k + 1;
        stack[top++] = 2 * k + 2;
      } else
        for (let at = from[k]; at < from[k] + count[k]; at++)
          if (order[at] !== i) pairs[binOf(distanceMm(places, i, order[at]) * perReach)]++;
    }
  }
  return pairs;
}

/** The same, each sampled cell in place of its neighbours along the curve; another one for each axon. */
function pairsInSpace({ places, order }: Tree, { vigour, fullReachMm }: ContactLaw): Float64Array {
  const pairs = new Float64Array(BINS);
  const stride = Math.max(1, order.length / SAMPLED_CELLS);
  for (let i = 0; i < vigour.length; i++)
    for (let at = stride * ((i * GOLDEN) % 1); at < order.length; at += stride) {
      const j = order[Math.floor(at)];
      if (j !== i) pairs[binOf(distanceMm(places, i, j) / (fullReachMm * vigour[i]))] += stride;
    }
  return pairs;
}

function binOf(reaches: number): number {
  return Math.min(BINS - 1, Math.floor(reaches / BIN));
}

export interface Drawing {
  readonly tree: Tree;
  readonly law: ContactLaw;
  readonly p0: number;
  readonly luck: Random;
  readonly onGrowth?: OnGrowth | undefined;
}

/** Calls `meet` for each pair that meets, by axon, then by the cell met. */
export function meetOverTree({ tree, law, p0, luck, onGrowth }: Drawing, meet: Meet): void {
  const { vigour, fullReachMm } = law;
  const N = vigour.length;
  /** The cells that axon i meets, and the luck of each pair. */
  let met = new Uint32Array(1024);
  const luckOf = new Float64Array(N);
  for (let i = 0; i < N; i++) {
    if (i % TOLD_EVERY === 0) onGrowth?.(i, N);
    let found = 0;
    candidates({ tree, axon: i, reachMm: fullReachMm * vigour[i], p0, random: luck.split(i) }, (j, u) => {
      if (p0 / u <= 1 || distanceMm(law, i, j) > fullReachMm * vigour[i] * Math.log(p0 / u)) return;
      if (found === met.length) {
        const larger = new Uint32Array(2 * found);
        larger.set(met);
        met = larger;
      }
      met[found++] = j;
      luckOf[j] = u;
    });
    for (const j of met.subarray(0, found).sort()) {
      const apart = distanceMm(law, i, j);
      meet(i, j, apart, apart / (vigour[i] * Math.log(p0 / luckOf[j])));
    }
  }
  onGrowth?.(N, N);
}

interface Axon {
  readonly tree: Tree;
  readonly axon: number;
  readonly reachMm: number;
  readonly p0: number;
  readonly random: Random;
}

/** Cells with a luck uniform below the chance of the nearest point of their branch: those that can be met are among them. */
function candidates(
  { tree, axon, reachMm, p0, random }: Axon,
  see: (cell: number, luck: number) => void,
): void {
  const { order, from, count, firstLeaf } = tree;
  const stack = new Int32Array(DEEPEST);
  let top = 1;
  while (top > 0) {
    const k = stack[--top];
    const chance = Math.min(1, p0 * Math.exp(-nearestMm(tree, k, axon) / reachMm));
    if (k < firstLeaf && count[k] * chance > 1) {
      stack[top++] = 2 * k + 1;
      stack[top++] = 2 * k + 2;
      continue;
    }
    const end = from[k] + count[k];
    const perStep = 1 / Math.log1p(-chance);
    for (let at = from[k]; ; at++) {
      at += Math.floor(Math.log(random.uniform()) * perStep);
      if (at >= end) break;
      if (order[at] !== axon) see(order[at], chance * random.uniform());
    }
  }
}
