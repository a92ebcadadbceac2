/** A test of how odours are answered, without learning. */
import type { Random } from "../../math/random.ts";
import { mean } from "../../math/statistics.ts";
import type { Readout } from "../circuit.ts";
import { type Nose, sumOver } from "../subject/nose.ts";
import { cosine } from "../working-point.ts";
import type { Stimuli } from "./stimuli.ts";

export interface Answers {
  /** Share of comparisons of a punished odour with another in which it is liked less, ties a half. */
  readonly right: number;
  /** Mean over the punished odours, and over the others. */
  readonly liking: { readonly punished: number; readonly others: number };
  /** Cosine of the Kenyon cells' answers, mean over pairs of odours. */
  readonly overlap: number;
  readonly kenyonShare: number;
  readonly outputSpikes: number;
}

/** What an emulator begins with: roots of the mean spikes of the readout's parts `[S, K]`, cosines of Kenyon cells `[S, S]`. */
export interface Beginning {
  readonly first: Float64Array;
  readonly likeness: Float64Array;
}

export interface Examined {
  readonly nose: Nose;
  readonly stimuli: Stimuli;
  readonly readout: Readout;
  /** Of each odour. */
  readonly trials: number;
  readonly random: Random;
}

/** Spikes of each part of the readout `[K]`. */
export function answerIn({ parts }: Readout, counts: Uint32Array): Float64Array {
  return Float64Array.from(parts, ({ channels }) => sumOver(counts, channels));
}

export function likingOf({ parts }: Readout, answer: Float64Array): number {
  let [toward, both] = [0, 0];
  answer.forEach((spikes, k) => {
    if (parts[k].isApproach) toward += spikes;
    both += spikes;
  });
  return both > 0 ? toward / both : 0.5;
}

export async function examine({
  nose,
  stimuli: { odours, isPunished },
  readout,
  trials,
  random,
}: Examined): Promise<Answers & { readonly beginning: Beginning }> {
  const { kenyon, outputs } = nose.circuit;
  const likings: number[][] = odours.map(() => []);
  const codes = odours.map(() => new Array<number>(kenyon.length).fill(0));
  const K = readout.parts.length;
  const sums = new Float64Array(K * odours.length);
  let [share, outputSpikes] = [0, 0];
  const shown = trials * odours.length;
  for (let k = 0; k < trials; k++)
    for (const odour of random.permutation(odours.length)) {
      const counts = await nose.present({ durationMs: 500, odour: odours[odour], learns: false });
      const answer = answerIn(readout, counts);
      likings[odour].push(likingOf(readout, answer));
      answer.forEach((spikes, k) => {
        sums[K * odour + k] += spikes / trials;
      });
      const code = kenyon.map((channel) => counts[channel]);
      code.forEach((count, i) => {
        codes[odour][i] += count;
      });
      share += code.filter((count) => count > 0).length / code.length / shown;
      outputSpikes += sumOver(counts, outputs) / outputs.length / shown;
      await nose.present({ durationMs: 300, learns: false });
    }
  const [bad, good] = [true, false].map((which) => likings.filter((_, odour) => isPunished[odour] === which));
  const right = bad.flatMap((one) =>
    good.flatMap((other) => one.map((value, k) => (value === other[k] ? 0.5 : Number(value < other[k])))),
  );
  const alike = (a: number, b: number) => cosine(codes[a], codes[b]) || 0;
  const numbers = [...odours.keys()];
  return {
    right: mean(right),
    liking: { punished: mean(bad.flat()), others: mean(good.flat()) },
    overlap: mean(numbers.flatMap((a) => numbers.slice(a + 1).map((b) => alike(a, b)))),
    kenyonShare: share,
    outputSpikes,
    beginning: {
      first: sums.map(Math.sqrt),
      likeness: Float64Array.from(numbers.flatMap((a) => numbers.map((b) => alike(a, b)))),
    },
  };
}
