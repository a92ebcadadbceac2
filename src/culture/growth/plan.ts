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
import type { Places } from "../anatomy.ts";
import type { Indices } from "../indices.ts";
import { meetOverTree, scaleOverTree } from "./by-tree.ts";
import { type Meet, meetOverPairs, scaleOverPairs } from "./every-pair.ts";
import type { OnGrowth } from "./law.ts";
import { rampAt, rampDay } from "./ramp.ts";
import type { SheetPlan } from "./sheet.ts";
import { numberByPlace, settle, settleInBall } from "./somata.ts";
import { SynapseColumns } from "./synapse-columns.ts";
import { treeOf } from "./tree.ts";

/** Days in vitro up to which a culture can be grown to. */
export const LAST_DAY = 35;

/** Every synapse that is born by `LAST_DAY`, as columns ordered by presynaptic, then postsynaptic cell. */
export interface GrowthPlan extends Places {
  readonly sheet: SheetPlan;
  readonly excitatoryCount: number;
  /** Vigour of each axon: its reach as a multiple of the culture's. */
  readonly vigour: Float32Array;
  readonly pre: Indices;
  readonly post: Indices;
  readonly distanceMm: Float32Array;
  readonly bornDay: Float32Array;
  /** Strength as a multiple of its kind's mean. */
  readonly strength: Float32Array;
}

/** Up to this many neurons every pair is asked; of more, those that meet are drawn (by-tree.ts), by the same law. */
export const MOST_BY_PAIRS = 4096;

/** The whole life of a sheet's wiring. `onGrowth` is told of the axons of a large one as they meet their cells. */
export function planGrowth(seed: number, sheet: SheetPlan, onGrowth?: OnGrowth): GrowthPlan {
  const N = sheet.neurons;
  if (!(Number.isInteger(N) && N >= 2))
    throw new RangeError(`planGrowth: expected at least 2 neurons, got ${N}`);
  const wanted = sheet.meanOutDegree * N;
  if (wanted > N * (N - 1))
    throw new RangeError(`planGrowth: ${N} neurons cannot have ${sheet.meanOutDegree} synapses each`);
  const excitatoryCount = Math.round(N * sheet.excitatoryShare);
  const somata = Random.of(seed, "somata");
  const settled = sheet.ball ? settleInBall(somata, N, sheet.ball) : { positionsMm: settle(somata, sheet) };
  const places: Places = N > MOST_BY_PAIRS ? numberByPlace(settled, excitatoryCount) : settled;
  const vigours = Random.of(seed, "vigour");
  const vigour = Float32Array.from({ length: N }, () => Math.exp(sheet.vigourSpread * vigours.normal()));
  const law = { ...places, vigour, fullReachMm: rampAt(sheet.reachMm, LAST_DAY) };

  const synapses = new SynapseColumns(N, wanted);
  const meet: Meet = (pre, post, apart, neededMm) =>
    synapses.add(pre, post, apart, rampDay(sheet.reachMm, neededMm));
  const luck = Random.of(seed, "luck");
  if (N > MOST_BY_PAIRS) {
    const tree = treeOf(places);
    meetOverTree({ tree, law, p0: scaleOverTree(tree, law, wanted), luck, onGrowth }, meet);
  } else meetOverPairs(law, scaleOverPairs(law, wanted), luck, meet);
  const columns = synapses.columns();
  const strengths = Random.of(seed, "strength");
  return {
    sheet,
    ...places,
    excitatoryCount,
    vigour,
    ...columns,
    strength: Float32Array.from(columns.pre, () =>
      Math.max(0.1, 1 + sheet.weightSpread * strengths.normal()),
    ),
  };
}

/** The kind of synapse k: from, to, e for excitatory and i for inhibitory. */
export function kindOf(plan: GrowthPlan, k: number): "ee" | "ei" | "ie" | "ii" {
  if (plan.pre[k] < plan.excitatoryCount) return plan.post[k] < plan.excitatoryCount ? "ee" : "ei";
  return plan.post[k] < plan.excitatoryCount ? "ie" : "ii";
}
