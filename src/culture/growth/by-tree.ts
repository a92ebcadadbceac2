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
import { farthestMm, nearestMm, type Tree } from "./tree.ts";

const DEEPEST = 64;
/** Axons between two words about progress. */
const TOLD_EVERY = 4096;

/** A distance counts in bins of this width, in reaches of the axon; beyond the last it counts as that. */
const BIN = 0.01;
const BINS = 8192;
/** A branch counts at its centre when its cells' spread, squared, times what can be met in it, is below this. */
const CLOSE_ENOUGH = 0.3;

/** The p0 at which as many synapses as `wanted` are expected: pairs are counted by distance once, near ones one by one. */
export function scaleOverTree(tree: Tree, { vigour, fullReachMm }: ContactLaw, wanted: number): number {
  const pairs = new Float64Array(BINS);
  const { positionsMm, order, from, count, centre, firstLeaf } = tree;
  const stack = new Int32Array(DEEPEST);
  for (let i = 0; i < vigour.length; i++) {
    const [x, y] = [positionsMm[2 * i], positionsMm[2 * i + 1]];
    const perReach = 1 / (fullReachMm * vigour[i]);
    let top = 1;
    stack[0] = 0;
    while (top > 0) {
      const k = stack[--top];
      const nearest = nearestMm(tree, k, x, y);
      const spread = (farthestMm(tree, k, x, y) - nearest) * perReach;
      if (nearest > 0 && count[k] * Math.exp(-nearest * perReach) * spread * spread < CLOSE_ENOUGH) {
        const apart = Math.hypot(x - centre[2 * k], y - centre[2 * k + 1]);
        pairs[binOf(apart * perReach)] += count[k];
      } else if (k < firstLeaf) {
        stack[top++] = 2 * k + 1;
        stack[top++] = 2 * k + 2;
      } else
        for (let at = from[k]; at < from[k] + count[k]; at++)
          if (order[at] !== i) pairs[binOf(distanceMm(positionsMm, i, order[at]) * perReach)]++;
    }
  }
  const nearness = Float64Array.from(pairs, (_, bin) => Math.exp(-BIN * (bin + 0.5)));
  return solveScale(wanted, (p0) =>
    pairs.reduce((sum, number, bin) => sum + number * Math.min(1, p0 * nearness[bin]), 0),
  );
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
  const { positionsMm, vigour, fullReachMm } = law;
  const N = vigour.length;
  /** The cells that axon i meets, and the luck of each pair. */
  let met = new Uint32Array(1024);
  const luckOf = new Float64Array(N);
  for (let i = 0; i < N; i++) {
    if (i % TOLD_EVERY === 0) onGrowth?.(i, N);
    let found = 0;
    candidates({ tree, axon: i, reachMm: fullReachMm * vigour[i], p0, random: luck.split(i) }, (j, u) => {
      if (p0 / u <= 1 || distanceMm(positionsMm, i, j) > fullReachMm * vigour[i] * Math.log(p0 / u)) return;
      if (found === met.length) {
        const larger = new Uint32Array(2 * found);
        larger.set(met);
        met = larger;
      }
      met[found++] = j;
      luckOf[j] = u;
    });
    for (const j of met.subarray(0, found).sort()) {
      const apart = distanceMm(positionsMm, i, j);
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
  const { positionsMm, order, from, count, firstLeaf } = tree;
  const [x, y] = [positionsMm[2 * axon], positionsMm[2 * axon + 1]];
  const stack = new Int32Array(DEEPEST);
  let top = 1;
  while (top > 0) {
    const k = stack[--top];
    const chance = Math.min(1, p0 * Math.exp(-nearestMm(tree, k, x, y) / reachMm));
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
