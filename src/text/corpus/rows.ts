/**
 * Sentences as rows of token ids, sorted into buckets of row length, and batches drawn from them: every sentence once an epoch, each
 * batch from one bucket, as many sentences as come to the same number of tokens. What step s is given depends on the seed and s only,
 * so that training resumes to the bit.
 */
import type { Tensor } from "../../compute/index.ts";
import type { Random } from "../../math/random.ts";
import type { SentenceBatch } from "../adavae/loss.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";

export interface SpecialIds {
  readonly pad: number;
  readonly end: number;
}

export interface Bucket {
  /** Tokens of a row, the end token among them. */
  readonly length: number;
  /** Sentences of a batch. */
  readonly size: number;
  readonly rows: readonly (readonly number[])[];
}

/** Row lengths of the buckets up to a context. */
export function bucketLengths(context: number): number[] {
  return [8, 11, 14, 20, 28, 40].filter((length) => length < context).concat(context);
}

/** Sentences of at most `context - 1` tokens by bucket; the others are left out. `tokens` in a batch, about. */
export function bucketsOf(
  sentences: readonly string[],
  tokenizer: Tokenizer,
  { context, tokens }: { context: number; tokens: number },
): Bucket[] {
  const encoded = sentences.map((sentence) => tokenizer.encode(sentence));
  let shortest = 0;
  return bucketLengths(context)
    .map((length) => {
      const rows = encoded.filter((ids) => ids.length + 1 > shortest && ids.length + 1 <= length);
      shortest = length;
      return { length, size: Math.max(1, Math.floor(tokens / length)), rows };
    })
    .filter(({ rows, size }) => rows.length >= size);
}

/** Which bucket and which rows each step of an epoch takes, in random order; what does not fill a batch waits for another epoch. */
export class BatchOrder {
  private epoch = -1;
  private order: { bucket: Bucket; rows: number[] }[] = [];
  readonly perEpoch: number;

  constructor(
    private readonly buckets: readonly Bucket[],
    private readonly random: Random,
  ) {
    this.perEpoch = buckets.reduce((sum, { rows, size }) => sum + Math.floor(rows.length / size), 0);
    if (this.perEpoch === 0) throw new RangeError("BatchOrder: no bucket fills a batch");
  }

  at(step: number): { bucket: Bucket; rows: readonly (readonly number[])[] } {
    const epoch = Math.floor(step / this.perEpoch);
    if (epoch !== this.epoch) this.draw(epoch);
    const { bucket, rows } = this.order[step % this.perEpoch];
    return { bucket, rows: rows.map((row) => bucket.rows[row]) };
  }

  private draw(epoch: number): void {
    const random = this.random.split(`epoch ${epoch}`);
    const batches = this.buckets.flatMap((bucket) => {
      const rows = random.permutation(bucket.rows.length);
      return Array.from({ length: Math.floor(rows.length / bucket.size) }, (_, i) => ({
        bucket,
        rows: rows.slice(i * bucket.size, (i + 1) * bucket.size),
      }));
    });
    this.order = random.permutation(batches.length).map((i) => batches[i]);
    this.epoch = epoch;
  }
}

/** Rows as tensors of `length` tokens. `hide` says whether an input after the first is hidden from the decoder. */
export function sentenceTensors(
  rows: readonly (readonly number[])[],
  length: number,
  { pad, end }: SpecialIds,
  hide: () => boolean = () => false,
): SentenceBatch<Tensor> {
  const N = rows.length;
  const input = new Int32Array(N * length).fill(pad);
  const target = new Int32Array(N * length).fill(pad);
  const mask = new Float32Array(N * length);
  rows.forEach((row, n) => {
    if (row.length + 1 > length)
      throw new RangeError(`sentenceTensors: expected at most ${length - 1} tokens, got ${row.length}`);
    input[n * length] = end;
    row.forEach((id, t) => {
      target[n * length + t] = id;
      if (!hide()) input[n * length + t + 1] = id;
    });
    target[n * length + row.length] = end;
    mask.fill(1, n * length, n * length + row.length + 1);
  });
  const shape = [N, length];
  return {
    input: { shape, data: input },
    target: { shape, data: target },
    mask: { shape, data: mask },
  };
}
