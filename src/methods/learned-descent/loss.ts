/**
 * What the tissue should say to all that came so far: the cross entropy of softmax(gamma r_k), r_k the expected spikes of class k,
 * over past data, by what followed them. Its gradient by W tells what a change of learning is worth.
 *
 * Legend: D different data, E electrodes, P places, K classes.
 */
import { effectsOf, type Filter } from "./filter.ts";
import { sigmoid, softplus } from "./tangents.ts";

/** Softmax's slope by spikes. Flat, so that a few spikes more do not yet satisfy it: answers are noisy. */
const GAMMA = 0.15;

interface Datum {
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
  private readonly data = new Map<string, Datum>();
  /** `[P]` the data that hold a place. */
  private readonly withPlace: Datum[][];

  constructor(
    /** `[E]` the classes that each electrode belongs to. */
    private readonly classesOf: readonly (readonly number[])[],
    private readonly classes: number,
    places: number,
  ) {
    this.withPlace = Array.from({ length: places }, () => []);
  }

  add(places: readonly number[], target: number): void {
    const key = [...places].sort((a, b) => a - b).join(" ");
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
  touching(places: readonly number[]): Datum[] {
    return [...new Set(places.flatMap((place) => this.withPlace[place]))];
  }

  /** What is expected of `data`. */
  answers(data: readonly Datum[], filter: Filter): Answers {
    const E = this.classesOf.length;
    const bias = filter.numbers.valueOf(filter.bias);
    const rates = data.map(() => new Float64Array(E));
    const slopes = data.map(() => new Float64Array(E));
    data.forEach(({ places }, d) => {
      for (let e = 0; e < E; e++) {
        let u = bias;
        for (const p of places) u += filter.weight(e, p);
        rates[d][e] = softplus(u);
        slopes[d][e] = sigmoid(u);
      }
    });
    return { rates, slopes };
  }

  /**
   * The loss over `data` (nats) of these rates; `slopes` (if given) is multiplied by the loss's slope by each rate: it becomes the
   * slope by the drive.
   */
  loss(data: readonly Datum[], rates: readonly Float64Array[], slopes?: readonly Float64Array[]): number {
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

/** What is written to electrodes, by their index. */
export interface ChosenWrite {
  readonly electrodes: readonly number[];
  /** Index of the delay of each, and of the dose. */
  readonly delays: readonly number[];
  readonly dose: number;
}

export interface Choice {
  readonly filter: Filter;
  readonly past: Past;
  readonly places: readonly number[];
  readonly plasticity: number;
  /** Electrodes that may be written at once. */
  readonly size: number;
  /** Until answers are large enough for the loss to have a slope: whole classes (`[K][E]`) are strengthened, nothing is weakened. */
  readonly wholeClasses?: readonly (readonly number[])[] | undefined;
}

/** The write to a datum that lowers the expected loss most, by its gradient; its dose by evaluating the loss. Null: none lowers it. */
export function chooseWrite(choice: Choice): ChosenWrite | null {
  const { filter, past, places, plasticity, size, wholeClasses } = choice;
  const { electrodes: E, places: P, belief, numbers } = filter;
  const A = (e: number, p: number) => belief.A[(e * P + p) * numbers.width];
  const effects = effectsOf(filter);
  /** How far a write moves a weight. */
  const change = (e: number, p: number, delay: number, dose: number) => {
    const { add, keep } = effects[delay][dose];
    return Math.max(-filter.weight(e, p), plasticity * ((keep - 1) * filter.weight(e, p) + add * A(e, p)));
  };
  const data = past.touching(places);
  const { rates, slopes } = past.answers(data, filter);
  const before = past.loss(data, rates, slopes);
  const shared = data.map((datum) => places.filter((p) => datum.places.includes(p)));
  const full = effects[0].length - 1;
  /** How far a full write lowers the loss, to first order. */
  const gain = (e: number, delay: number) => {
    let lowered = 0;
    for (const p of places) {
      let slope = 0;
      shared.forEach((own, d) => {
        if (own.includes(p)) slope += slopes[d][e];
      });
      lowered -= slope * change(e, p, delay, full);
    }
    return lowered;
  };
  const strengthening = effects.flatMap(([effect], d) => (effect.add > 0 ? [d] : []));
  const offered = wholeClasses ? strengthening : effects.map((_, d) => d);
  if (offered.length === 0) return null;
  const best = Array.from({ length: E }, (_, e) =>
    offered.map((delay) => ({ delay, gain: gain(e, delay) })).reduce((a, b) => (b.gain > a.gain ? b : a)),
  );
  const electrodes = wholeClasses
    ? mostOf(wholeClasses, (own) => own.reduce((sum, e) => sum + best[e].gain, 0))
    : best
        .map((_, e) => e)
        .filter((e) => best[e].gain > 0)
        .sort((a, b) => best[b].gain - best[a].gain)
        .slice(0, size);
  if (electrodes.length === 0) return null;
  const delays = electrodes.map((e) => best[e].delay);
  const bias = numbers.valueOf(filter.bias);
  let lowest = before - 1e-9;
  let found: ChosenWrite | null = null;
  for (let dose = 0; dose <= full; dose++) {
    const after = rates.map((row) => row.slice());
    electrodes.forEach((e, i) => {
      const changes = new Map(places.map((p) => [p, change(e, p, delays[i], dose)]));
      data.forEach(({ places: own }, d) => {
        let u = bias;
        for (const p of own) u += filter.weight(e, p) + (changes.get(p) ?? 0);
        after[d][e] = softplus(u);
      });
    });
    const loss = past.loss(data, after);
    if (loss < lowest) [lowest, found] = [loss, { electrodes, delays, dose }];
  }
  return found;
}

function mostOf<T>(all: readonly T[], of: (one: T) => number): T {
  return all.reduce((a, b) => (of(b) > of(a) ? b : a));
}
