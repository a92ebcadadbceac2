/** Data of a series with what is to follow each, for methods that know all of it ahead. One culture. */
import { Random } from "../math/random.ts";
import { channelsOf } from "../protocol/layout.ts";
import type { Datum } from "../protocol/protocol.ts";
import { seriesOf } from "../tasks/contract.ts";
import { contextOf, presentationStep } from "../tasks/series/contract.ts";
import type { Training } from "./contract.ts";

export interface Lesson {
  readonly datum: Datum;
  /** The electrodes that carry the datum. */
  readonly channels: readonly number[];
  readonly nextClass: number;
  /** Step of the series. */
  readonly step: number;
}

/**
 * The lessons of presentations `[from, to)`. For `yoked` each keeps its datum and gets the next class of another, the same one
 * each time.
 */
export function lessonsOf<M, I>(training: Training<M, I>, from: number, to: number): Lesson[] {
  const { plan, seed, arm } = training;
  if (arm !== "yoked") return Array.from({ length: to - from }, (_, i) => lessonAt(training, from + i));
  const count = plan.cycles * plan.presentations;
  const order = Random.of(seed, "yoked classes").permutation(count);
  return Array.from({ length: to - from }, (_, i) => ({
    ...lessonAt(training, from + i),
    nextClass: lessonAt(training, order[from + i]).nextClass,
  }));
}

function lessonAt<M, I>({ task, cultures }: Training<M, I>, presentation: number): Lesson {
  const [series] = seriesOf(task);
  const [{ roles, frames }] = cultures.layouts;
  const step = presentationStep(series, presentation);
  const datum = { places: [...contextOf(series, step)], volleys: frames.volleys.length };
  return { datum, channels: channelsOf(roles, datum), nextClass: series.labels[step], step };
}
