/**
 * A model of how presentations change a tissue's later answers, with what it believes of one culture: an extended Kalman filter on
 * spike counts. Between electrode e of a class and place p stand W, the effective weight, and A, how strongly learning acts
 * there; both are believed with a 2 x 2 covariance (v, c, s).
 *
 *   read    r_e = f softplus(b + sum_{p in x} W_ep),   f = 1 - fatigue (share of x shown just before), less beside writes
 *   learn   W_ep += g_d n A_ep - l_d n W_ep + h A_ep y_e,   p in x;  d: delay, n: dose of a write on e;  y_e: its own answer
 *           W_ep *= exp(-fade),   p not in x: heterosynaptic, by e's answer or write
 *   start   A = exp(a0 + a1 dist + a2 dist^2),  W = A exp(w0)
 *
 * Counts have variance R1 r + R0 for the filter; their likelihood is a negative binomial's, for a Gaussian one profits from zeros.
 *
 * Legend: E electrodes of classes, P places.
 */
import { CONSTANT_NAMES, type ConstantName } from "./constants.ts";
import { isWritten, type Presented } from "./presented.ts";
import { type Scalar, Tangents } from "./tangents.ts";

/** `[E][P]` distances (mm). */
export type Distances = readonly Float64Array[];

const LARGEST_WEIGHT = 30;
const SMALLEST_VARIANCE = 1e-6;

/** The state of belief: `[E * P]` each. */
interface Belief {
  readonly W: Float64Array;
  readonly A: Float64Array;
  /** Variance of W, covariance of W and A, variance of A. */
  readonly v: Float64Array;
  readonly c: Float64Array;
  readonly s: Float64Array;
  /** `[E]` how far an electrode's weights have faded in all, and how much of that each pair has had: its W is exp(pair - electrode) W. */
  readonly fade: Float64Array;
  readonly faded: Float64Array;
}

/** Sees the log likelihood of each count, and how many spikes were expected on the electrode. */
export type OnCount = (electrode: number, logLikelihood: Scalar, expected: Scalar) => void;

export interface FilterOptions {
  /** With derivatives by all constants. */
  readonly differentiate?: boolean;
  /** Electrodes that are followed; all if not given. Each is believed apart from the others. */
  readonly electrodes?: readonly number[];
}

export class Filter {
  readonly electrodes: number;
  readonly places: number;
  readonly belief: Belief;
  /** A at the start, `[E * P]`. */
  private readonly startA: Float64Array;
  private readonly at: Readonly<Record<ConstantName, Scalar>>;
  private readonly doses: readonly Scalar[];
  /** By delay: over A, and of W. */
  private readonly gain: readonly Scalar[];
  private readonly loss: readonly Scalar[];
  private readonly base: Scalar;
  private last: readonly number[] = [];

  readonly numbers: Tangents;
  private readonly followed: readonly number[];

  constructor(
    constants: Float64Array,
    distances: Distances,
    { differentiate = false, electrodes = [...distances.keys()] }: FilterOptions = {},
  ) {
    this.numbers = new Tangents(differentiate ? constants.length : 0);
    this.followed = electrodes;
    const t = this.numbers;
    this.electrodes = distances.length;
    this.places = distances[0]?.length ?? 0;
    this.at = Object.fromEntries(
      CONSTANT_NAMES.map((name, i) => [name, t.variable(constants[i], i)]),
    ) as Record<ConstantName, Scalar>;
    this.doses = [t.logistic(this.at.dose0), t.logistic(this.at.dose1), t.variable(1)];
    this.gain = [this.at.add0, this.at.add1, this.at.add2];
    this.loss = [this.at.lose0, this.at.lose1, this.at.lose2].map((logit) => t.affine(t.logistic(logit), -1));
    const pairs = this.electrodes * this.places;
    const blank = () => new Float64Array(pairs * t.width);
    const fade = new Float64Array(this.electrodes * t.width);
    this.belief = { W: blank(), A: blank(), v: blank(), c: blank(), s: blank(), fade, faded: blank() };
    this.startA = blank();
    this.base = t.mark();
    distances.forEach((row, e) => {
      row.forEach((distance, p) => {
        this.begin(e * this.places + p, distance);
        t.release(this.base);
      });
    });
  }

  private begin(pair: number, distance: number): void {
    const t = this.numbers;
    const { a0, a1, a2, startWeight, spreadA, spreadW } = this.at;
    const square = t.affine(a2, distance * distance);
    const A = t.exp(t.add(t.add(a0, t.affine(a1, distance)), square));
    const W = t.multiply(A, t.exp(startWeight));
    const spreadOf = (mean: Scalar, spread: Scalar) => {
      const deviation = t.multiply(mean, t.exp(spread));
      return t.multiply(deviation, deviation);
    };
    const { belief } = this;
    t.keep(A, belief.A, pair);
    t.keep(A, this.startA, pair);
    t.keep(W, belief.W, pair);
    t.keep(spreadOf(W, spreadW), belief.v, pair);
    t.keep(spreadOf(A, spreadA), belief.s, pair);
  }

  /** Spikes expected on each electrode, `[E]`, were the datum shown alone, rested. */
  expected(places: readonly number[]): Float64Array {
    const t = this.numbers;
    return Float64Array.from({ length: this.electrodes }, (_, e) => {
      const rate = t.valueOf(t.softplus(this.drive(e, places)));
      t.release(this.base);
      return rate;
    });
  }

  /** The share of an answer to these places that is left so soon after the last presentation. */
  rested(places: readonly number[]): number {
    const left = this.numbers.valueOf(this.factor(places, false));
    this.numbers.release(this.base);
    return left;
  }

  /** Believes what the presentation shows, then what it does. */
  step(shown: Presented, onCount?: OnCount): void {
    const { places } = shown;
    const factor = this.factor(places, isWritten(shown));
    for (const e of this.followed) {
      const mark = this.numbers.mark();
      this.electrode(e, shown, factor, onCount);
      this.numbers.release(mark);
    }
    this.numbers.release(this.base);
    this.last = places;
  }

  /** What a write on an electrode does to a weight: it becomes `keep * W + add * A`, not below 0. By delay and dose. */
  effects(): { readonly add: number; readonly keep: number }[][] {
    const t = this.numbers;
    return this.gain.map((gain, delay) =>
      this.doses.map((dose) => ({
        add: t.valueOf(gain) * t.valueOf(dose),
        keep: 1 + t.valueOf(this.loss[delay]) * t.valueOf(dose),
      })),
    );
  }

  get bias(): Scalar {
    return this.at.bias;
  }

  /** The drive of an electrode: bias and weights. */
  private drive(e: number, places: readonly number[]): Scalar {
    const t = this.numbers;
    let u = this.at.bias;
    for (const p of places) {
      const pair = e * this.places + p;
      u = t.add(u, t.multiply(this.left(e, pair), t.load(this.belief.W, pair)));
    }
    return u;
  }

  /** What is left of a pair's weight since it was believed last. */
  private left(e: number, pair: number): Scalar {
    const t = this.numbers;
    const since = t.affine(t.load(this.belief.fade, e), -1);
    return t.exp(t.add(t.load(this.belief.faded, pair), since));
  }

  /** The weight as it is believed to be now. */
  weight(e: number, p: number): number {
    const { W, fade, faded } = this.belief;
    const { width } = this.numbers;
    const pair = (e * this.places + p) * width;
    return W[pair] * Math.exp(faded[pair] - fade[e * width]);
  }

  private factor(places: readonly number[], written: boolean): Scalar {
    const t = this.numbers;
    const shared = places.filter((place) => this.last.includes(place)).length;
    const tired = t.affine(t.logistic(this.at.fatigue), -shared / Math.max(1, places.length), 1);
    return written ? t.multiply(tired, t.exp(this.at.beside)) : tired;
  }

  private electrode(e: number, shown: Presented, factor: Scalar, onCount?: OnCount): void {
    const t = this.numbers;
    const { at, belief } = this;
    const { places, counts, delays, doses, plasticity } = shown;
    const hasWrite = delays[e] >= 0;
    const u = this.drive(e, places);
    const rate = t.multiply(t.softplus(u), factor);
    /** Of the electrode's answer: what it says of each W, over its variance. */
    let surprise: Scalar | null = null;
    let slope = rate;
    let precision = rate;
    let total = rate;
    if (!hasWrite) {
      slope = t.multiply(t.logistic(u), factor);
      let v = t.variable(0);
      for (const p of places) {
        const pair = e * this.places + p;
        const left = this.left(e, pair);
        v = t.add(v, t.multiply(t.multiply(left, left), t.load(belief.v, pair)));
      }
      const noise = t.add(t.multiply(t.exp(at.noiseByMean), rate), t.affine(t.exp(at.noiseAtZero), 1, 0.05));
      total = t.add(t.multiply(t.multiply(slope, slope), v), noise);
      precision = t.multiply(slope, t.reciprocal(total));
      surprise = t.affine(rate, -1, counts[e]);
      onCount?.(e, this.logLikelihood(counts[e], rate), rate);
    }
    const act = hasWrite
      ? {
          add: t.affine(t.multiply(this.gain[delays[e]], this.doses[doses[e]]), plasticity),
          keep: t.affine(t.multiply(this.loss[delays[e]], this.doses[doses[e]]), plasticity, 1),
        }
      : { add: t.affine(at.own, counts[e] * plasticity), keep: t.variable(1) };
    for (const p of places) {
      const mark = t.mark();
      this.catchUp(e, e * this.places + p);
      this.pair(e * this.places + p, surprise === null ? null : { surprise, precision, total }, act);
      t.release(mark);
    }
    this.fade(e, shown);
  }

  /** A pair that is shown again has faded. */
  private catchUp(e: number, pair: number): void {
    const t = this.numbers;
    const { W, v, c } = this.belief;
    const left = this.left(e, pair);
    t.keep(t.multiply(left, t.load(W, pair)), W, pair);
    t.keep(t.multiply(t.multiply(left, left), t.load(v, pair)), v, pair);
    t.keep(t.multiply(left, t.load(c, pair)), c, pair);
  }

  /** All other pairs of the electrode fade. */
  private fade(e: number, { places, counts, delays, plasticity }: Presented): void {
    const t = this.numbers;
    const { at, belief } = this;
    const hasWrite = delays[e] >= 0;
    const weakens = hasWrite && t.valueOf(this.gain[delays[e]]) <= 0;
    const by = hasWrite
      ? t.affine(t.exp(at.fadeByWrite), weakens ? 0 : plasticity)
      : t.affine(t.exp(at.fadeByAnswer), counts[e] * plasticity);
    const now = t.add(t.load(belief.fade, e), by);
    t.keep(now, belief.fade, e);
    // What is shown does not fade.
    for (const p of places) t.keep(now, belief.faded, e * this.places + p);
  }

  private pair(
    pair: number,
    seen: { readonly surprise: Scalar; readonly precision: Scalar; readonly total: Scalar } | null,
    act: { readonly add: Scalar; readonly keep: Scalar },
  ): void {
    const t = this.numbers;
    const { belief, at } = this;
    let W = t.load(belief.W, pair);
    let A = t.load(belief.A, pair);
    let v = t.load(belief.v, pair);
    let c = t.load(belief.c, pair);
    let s = t.load(belief.s, pair);
    const startA = t.load(this.startA, pair);
    if (seen) {
      const toW = t.multiply(v, seen.precision);
      const toA = t.multiply(c, seen.precision);
      W = t.add(W, t.multiply(toW, seen.surprise));
      A = t.add(A, t.multiply(toA, seen.surprise));
      const less = (gain: Scalar, other: Scalar) =>
        t.affine(t.multiply(t.multiply(gain, other), seen.total), -1);
      v = t.clip(t.add(v, less(toW, toW)), SMALLEST_VARIANCE, Number.POSITIVE_INFINITY);
      c = t.add(c, less(toW, toA));
      s = t.clip(t.add(s, less(toA, toA)), SMALLEST_VARIANCE, Number.POSITIVE_INFINITY);
      A = this.between(A, t.affine(startA, 0.05), t.affine(startA, 6, 0.3));
      W = t.clip(W, 0, LARGEST_WEIGHT);
    }
    const { add, keep } = act;
    const addC = t.multiply(add, c);
    const addS = t.multiply(add, s);
    W = t.clip(t.add(t.multiply(keep, W), t.multiply(add, A)), 0, LARGEST_WEIGHT);
    v = t.add(
      t.multiply(t.multiply(keep, keep), v),
      t.add(t.affine(t.multiply(keep, addC), 2), t.multiply(add, addS)),
    );
    v = t.add(v, t.multiply(t.exp(at.drift), t.multiply(startA, startA)));
    v = t.clip(v, SMALLEST_VARIANCE, 1e4);
    c = t.add(t.multiply(keep, c), addS);
    // A covariance is no larger than the variances allow.
    const most = 0.98 * Math.sqrt(t.valueOf(v) * t.valueOf(s));
    c = t.clip(c, -most, most);
    t.keep(W, belief.W, pair);
    t.keep(A, belief.A, pair);
    t.keep(v, belief.v, pair);
    t.keep(c, belief.c, pair);
    t.keep(s, belief.s, pair);
  }

  private between(a: Scalar, low: Scalar, high: Scalar): Scalar {
    const t = this.numbers;
    if (t.valueOf(a) < t.valueOf(low)) return low;
    return t.valueOf(a) > t.valueOf(high) ? high : a;
  }

  /** Of a count `y` under a negative binomial of this mean: sum_{i<y} log(n + i) - log y! + n log(n / (n + m)) + y log(m / (n + m)). */
  private logLikelihood(y: number, rate: Scalar): Scalar {
    const t = this.numbers;
    const m = t.affine(rate, 1, 1e-3);
    const n = t.exp(t.affine(this.at.dispersion, -1));
    const mean = t.valueOf(m);
    const size = t.valueOf(n);
    let value = size * Math.log(size / (size + mean)) + y * Math.log(mean / (size + mean));
    let bySize = Math.log(size / (size + mean)) + 1 - (size + y) / (size + mean);
    for (let i = 0; i < y; i++) {
      value += Math.log((size + i) / (i + 1));
      bySize += 1 / (size + i);
    }
    const byMean = y / mean - (size + y) / (size + mean);
    return t.ofBoth(value, { slope: byMean, by: m }, { slope: bySize, by: n });
  }
}
