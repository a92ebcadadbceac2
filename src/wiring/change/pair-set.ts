/** A set of pairs of cells: open addressing with linear probing in one array, some 16 bytes a pair. */

const EMPTY = -1;
const GONE = -2;
/** Pairs of cells below 2^26 are exact as doubles. */
const STRIDE = 2 ** 26;

export class PairSet {
  private keys: Float64Array;
  private mask: number;
  private used = 0;

  constructor(pairs: number) {
    const room = 2 ** Math.ceil(Math.log2(Math.max(16, 2 * pairs)));
    this.keys = new Float64Array(room).fill(EMPTY);
    this.mask = room - 1;
  }

  has(a: number, b: number): boolean {
    const key = a * STRIDE + b;
    for (let at = this.start(a, b); ; at = (at + 1) & this.mask) {
      if (this.keys[at] === key) return true;
      if (this.keys[at] === EMPTY) return false;
    }
  }

  /** Of a pair that is not in it. */
  add(a: number, b: number): void {
    let at = this.start(a, b);
    while (this.keys[at] >= 0) at = (at + 1) & this.mask;
    if (this.keys[at] === EMPTY) this.used++;
    this.keys[at] = a * STRIDE + b;
    if (this.used > 0.75 * this.keys.length) this.sweep();
  }

  /** Of a pair that is in it. */
  delete(a: number, b: number): void {
    const key = a * STRIDE + b;
    let at = this.start(a, b);
    while (this.keys[at] !== key) at = (at + 1) & this.mask;
    this.keys[at] = GONE;
  }

  private start(a: number, b: number): number {
    return ((Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 7) & this.mask;
  }

  /** Puts the pairs in anew, without the places of those that have gone. */
  private sweep(): void {
    const old = this.keys;
    this.keys = new Float64Array(old.length).fill(EMPTY);
    this.used = 0;
    for (const key of old) if (key >= 0) this.add(Math.floor(key / STRIDE), key % STRIDE);
  }
}
