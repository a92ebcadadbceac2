/**
 * How well an AdaVAE copies sentences that it was not trained on: free running from the posterior's mean, no teacher forcing anywhere;
 * and the same from a z of the prior, from that of another sentence, and without z.
 */
import { Random } from "../../math/random.ts";
import type { TextCodec } from "../adavae/codec.ts";
import { bleu } from "./bleu.ts";
import { nearestShare } from "./retrieval.ts";

export interface CopyFigures {
  /** Share of the tokens (the end among them) that stand where they stand in the sentence. */
  readonly tokenAccuracy: number;
  readonly bleu4: number;
  /** Share of the sentences that are the same to the letter. */
  readonly exact: number;
}

export interface TextFigures extends CopyFigures {
  /** Of the posterior against N(0, 1), nats a sentence. */
  readonly kl: number;
  /** Share of z's numbers whose mean varies over sentences by more than .01 (Burda et al. 2016, https://arxiv.org/abs/1509.00519). */
  readonly activeShare: number;
  /** What was said, read again, finds the z of its sentence among 50. */
  readonly paraphrase50: number;
  /** Of the sentences that share all but one word with none of the training. */
  readonly apart: CopyFigures & { readonly sentences: number };
  readonly baselines: {
    readonly priorZ: CopyFigures;
    readonly otherZ: CopyFigures;
    readonly baseAlone: CopyFigures;
  };
  readonly sentences: number;
  readonly examples: readonly { readonly sentence: string; readonly said: string }[];
}

const EXAMPLES = 12;

export async function evaluateText(
  codec: TextCodec,
  { sentences, apart }: { sentences: readonly string[]; apart: readonly boolean[] },
  seed: number,
): Promise<TextFigures> {
  const Z = codec.latents;
  const N = sentences.length;
  const random = Random.of(seed, "text", "evaluation");
  const ids = sentences.map((sentence) => codec.ids(sentence));
  const { mean, logVariance } = await codec.encode(sentences);
  const said = await codec.decodeIds(mean);
  const texts = said.map((row) => codec.tokenizer.decode(row).trim());
  const figures = (from: readonly number[][], of: readonly number[] = [...sentences.keys()]): CopyFigures =>
    copyFigures(
      of.map((n) => ({ said: from[n], right: ids[n] })),
      (row) => codec.tokenizer.decode(row).trim(),
    );
  const other = new Float32Array(mean.length);
  other.set(mean.subarray(Z));
  other.set(mean.subarray(0, Z), mean.length - Z);
  const alone = await codec.decodeIds(new Float32Array(Z), 0);
  const readAgain = texts.map((text, n) => (text === "" || said[n].length > codec.longest ? "." : text));
  const again = (await codec.encode(readAgain)).mean;
  const apartRows = [...sentences.keys()].filter((n) => apart[n]);
  return {
    ...figures(said),
    kl: meanKl(mean, logVariance, N),
    activeShare: activeShare(mean, Z),
    paraphrase50: nearestShare(again, mean, { width: Z, ways: Math.min(50, N), random }),
    apart: { ...figures(said, apartRows), sentences: apartRows.length },
    baselines: {
      priorZ: figures(await codec.decodeIds(random.split("prior").normals(N * Z))),
      otherZ: figures(await codec.decodeIds(other)),
      baseAlone: figures(sentences.map(() => alone[0])),
    },
    sentences: N,
    examples: sentences.slice(0, EXAMPLES).map((sentence, n) => ({ sentence, said: texts[n] })),
  };
}

function copyFigures(
  pairs: readonly { said: readonly number[]; right: readonly number[] }[],
  textOf: (ids: readonly number[]) => string,
): CopyFigures {
  let [hits, tokens, exact] = [0, 0, 0];
  for (const { said, right } of pairs) {
    tokens += right.length + 1;
    hits += right.filter((id, t) => said[t] === id).length + (said.length === right.length ? 1 : 0);
    if (said.length === right.length && right.every((id, t) => said[t] === id)) exact++;
  }
  return {
    tokenAccuracy: tokens === 0 ? Number.NaN : hits / tokens,
    bleu4: bleu(
      pairs.map(({ said }) => textOf(said)),
      pairs.map(({ right }) => textOf(right)),
    ),
    exact: exact / pairs.length,
  };
}

function meanKl(mean: Float32Array, logVariance: Float32Array, N: number): number {
  let sum = 0;
  for (let i = 0; i < mean.length; i++)
    sum += 0.5 * (mean[i] ** 2 + Math.exp(logVariance[i]) - logVariance[i] - 1);
  return sum / N;
}

function activeShare(mean: Float32Array, Z: number): number {
  const N = mean.length / Z;
  let active = 0;
  for (let z = 0; z < Z; z++) {
    let [sum, squares] = [0, 0];
    for (let n = 0; n < N; n++) {
      sum += mean[n * Z + z];
      squares += mean[n * Z + z] ** 2;
    }
    if (squares / N - (sum / N) ** 2 > 0.01) active++;
  }
  return active / Z;
}
