/**
 * A trained AdaVAE at work: sentences to latent programs and back, free running. Rows are encoded and decoded a fixed number at a time.
 *
 * Legend: N sentences, Z numbers of z.
 */
import { compile, type Program, type Tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { type SpecialIds, sentenceTensors } from "../corpus/rows.ts";
import { TextError } from "../error.ts";
import { assertScript } from "../tokenizer/script.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { crossEntropy, type SentenceBatch } from "./loss.ts";
import { type AdaVaeSizes, decoderLogits, posterior } from "./model.ts";
import type { AdaVae } from "./parameters.ts";
import { createSpeaker, type Speaker } from "./speaker.ts";

/** Sentences at a time. */
export const CODEC_ROWS = 64;

export interface Posterior {
  /** Each `[N, Z]`. */
  readonly mean: Float32Array;
  readonly logVariance: Float32Array;
}

type Latent<Leaf> = { z: Leaf; gate: Leaf };

type EncodeProgram = Program<
  [AdaVae<JaxArray>, SentenceBatch<JaxArray>],
  { mean: JaxArray; logVariance: JaxArray }
>;
type ScoreProgram = Program<[AdaVae<JaxArray>, SentenceBatch<JaxArray>, Latent<JaxArray>], JaxArray>;

export class TextCodec {
  readonly latents: number;
  /** Most tokens of a sentence. */
  readonly longest: number;
  private readonly special: SpecialIds;

  private encoder: Promise<EncodeProgram> | undefined;
  private scorer: Promise<ScoreProgram> | undefined;
  private speaker: Promise<Speaker> | undefined;
  private readonly model: AdaVae<Tensor>;
  readonly tokenizer: Tokenizer;

  /** Programs are compiled when they are first asked for. */
  constructor(
    { model, tokenizer, special }: { model: AdaVae<Tensor>; tokenizer: Tokenizer; special: SpecialIds },
    private readonly sizes: AdaVaeSizes,
  ) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.latents = sizes.shape.latents;
    this.longest = sizes.config.context - 1;
    this.special = special;
  }

  private get encodeProgram(): Promise<EncodeProgram> {
    const { sizes } = this;
    this.encoder ??= compile(
      (p: AdaVae<JaxArray>, { target, mask }: SentenceBatch<JaxArray>) => posterior(p, target, mask, sizes),
      [this.model, this.batch([])],
    );
    return this.encoder;
  }

  private get scoreProgram(): Promise<ScoreProgram> {
    const { sizes } = this;
    const latent = { z: zeros([CODEC_ROWS, this.latents]), gate: zeros([CODEC_ROWS]) };
    this.scorer ??= compile(
      (p: AdaVae<JaxArray>, { input, target, mask }: SentenceBatch<JaxArray>, given: Latent<JaxArray>) =>
        np.negative(crossEntropy(decoderLogits(p, input, given, sizes), target, mask)),
      [this.model, this.batch([]), latent],
    );
    return this.scorer;
  }

  private get speakerProgram(): Promise<Speaker> {
    this.speaker ??= createSpeaker(this.model, this.sizes, { rows: CODEC_ROWS, ...this.special });
    return this.speaker;
  }

  /** Ids of a sentence. Throws `TextError` where it is empty or longer than the context. */
  ids(sentence: string): number[] {
    const ids = this.tokenizer.encode(sentence.trim());
    if (ids.length === 0) throw new TextError("text: expected a sentence, got an empty one");
    assertScript(this.tokenizer, sentence);
    if (ids.length > this.longest)
      throw new TextError(
        `text: expected a sentence of at most ${this.longest} tokens, got ${ids.length}: ${JSON.stringify(sentence.slice(0, 60))}; shorten it, or train a model of a longer context`,
      );
    return ids;
  }

  /** The posterior of each sentence. */
  async encode(sentences: readonly string[]): Promise<Posterior> {
    const ids = sentences.map((sentence) => this.ids(sentence));
    const Z = this.latents;
    const mean = new Float32Array(ids.length * Z);
    const logVariance = new Float32Array(ids.length * Z);
    await this.each(ids.length, async (from, count) => {
      const out = await (await this.encodeProgram).run(this.model, this.batch(ids.slice(from, from + count)));
      mean.set(out.mean.data.subarray(0, count * Z) as Float32Array, from * Z);
      logVariance.set(out.logVariance.data.subarray(0, count * Z) as Float32Array, from * Z);
    });
    return { mean, logVariance };
  }

  /**
   * What the decoder says of each row of z, the likeliest token each time.
   * @param z `[N, Z]`
   * @param gate 0: without z, the decoder as a language model (it then says the same N times)
   */
  async decodeIds(z: Float32Array, gate: 0 | 1 = 1): Promise<number[][]> {
    const Z = this.latents;
    const said: number[][] = [];
    await this.each(z.length / Z, async (from, count) => {
      const rows = new Float32Array(CODEC_ROWS * Z);
      rows.set(z.subarray(from * Z, (from + count) * Z));
      said.push(...(await (await this.speakerProgram).say(rows, gate)).slice(0, count));
    });
    return said;
  }

  async decode(z: Float32Array): Promise<string[]> {
    return (await this.decodeIds(z)).map((ids) => this.tokenizer.decode(ids).trim());
  }

  /**
   * Log-probability of every token of every sentence and of its end, nats, given z `[N, Z]` (or without, as a language model).
   */
  async tokenScores(sentences: readonly string[], z?: Float32Array): Promise<Float32Array[]> {
    const ids = sentences.map((sentence) => this.ids(sentence));
    const Z = this.latents;
    const T = this.sizes.config.context;
    const scores: Float32Array[] = [];
    await this.each(ids.length, async (from, count) => {
      const latent = { z: zeros([CODEC_ROWS, Z]), gate: zeros([CODEC_ROWS]) };
      if (z) {
        latent.z.data.set(z.subarray(from * Z, (from + count) * Z));
        latent.gate.data.fill(1);
      }
      const rows = ids.slice(from, from + count);
      const { data } = await (await this.scoreProgram).run(this.model, this.batch(rows), latent);
      rows.forEach((row, n) => {
        scores.push((data as Float32Array).slice(n * T, n * T + row.length + 1));
      });
    });
    return scores;
  }

  async dispose(): Promise<void> {
    await (await this.encoder)?.dispose();
    await (await this.scorer)?.dispose();
    await (await this.speaker)?.dispose();
  }

  private batch(rows: readonly (readonly number[])[]) {
    const filled = Array.from({ length: CODEC_ROWS }, (_, n) => rows[n] ?? []);
    return sentenceTensors(filled, this.sizes.config.context, this.special);
  }

  private async each(n: number, work: (from: number, count: number) => Promise<void>): Promise<void> {
    for (let from = 0; from < n; from += CODEC_ROWS) await work(from, Math.min(CODEC_ROWS, n - from));
  }
}
