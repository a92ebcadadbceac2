/**
 * Strings and their latent programs: those that are babbled come from the text that the model was trained on, contexts and targets from
 * what was held out. What is written is not all of z but its first principal numbers on the babbled strings, each of variance 1: a code of a
 * few electrodes holds no more.
 *
 * Legend: N strings, Z numbers of z, K of a program.
 */
import { principalAxes, project } from "../math/principal.ts";
import { Random } from "../math/random.ts";
import type { TextCodec } from "../text/adavae/codec.ts";
import { assertSentence } from "../text/corpus/sentence.ts";
import { cosine } from "../text/metrics/retrieval.ts";
import { WritingError } from "./error.ts";

export interface KnownString {
  readonly text: string;
  /** The whole z `[Z]`. */
  readonly latent: Float32Array;
  /** `[K]` */
  readonly program: Float32Array;
}

export interface Strings {
  readonly babbled: readonly KnownString[];
  readonly heldOut: readonly KnownString[];
  /** Where they were chosen: no babbled string is one of them. */
  readonly targets?: readonly KnownString[];
  readonly numbers: number;
  /** Share of the variance of z that the numbers hold. */
  readonly explained: number;
  /** The z nearest to zero that has these numbers. */
  latentOf(program: ArrayLike<number>): Float32Array;
}

const BABBLED = 3000;
/** Strings nearer than this to a target are no candidates beside it. */
const NEAR_DUPLICATE = 0.95;

export async function prepareStrings(
  codec: TextCodec,
  { sentences, heldOut }: { sentences: readonly string[]; heldOut: readonly string[] },
  { numbers, targets = [] }: { numbers: number; targets?: readonly string[] | undefined },
): Promise<Strings> {
  for (const target of targets) assertSentence(target);
  const chosen = (await codec.encode(targets)).mean;
  const fits = (text: string) => codec.tokenizer.encode(text).length <= codec.longest;
  const order = Random.of(1, "babbled strings").permutation(sentences.length);
  const texts = order
    .map((i) => sentences[i])
    .filter((text) => !targets.includes(text))
    .slice(0, BABBLED)
    .filter(fits);
  const others = heldOut.filter((text) => fits(text) && !targets.includes(text));
  const Z = codec.latents;
  const [mine, theirs] = [(await codec.encode(texts)).mean, (await codec.encode(others)).mean];
  const { mean, axes, explained } = principalAxes(mine, Z, numbers);
  const row = (matrix: Float32Array, n: number) => matrix.subarray(n * Z, (n + 1) * Z);
  const raw = texts.map((_, n) => project(row(mine, n), mean, axes));
  const deviation = axes.map((_, k) => Math.sqrt(raw.reduce((sum, p) => sum + p[k] ** 2, 0) / raw.length));
  const known = (text: string, latent: Float32Array): KnownString => ({
    text,
    latent,
    program: Float32Array.from(project(latent, mean, axes), (value, k) => value / deviation[k]),
  });
  return {
    babbled: texts.map((text, n) => known(text, row(mine, n))),
    heldOut: others.map((text, n) => known(text, row(theirs, n))),
    ...(targets.length > 0 && { targets: targets.map((text, n) => known(text, row(chosen, n))) }),
    numbers,
    explained: explained.reduce((sum, share) => sum + share, 0),
    latentOf: (program) =>
      Float32Array.from({ length: Z }, (_, i) =>
        axes.reduce((sum, axis, k) => sum + axis[i] * program[k] * deviation[k], mean[i]),
      ),
  };
}

/** A context, and the string that it is to bring to mind. */
export interface Pair {
  readonly context: KnownString;
  readonly target: KnownString;
}

export interface Lesson {
  readonly pairs: readonly Pair[];
  /** Beside which a target is looked for: 49 others. */
  readonly others: readonly KnownString[];
  /** Of each pair a string that was never shown: the nearest to its context, and any. */
  readonly near: readonly KnownString[];
  readonly far: readonly KnownString[];
}

export const WAYS = 50;

/** What a culture of a seed is taught: strings that babbling never met. */
export function lessonOf({ heldOut, targets }: Strings, pairs: number, seed: number): Lesson {
  const needed = 3 * pairs + 2 * WAYS;
  if (heldOut.length < needed)
    throw new WritingError(
      `writing: expected at least ${needed} held-out strings, got ${heldOut.length}; train a model that holds more out`,
    );
  const drawn = Random.of(seed, "lesson")
    .permutation(heldOut.length)
    .map((i) => heldOut[i]);
  const taught = Array.from({ length: pairs }, (_, k) => ({
    context: drawn[k],
    target: targets?.[k] ?? drawn[pairs + k],
  }));
  const isApart = ({ program }: KnownString) =>
    taught.every(({ target }) => cosine(program, target.program) < NEAR_DUPLICATE);
  const rest = drawn.slice(2 * pairs);
  const others = rest.filter(isApart).slice(0, WAYS - 1);
  const free = rest.filter((string) => !others.includes(string));
  const near = taught.map(({ context }) =>
    free.reduce((best, string) =>
      cosine(string.latent, context.latent) > cosine(best.latent, context.latent) ? string : best,
    ),
  );
  return {
    pairs: taught,
    others,
    near,
    far: free.filter((string) => !near.includes(string)).slice(0, pairs),
  };
}
