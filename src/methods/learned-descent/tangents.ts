/**
 * Scalars with their derivatives by a handful of constants: forward-mode differentiation (Wengert 1964,
 * https://doi.org/10.1145/355586.364791). With no derivatives they are plain numbers, so one text of an equation serves both.
 * A recurrent filter of few constants is differentiated exactly this way, without truncation (Williams & Zipser 1989,
 * https://doi.org/10.1162/neco.1989.1.2.270).
 *
 * A scalar is an index into an arena: its value, then its derivatives. `release` frees all that came after a `mark`.
 */
import { logistic, softplus } from "../logistic.ts";

export type Scalar = number;

export interface Slope {
  readonly slope: number;
  readonly by: Scalar;
}

const FIRST_SCALARS = 4096;

export class Tangents {
  /** Numbers of one scalar. */
  readonly width: number;
  private data: Float64Array;
  private top = 0;

  constructor(readonly derivatives: number) {
    this.width = 1 + derivatives;
    this.data = new Float64Array(this.width * FIRST_SCALARS);
  }

  /** A constant by which is differentiated: its `index`-th; none if below 0. */
  variable(value: number, index = -1): Scalar {
    const at = this.make(value);
    this.data.fill(0, at + 1, at + this.width);
    if (index >= 0 && index < this.derivatives) this.data[at + 1 + index] = 1;
    return at;
  }

  valueOf(a: Scalar): number {
    return this.data[a];
  }

  /** Where the derivatives of a scalar begin in `all`. */
  derivativesAt(a: Scalar): number {
    return a + 1;
  }

  get all(): Float64Array {
    return this.data;
  }

  mark(): Scalar {
    return this.top;
  }

  release(mark: Scalar): void {
    this.top = mark;
  }

  /** A function of `a` with this value and slope. */
  of(value: number, slope: number, a: Scalar): Scalar {
    const at = this.make(value);
    const { data } = this;
    for (let i = 1; i < this.width; i++) data[at + i] = slope * data[a + i];
    return at;
  }

  /** A function of `a` and `b` with this value and slopes. */
  ofBoth(value: number, first: Slope, second: Slope): Scalar {
    const { slope: slopeA, by: a } = first;
    const { slope: slopeB, by: b } = second;
    const at = this.make(value);
    const { data } = this;
    for (let i = 1; i < this.width; i++) data[at + i] = slopeA * data[a + i] + slopeB * data[b + i];
    return at;
  }

  add(a: Scalar, b: Scalar): Scalar {
    const at = this.make(this.data[a] + this.data[b]);
    const { data } = this;
    for (let i = 1; i < this.width; i++) data[at + i] = data[a + i] + data[b + i];
    return at;
  }

  multiply(a: Scalar, b: Scalar): Scalar {
    const x = this.data[a];
    const y = this.data[b];
    const at = this.make(x * y);
    const { data } = this;
    for (let i = 1; i < this.width; i++) data[at + i] = y * data[a + i] + x * data[b + i];
    return at;
  }

  /** `factor * a + shift` */
  affine(a: Scalar, factor: number, shift = 0): Scalar {
    return this.of(factor * this.data[a] + shift, factor, a);
  }

  /** `a` within bounds; a bound has no derivatives. */
  clip(a: Scalar, low: number, high: number): Scalar {
    const x = this.data[a];
    if (x < low) return this.variable(low);
    return x > high ? this.variable(high) : a;
  }

  exp(a: Scalar): Scalar {
    const y = Math.exp(this.data[a]);
    return this.of(y, y, a);
  }

  reciprocal(a: Scalar): Scalar {
    const y = 1 / this.data[a];
    return this.of(y, -y * y, a);
  }

  logistic(a: Scalar): Scalar {
    const y = logistic(this.data[a]);
    return this.of(y, y * (1 - y), a);
  }

  softplus(a: Scalar): Scalar {
    const x = this.data[a];
    return this.of(softplus(x), logistic(x), a);
  }

  /** A scalar out of many that are kept. */
  load(from: Float64Array, index: number): Scalar {
    const at = this.make(0);
    const start = index * this.width;
    const { data } = this;
    for (let i = 0; i < this.width; i++) data[at + i] = from[start + i];
    return at;
  }

  keep(a: Scalar, to: Float64Array, index: number): void {
    const start = index * this.width;
    for (let i = 0; i < this.width; i++) to[start + i] = this.data[a + i];
  }

  private make(value: number): Scalar {
    const at = this.top;
    this.top += this.width;
    if (this.top > this.data.length) {
      const larger = new Float64Array(2 * this.data.length);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[at] = value;
    return at;
  }
}
