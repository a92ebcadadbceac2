/**
 * Where a write is needed: the class that should be said does not lead the best of the others by a margin. Teaching what is
 * known already only wears the synapses of other data down; a perceptron, too, learns from its mistakes alone (Rosenblatt 1958,
 * https://doi.org/10.1037/h0042519; with a margin: Krauth & Mezard 1987, https://doi.org/10.1088/0305-4470/20/11/013).
 *
 * Legend: B bins, C channels, K classes.
 */
import type { Layout } from "../../protocol/layout.ts";
import { readByCounts } from "../../protocol/reading.ts";

/** What a culture answered to a datum that was read. */
export interface Answer {
  /** Spikes on the electrodes of each class, `[K]`. */
  readonly scores: Float64Array;
  /** The class that should be said, and the other that leads; -1 where nothing should be said, or there is no other. */
  readonly target: number;
  readonly rival: number;
}

/** Spikes on each of these electrodes in counts `[B, C]` as read, outside the datum's own bin. */
export function readElectrodes(
  counts: Float32Array,
  { protocol, channels }: Pick<Layout, "protocol" | "channels">,
  electrodes: readonly number[],
): Float64Array {
  return readByCounts(counts, { bins: protocol.bins, channels, patterns: electrodes.map((one) => [one]) });
}

/** Of counts `[B, C]` as read. */
export function answerOf(
  counts: Float32Array,
  { protocol, channels }: Pick<Layout, "protocol" | "channels">,
  patterns: readonly (readonly number[])[],
  target: number,
): Answer {
  const scores = readByCounts(counts, { bins: protocol.bins, channels, patterns });
  let rival = -1;
  scores.forEach((score, k) => {
    if (k !== target && (rival < 0 || score > scores[rival])) rival = k;
  });
  return { scores, target, rival };
}

/** Spikes by which the right class leads; below 0 where another does. Infinite where there is nothing to say. */
export function leadOf({ scores, target, rival }: Answer): number {
  return target < 0 || rival < 0 ? Number.POSITIVE_INFINITY : scores[target] - scores[rival];
}
