/**
 * What the model of learning predicted, against what came: whenever a datum is read again, how the answer of each electrode changed since
 * it was read last, by how that electrode was written then. Beside the model stand "no change" and "the mean change of this kind so
 * far", all three from what the filter believed of the electrode when the datum was read last, so that they differ in the change alone.
 * Only what was fitted before is used.
 */
import { DELAYS_MS } from "./constants.ts";
import type { Filter } from "./filter.ts";
import { isWritten, keyOf, type Presented } from "./presented.ts";

/** Sums over readings of electrodes, so that cycles and seeds can be added up. */
export interface PredictedChange {
  readonly count: number;
  /** Spikes. */
  readonly predicted: number;
  readonly measured: number;
  /** Squared errors of the predictions, by who predicted. */
  readonly noChange: number;
  readonly meanChange: number;
  readonly model: number;
}

export interface PredictedChanges {
  /** By how the electrode was written when its datum was shown last: `1.2 ms`, ..., `not`. */
  readonly changes: Readonly<Record<string, PredictedChange>>;
  /** Data that were read again, and of them those whose class model and tissue had right. */
  readonly reads: number;
  readonly modelRight: number;
  readonly tissueRight: number;
}

export const NOT_WRITTEN = "not";
const kindOf = (delay: number) => (delay < 0 ? NOT_WRITTEN : `${DELAYS_MS[delay]} ms`);

interface LastRead {
  /** `[E]` spikes expected, once the read was believed; and how each electrode was written afterwards. */
  readonly expected: Float64Array;
  delays: ArrayLike<number> | null;
}

const BLANK: PredictedChange = { count: 0, predicted: 0, measured: 0, noChange: 0, meanChange: 0, model: 0 };

export class ChangePrediction {
  private readonly last = new Map<string, LastRead>();
  private changes: Record<string, PredictedChange> = {};
  private reads = 0;
  private modelRight = 0;
  private tissueRight = 0;

  /** Before a read is believed. `rightBy`: whether the class that leads by these spikes is right. */
  beforeRead(
    { places, counts }: Presented,
    filter: Filter,
    rightBy: (counts: ArrayLike<number>) => number,
  ): void {
    const last = this.last.get(keyOf(places));
    if (!last) return;
    const expected = filter.expected(places);
    const left = filter.rested(places);
    this.reads++;
    this.modelRight += rightBy(expected);
    this.tissueRight += rightBy(counts);
    expected.forEach((rested, e) => {
      const now = left * rested;
      const kind = kindOf(last.delays?.[e] ?? -1);
      const sum = this.changes[kind] ?? BLANK;
      const then = left * last.expected[e];
      const mean = sum.count > 0 ? sum.measured / sum.count : 0;
      this.changes[kind] = {
        count: sum.count + 1,
        predicted: sum.predicted + now - then,
        measured: sum.measured + counts[e] - then,
        noChange: sum.noChange + (counts[e] - then) ** 2,
        meanChange: sum.meanChange + (counts[e] - then - mean) ** 2,
        model: sum.model + (counts[e] - now) ** 2,
      };
    });
  }

  /** After a presentation was believed. */
  after(shown: Presented, filter: Filter): void {
    const { places, delays } = shown;
    const key = keyOf(places);
    if (!isWritten(shown)) this.last.set(key, { expected: filter.expected(places), delays: null });
    else {
      const last = this.last.get(key);
      if (last) last.delays = delays;
    }
  }

  found(): PredictedChanges {
    const { changes, reads, modelRight, tissueRight } = this;
    return { changes: { ...changes }, reads, modelRight, tissueRight };
  }
}

/** What was predicted in all of them. */
export function addPredictedChanges(all: readonly PredictedChanges[]): PredictedChanges {
  const sum = (pick: (one: PredictedChanges) => number) => all.reduce((total, one) => total + pick(one), 0);
  const kinds = [...new Set(all.flatMap(({ changes }) => Object.keys(changes)))];
  return {
    changes: Object.fromEntries(
      kinds.map((kind) => {
        const of = (field: keyof PredictedChange) => sum(({ changes }) => (changes[kind] ?? BLANK)[field]);
        return [
          kind,
          {
            count: of("count"),
            predicted: of("predicted"),
            measured: of("measured"),
            noChange: of("noChange"),
            meanChange: of("meanChange"),
            model: of("model"),
          },
        ];
      }),
    ),
    reads: sum(({ reads }) => reads),
    modelRight: sum(({ modelRight }) => modelRight),
    tissueRight: sum(({ tissueRight }) => tissueRight),
  };
}
