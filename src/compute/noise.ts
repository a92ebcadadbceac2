/**
 * Seeded noise in bulk: normals, uniforms and dropout masks made on the host and fed to programs as inputs, so that
 * graphs are deterministic and a run resumes to the bit.
 *
 * Bits: Threefry-2x32-20 (math/random.ts), written out so that the engine keeps it in registers. Normals: the ziggurat
 * of Marsaglia and Tsang (2000, https://doi.org/10.18637/jss.v005.i08) with 128 layers, in Doornik's form, where the
 * layer and the value come from different bits.
 */
import { Random } from "../math/random.ts";
import type { Tensor } from "./contract.ts";
import { sizeOf } from "./tensors/tensor.ts";

/** What is needed to continue a noise source. */
export interface NoiseState {
  readonly key: readonly [number, number];
  readonly draws: number;
}

/** A source of noise tensors. Every draw has its own counter space: its numbers depend on its index only. */
export class Noise {
  private constructor(
    private readonly key: readonly [number, number],
    private draws: number,
  ) {}

  /** The source of a seed, narrowed by labels: `Noise.of(7, "emulator", cycle)`. */
  static of(seed: number, ...labels: (string | number)[]): Noise {
    return Noise.from(Random.of(seed, ...labels));
  }

  /** The source of a random stream; does not advance it. */
  static from(random: Random): Noise {
    return new Noise(random.split("noise").state().key, 0);
  }

  static resume({ key, draws }: NoiseState): Noise {
    return new Noise(key, draws);
  }

  state(): NoiseState {
    return { key: this.key, draws: this.draws };
  }

  private words(): Words {
    return new Words(this.key[0], this.key[1], this.draws++);
  }

  /** Standard normal numbers. */
  normals(shape: readonly number[]): Tensor {
    const data = new Float32Array(sizeOf(shape));
    fillNormals(data, this.words());
    return { shape: [...shape], data };
  }

  /** Numbers in [0, 1), multiples of 2^-24. */
  uniforms(shape: readonly number[]): Tensor {
    const data = new Float32Array(sizeOf(shape));
    const words = this.words();
    for (let i = 0; i < data.length; i++) data[i] = (words.next() >>> 8) * 2 ** -24;
    return { shape: [...shape], data };
  }

  /** A dropout mask: 1 / keep with probability `keep`, else 0. */
  mask(shape: readonly number[], keep: number): Tensor {
    if (!(keep > 0 && keep <= 1)) throw new RangeError(`Noise.mask: expected 0 < keep <= 1, got ${keep}`);
    const data = new Float32Array(sizeOf(shape));
    const words = this.words();
    const threshold = keep * 2 ** 32;
    for (let i = 0; i < data.length; i++) data[i] = words.next() < threshold ? 1 / keep : 0;
    return { shape: [...shape], data };
  }

  /** Integers in [0, below). */
  integers(shape: readonly number[], below: number): Tensor {
    if (!(Number.isInteger(below) && below >= 1 && below <= 2 ** 31))
      throw new RangeError(`Noise.integers: expected an integer bound from 1 to 2^31, got ${below}`);
    const data = new Int32Array(sizeOf(shape));
    const words = this.words();
    for (let i = 0; i < data.length; i++) data[i] = Math.floor((words.next() / 2 ** 32) * below);
    return { shape: [...shape], data };
  }
}

const CHUNK = 1024;

/** The words of one draw: Threefry blocks with counters (0, draw), (1, draw), ... */
class Words {
  private readonly buffer = new Uint32Array(CHUNK);
  private position = CHUNK;
  private block = 0;

  constructor(
    private readonly key0: number,
    private readonly key1: number,
    private readonly draw: number,
  ) {}

  next(): number {
    if (this.position === CHUNK) {
      threefryBlocks([this.key0, this.key1], [this.block, this.draw], this.buffer);
      this.block += CHUNK / 2;
      this.position = 0;
    }
    return this.buffer[this.position++];
  }
}

/** Fills `out` with the blocks of counters (c0, c1), (c0 + 1, c1), ...; the same bits as `threefry2x32`. */
export function threefryBlocks(
  [key0, key1]: readonly [number, number],
  [c0, c1]: readonly [number, number],
  out: Uint32Array,
): void {
  const key2 = key0 ^ key1 ^ 0x1bd11bda;
  for (let i = 0; i < out.length; i += 2) {
    let x = (c0 + (i >>> 1) + key0) | 0;
    let y = (c1 + key1) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + key1) | 0;
    y = (y + key2 + 1) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + key2) | 0;
    y = (y + key0 + 2) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + key0) | 0;
    y = (y + key1 + 3) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + key1) | 0;
    y = (y + key2 + 4) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    out[i] = (x + key2) | 0;
    out[i + 1] = (y + key0 + 5) | 0;
  }
}

const LAYERS = 128;
/** Where the tail begins, and the area of every layer. */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const edges = new Float64Array(LAYERS + 1);
const ratios = new Float64Array(LAYERS);
{
  let height = Math.exp(-0.5 * TAIL * TAIL);
  edges[0] = AREA / height;
  edges[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    edges[i] = Math.sqrt(-2 * Math.log(AREA / edges[i - 1] + height));
    height = Math.exp(-0.5 * edges[i] * edges[i]);
  }
  for (let i = 0; i < LAYERS; i++) ratios[i] = edges[i + 1] / edges[i];
}

function fillNormals(out: Float32Array, words: Words): void {
  for (let i = 0; i < out.length; i++) {
    const word = words.next();
    const layer = word & (LAYERS - 1);
    const u = (word >>> 8) * 2 ** -23 - 1;
    out[i] = Math.abs(u) < ratios[layer] ? u * edges[layer] : beyond(u, layer, words);
  }
}

/** The rare cases: the tail, and the wedges beside the layers' rectangles. */
function beyond(firstU: number, firstLayer: number, words: Words): number {
  let [u, layer] = [firstU, firstLayer];
  for (;;) {
    if (Math.abs(u) < ratios[layer]) return u * edges[layer];
    if (layer === 0) return tail(u < 0, words);
    const x = u * edges[layer];
    const outer = Math.exp(-0.5 * (edges[layer] ** 2 - x * x));
    const inner = Math.exp(-0.5 * (edges[layer + 1] ** 2 - x * x));
    if (inner + uniform(words) * (outer - inner) < 1) return x;
    const word = words.next();
    layer = word & (LAYERS - 1);
    u = (word >>> 8) * 2 ** -23 - 1;
  }
}

function tail(negative: boolean, words: Words): number {
  for (;;) {
    const x = Math.log(uniform(words)) / TAIL;
    if (-2 * Math.log(uniform(words)) >= x * x) return negative ? x - TAIL : TAIL - x;
  }
}

/** In (0, 1). */
function uniform(words: Words): number {
  return (words.next() + 0.5) / 2 ** 32;
}
