/**
 * The whole life of a culture's wiring, laid down by its seed: where the somata settle, and on which day each
 * synapse is born. To grow to a day is to take what was born by then, so growing to day d and on to day d' is the
 * same as growing to d'.
 *
 * Neurites reach out from fixed somata, and a synapse forms when the growing reach of an axon takes it to a cell
 * (van Ooyen & van Pelt 1994, "Activity-dependent outgrowth of neurons and overshoot phenomena in developing neural
 * networks", https://doi.org/10.1006/jtbi.1994.1030; Gritsun et al. 2012, "Growth dynamics explain the development of
 * spatiotemporal burst activity of young cultured neuronal networks in detail",
 * https://doi.org/10.1371/journal.pone.0043352). Here the axon of cell i, of vigour v_i, meets cell j at distance
 * d when its luck u_ij, uniform in (0, 1), is below p0 e^(-d / (v_i reach(day))): so it is born on the day on which
 * the reach passes d / (v_i ln(p0 / u_ij)).
 */
import { Random } from "../../math/random.ts";
import { type Ramp, rampAt, rampDay } from "./ramp.ts";

/** Days in vitro up to which a culture can be grown to. */
export const LAST_DAY = 35;

export interface SheetPlan {
  readonly neurons: number;
  readonly excitatoryShare: number;
  /** The rectangle on which somata settle. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** Share of somata that settle in clumps, how many clumps, and their radius (standard deviation). */
  readonly clumpedShare: number;
  readonly clumps: number;
  readonly clumpMm: number;
  /** Length over which an axon's chance to meet a cell falls by e. */
  readonly reachMm: Ramp;
  /** Relative spread of the axons' vigour. */
  readonly vigourSpread: number;
  /** Synapses per neuron when full grown. */
  readonly meanOutDegree: number;
  /** Relative spread of the synapses' strengths. */
  readonly weightSpread: number;
}

/** Every synapse that is born by `LAST_DAY`, as columns ordered by presynaptic, then postsynaptic cell. */
export interface GrowthPlan {
  readonly sheet: SheetPlan;
  readonly positionsMm: Float32Array;
  readonly excitatoryCount: number;
  /** Vigour of each axon: its reach as a multiple of the culture's. */
  readonly vigour: Float32Array;
  readonly pre: Uint16Array;
  readonly post: Uint16Array;
  readonly distanceMm: Float32Array;
  readonly bornDay: Float32Array;
  /** Strength as a multiple of its kind's mean. */
  readonly strength: Float32Array;
}

export function planGrowth(seed: number, sheet: SheetPlan): GrowthPlan {
  const N = sheet.neurons;
  if (!(Number.isInteger(N) && N >= 2 && N <= 65535))
    throw new RangeError(`planGrowth: expected from 2 to 65535 neurons, got ${N}`);
  const positionsMm = settle(Random.of(seed, "somata"), sheet);
  const vigours = Random.of(seed, "vigour");
  const vigour = Float32Array.from({ length: N }, () => Math.exp(sheet.vigourSpread * vigours.normal()));
  const fullReachMm = rampAt(sheet.reachMm, LAST_DAY);
  const p0 = probabilityScale(positionsMm, vigour, fullReachMm, sheet.meanOutDegree);

  const luck = Random.of(seed, "luck");
  const pre: number[] = [];
  const post: number[] = [];
  const distanceMm: number[] = [];
  const bornDay: number[] = [];
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) {
      const chance = p0 / luck.uniform();
      if (i === j || chance <= 1) continue;
      const apart = distance(positionsMm, i, j);
      const neededMm = apart / (vigour[i] * Math.log(chance));
      if (neededMm > fullReachMm) continue;
      pre.push(i);
      post.push(j);
      distanceMm.push(apart);
      bornDay.push(rampDay(sheet.reachMm, neededMm));
    }
  const strengths = Random.of(seed, "strength");
  return {
    sheet,
    positionsMm,
    excitatoryCount: Math.round(N * sheet.excitatoryShare),
    vigour,
    pre: Uint16Array.from(pre),
    post: Uint16Array.from(post),
    distanceMm: Float32Array.from(distanceMm),
    bornDay: Float32Array.from(bornDay),
    strength: Float32Array.from(pre, () => Math.max(0.1, 1 + sheet.weightSpread * strengths.normal())),
  };
}

/** The kind of synapse k: from, to, e for excitatory and i for inhibitory. */
export function kindOf(plan: GrowthPlan, k: number): "ee" | "ei" | "ie" | "ii" {
  const from = plan.pre[k] < plan.excitatoryCount ? "e" : "i";
  return `${from}${plan.post[k] < plan.excitatoryCount ? "e" : "i"}`;
}

/** Somata of both kinds, uniform in the rectangle but for those in clumps. */
function settle(random: Random, sheet: SheetPlan): Float32Array {
  const { neurons, widthMm, heightMm, clumpedShare, clumps, clumpMm } = sheet;
  const sidesMm = [widthMm, heightMm];
  const centres = Array.from({ length: 2 * clumps }, (_, i) => random.uniform() * sidesMm[i % 2]);
  const positions = new Float32Array(2 * neurons);
  for (let i = 0; i < neurons; i++) {
    const clump = random.uniform() < clumpedShare ? random.integer(clumps) : undefined;
    for (const axis of [0, 1]) {
      const at =
        clump === undefined
          ? random.uniform() * sidesMm[axis]
          : centres[2 * clump + axis] + clumpMm * random.normal();
      positions[2 * i + axis] = reflect(at, sidesMm[axis]);
    }
  }
  return positions;
}

/** Brings a point beyond the edge back inside, as if mirrored there. */
function reflect(at: number, sideMm: number): number {
  const folded = Math.abs(at) % (2 * sideMm);
  return folded < sideMm ? folded : 2 * sideMm - folded;
}

function distance(positionsMm: Float32Array, i: number, j: number): number {
  const dx = positionsMm[2 * i] - positionsMm[2 * j];
  const dy = positionsMm[2 * i + 1] - positionsMm[2 * j + 1];
  return Math.sqrt(dx * dx + dy * dy);
}

/** The p0 at which the expected out-degree, the mean over cells of sum_j min(1, p0 e^(-d / reach)), is as wanted. */
function probabilityScale(
  positionsMm: Float32Array,
  vigour: Float32Array,
  reachMm: number,
  meanOutDegree: number,
): number {
  const N = vigour.length;
  const wanted = meanOutDegree * N;
  if (wanted > N * (N - 1))
    throw new RangeError(`planGrowth: ${N} neurons cannot have ${meanOutDegree} synapses each`);
  const nearness = new Float32Array(N * N);
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++)
      if (i !== j) nearness[i * N + j] = Math.exp(-distance(positionsMm, i, j) / (reachMm * vigour[i]));
  const expected = (p0: number) => {
    let sum = 0;
    for (const value of nearness) sum += Math.min(1, p0 * value);
    return sum;
  };
  let [low, high] = [0, 1];
  while (expected(high) < wanted) [low, high] = [high, 2 * high];
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2;
    if (expected(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}
