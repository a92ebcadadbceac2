/**
 * What the synapses hold: the direct synapses from the cells of a place to those of a class, read additively, with no spike,
 * threshold or inhibition in between. The class whose sum over the datum's places is largest is said.
 *
 * `summed`: strengths as they add up in the cells. `perSynapse`: their mean, so that a place with more synapses onto a class has
 * no more say. Where the summed reading is worse than that per synapse, the anatomy is what is short; where the tissue says less
 * than the summed reading, its answering is; where both readings are low, the learning.
 *
 * Legend: M synapses, P places, K classes, T held-out steps.
 */
import type { TissueImage } from "../../device/simulated/image.ts";
import { channelsOf, type Layout } from "../../protocol/layout.ts";
import { accuracy } from "../../tasks/measures/score.ts";
import { type CodedSeries, contextOf } from "../../tasks/series/contract.ts";

/** Accuracy on held-out data. */
export interface Holding {
  readonly summed: number;
  readonly perSynapse: number;
}

/** A cell belongs to a place if a pulse there takes it so far from rest to threshold: background does the rest. */
const DRIVEN = 0.75;

/**
 * What joins places and classes: excitatory synapses onto excitatory cells that class electrodes see. It stays as it is while the
 * strengths change.
 */
export interface Joins {
  /** Each synapse, ascending, as often as it joins a place and a class: its index, where in `[P, K]`, how well its cell is seen. */
  readonly synapses: Int32Array;
  readonly pairs: Int32Array;
  readonly seen: Float32Array;
  /** `[P, K]` number of synapses, each weighted by how well the cell that it ends on is seen. */
  readonly count: Float64Array;
}

export function joinsOf(
  { anatomy, parameters, synapses, coupling }: TissueImage,
  layout: Layout,
  patterns: readonly (readonly number[])[],
): Joins {
  const P = layout.roles.sensory.length;
  const K = patterns.length;
  const E = anatomy.excitatoryCount;
  const { restMv, thresholdMv } = parameters;
  const placesOf = Array.from({ length: E }, (): number[] => []);
  for (let place = 0; place < P; place++) {
    const channels = channelsOf(layout.roles, { places: [place], volleys: 1 });
    const cells = coupling.reach
      .filter(({ channel }) => channels.includes(channel))
      .flatMap(({ neurons, millivolts }) =>
        [...neurons].filter((cell, i) => cell < E && millivolts[i] >= DRIVEN * (thresholdMv - restMv)),
      );
    for (const cell of new Set(cells)) placesOf[cell].push(place);
  }
  const classesOf = Array.from({ length: E }, (_, cell) =>
    [...patterns.keys()].filter((k) => patterns[k].includes(coupling.seenOn[cell])),
  );
  const [joining, pairs, seen]: [number[], number[], number[]] = [[], [], []];
  const count = new Float64Array(P * K);
  const { pre, post } = synapses;
  for (let m = 0; m < pre.length; m++) {
    if (pre[m] >= E || post[m] >= E) continue;
    for (const place of placesOf[pre[m]])
      for (const k of classesOf[post[m]]) {
        joining.push(m);
        pairs.push(place * K + k);
        seen.push(coupling.detection[post[m]]);
        count[place * K + k] += coupling.detection[post[m]];
      }
  }
  return {
    synapses: Int32Array.from(joining),
    pairs: Int32Array.from(pairs),
    seen: Float32Array.from(seen),
    count,
  };
}

/** `[P, K]` strengths `[M]` of synapses, summed over those that join a place and a class, each weighted as it is seen. */
export function joinedStrength(
  { synapses, pairs, seen, count }: Joins,
  strengths: Float32Array,
): Float64Array {
  const sums = new Float64Array(count.length);
  for (let i = 0; i < pairs.length; i++) sums[pairs[i]] += seen[i] * strengths[synapses[i]];
  return sums;
}

/**
 * How often the class with the largest sum over the datum's places is the next, on the held-out steps of a series, with these
 * strengths `[M]` of synapses.
 */
export function holdingOf(joins: Joins, strengths: Float32Array, series: CodedSeries): Holding {
  const { test, classCount: K, labels } = series;
  const { count } = joins;
  const strength = joinedStrength(joins, strengths);
  const right = (weight: (at: number) => number) => {
    const sums = new Float64Array((test.end - test.start) * K);
    for (let t = test.start; t < test.end; t++)
      for (const place of contextOf(series, t))
        for (let k = 0; k < K; k++) sums[(t - test.start) * K + k] += weight(place * K + k);
    return accuracy(sums, labels.subarray(test.start, test.end), K);
  };
  return {
    summed: right((at) => strength[at]),
    perSynapse: right((at) => (count[at] > 0 ? strength[at] / count[at] : 0)),
  };
}
