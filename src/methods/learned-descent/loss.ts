/**
 * What the tissue should say to all that came so far: the cross entropy of softmax(gamma r_k), r_k the expected spikes of class k,
 * over past data, by what followed them. Its gradient by W tells what a change of learning is worth.
 *
 * Legend: D different data, E electrodes, P places, K classes.
 */
import { logistic, softplus } from "../logistic.ts";
import type { Filter } from "./filter.ts";
import { keyOf } from "./presented.ts";

/** Softmax's slope by spikes. Flat, so that a few spikes more do not yet satisfy it: answers are noisy. */
const GAMMA = 0.15;

export interface PastDatum {
  readonly places: readonly number[];
  /** `[K]` how often each class followed. */
  readonly followed: Float64Array;
  count: number;
}

/** Expected spikes `[D][E]` of data, and their slope by the drive. */
interface Answers {
  readonly rates: readonly Float64Array[];
  readonly slopes: readonly Float64Array[];
}

export class Past {
  private readonly data = new Map<string, PastDatum>();
  /** `[P]` the data that hold a place. */
  private readonly withPlace: PastDatum[][];

  constructor(
    /** `[E]` the classes that each electrode belongs to. */
    private readonly classesOf: readonly (readonly number[])[],
    private readonly classes: number,
    places: number,
  ) {
    this.withPlace = Array.from({ length: places }, () => []);
  }

  add(places: readonly number[], target: number): void {
    const key = keyOf(places);
    let datum = this.data.get(key);
    if (!datum) {
      datum = { places, followed: new Float64Array(this.classes), count: 0 };
      this.data.set(key, datum);
      for (const place of places) this.withPlace[place].push(datum);
    }
    datum.followed[target]++;
    datum.count++;
  }

  /** The past data that share a place with `places`: all that a presentation of these changes. */
  touching(places: readonly number[]): PastDatum[] {
    return [...new Set(places.flatMap((place) => this.withPlace[place]))];
  }

  /** What is expected of `data`. */
  answers(data: readonly PastDatum[], filter: Filter): Answers {
    const E = this.classesOf.length;
    const bias = filter.numbers.valueOf(filter.bias);
    const rates = data.map(() => new Float64Array(E));
    const slopes = data.map(() => new Float64Array(E));
    data.forEach(({ places }, d) => {
      for (let e = 0; e < E; e++) {
        let u = bias;
        for (const p of places) u += filter.weight(e, p);
        rates[d][e] = softplus(u);
        slopes[d][e] = logistic(u);
      }
    });
    return { rates, slopes };
  }

  /**
   * The loss over `data` (nats) of these rates; `slopes` (if given) is multiplied by the loss's slope by each rate: it becomes the
   * slope by the drive.
   */
  loss(data: readonly PastDatum[], rates: readonly Float64Array[], slopes?: readonly Float64Array[]): number {
    const E = this.classesOf.length;
    const scores = new Float64Array(this.classes);
    let loss = 0;
    data.forEach(({ followed, count }, d) => {
      scores.fill(0);
      for (let e = 0; e < E; e++) for (const k of this.classesOf[e]) scores[k] += GAMMA * rates[d][e];
      const top = Math.max(...scores);
      const total = scores.reduce((sum, z) => sum + Math.exp(z - top), 0);
      for (let k = 0; k < scores.length; k++)
        if (followed[k] > 0) loss += followed[k] * (Math.log(total) + top - scores[k]);
      if (!slopes) return;
      for (let e = 0; e < E; e++) {
        let slope = 0;
        for (const k of this.classesOf[e])
          slope += GAMMA * (count * (Math.exp(scores[k] - top) / total) - followed[k]);
        slopes[d][e] *= slope;
      }
    });
    return loss;
  }
}
