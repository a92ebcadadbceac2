/**
 * Seeded random numbers: Threefry-2x32-20, a counter-based generator, so that any stream can be split off by
 * name, saved as three integers and resumed to the bit.
 * Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", https://doi.org/10.1145/2063384.2063405
 */

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

export type RandomKey = readonly [number, number];

/** Threefry-2x32, 20 rounds: writes the block for counter (c0, c1) under a key into `out[0..1]`. */
export function threefry2x32([k0, k1]: RandomKey, c0: number, c1: number, out: Uint32Array): void {
  const k2 = k0 ^ k1 ^ PARITY;
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let round = 0; round < 20; round++) {
    x0 = (x0 + x1) | 0;
    const r = ROTATIONS[round & 7];
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1;
      const phase = injection % 3;
      x0 = (x0 + (phase === 0 ? k0 : phase === 1 ? k1 : k2)) | 0;
      x1 = (x1 + (phase === 0 ? k1 : phase === 1 ? k2 : k0) + injection) | 0;
    }
  }
  out[0] = x0;
  out[1] = x1;
}

/** What is needed to continue a stream where it stopped. */
export interface RandomState {
  readonly key: RandomKey;
  readonly counter: number;
}

/** A stream of random numbers. Streams made with different seeds or labels are independent. */
export class Random {
  private readonly block = new Uint32Array(2);
  private constructor(
    private readonly key: RandomKey,
    /** Number of 32-bit words drawn so far. */
    private counter: number,
  ) {
    if (counter % 2 === 1) this.fill((counter - 1) / 2);
  }

  /** The stream of a seed, narrowed by labels: `Random.of(7, "growth")`. */
  static of(seed: number, ...labels: (string | number)[]): Random {
    if (!Number.isSafeInteger(seed)) throw new TypeError(`Random.of: seed must be an integer, got ${seed}`);
    let stream = new Random([seed >>> 0, Math.floor(seed / 2 ** 32) | 0], 0);
    for (const label of labels) stream = stream.split(label);
    return stream;
  }

  static resume(state: RandomState): Random {
    return new Random(state.key, state.counter);
  }

  state(): RandomState {
    return { key: this.key, counter: this.counter };
  }

  /** An independent stream named `label`; does not advance this one. */
  split(label: string | number): Random {
    if (label === "") throw new TypeError("Random.split: expected a label, got an empty string");
    const [key0, key1] = this.key;
    let h0 = 0x9e3779b9;
    let h1 = 0x243f6a88;
    for (const character of String(label)) {
      threefry2x32([key0 ^ h0, key1 ^ h1], character.codePointAt(0)!, 0, this.block);
      h0 = this.block[0];
      h1 = this.block[1];
    }
    if (this.counter % 2 === 1) this.fill((this.counter - 1) / 2);
    return new Random([h0 | 0, h1 | 0], 0);
  }

  private fill(index: number): void {
    threefry2x32(this.key, index | 0, Math.floor(index / 2 ** 32) | 0, this.block);
  }

  /** An integer in [0, 2^32). */
  bits(): number {
    const index = this.counter++;
    if (index % 2 === 0) {
      this.fill(index / 2);
      return this.block[0];
    }
    return this.block[1];
  }

  /** A number in (0, 1), never either end. */
  uniform(): number {
    return (this.bits() + 0.5) / 4294967296;
  }

  /** An integer in [0, below). */
  integer(below: number): number {
    if (!(below >= 1 && below <= 4294967296))
      throw new RangeError(`Random.integer: expected a bound in [1, 2^32], got ${below}`);
    return Math.floor(this.uniform() * below);
  }

  /** A standard normal number (Box-Muller, the cosine half, so that every draw costs the same two words). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** The next `n` numbers of `normal()`: however a stream is cut into calls, it yields the same numbers. */
  normals(n: number): Float32Array {
    const out = new Float32Array(n);
    for (let i = 0; i < n; i++) out[i] = this.normal();
    return out;
  }

  /** The integers 0..n-1 in random order (Fisher-Yates). */
  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}
