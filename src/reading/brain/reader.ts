/**
 * A culture reads a sentence: volleys in the eyes' time, and the spikes that follow each as a state. The bins after a word's first
 * volley end at 4, 10, 14, 20 and 40 ms: the pulses of its two volleys fall into the first and the third.
 *
 * Legend: W words, B bins, C channels.
 */
import type { Pulse, Spikes } from "../../device/contract.ts";
import { pulsesFor } from "../../device/stimulation.ts";
import type { Layout } from "../../protocol/layout.ts";
import type { Cultures } from "../../session/cultures.ts";
import type { ShownSentence } from "./timing.ts";
import { SECOND_VOLLEY_MS, type WordCode } from "./word-code.ts";

/** Ends of the bins after a word's first volley, ms. */
export const BIN_ENDS_MS = [4, 10, 14, 20, 40] as const;
/** Those that hold no pulse nor the 4 ms after it. */
export const BLANKED_BINS = [1, 3, 4] as const;

/** Counts `[W, B, C]`, means over the times that a word was given; and how many pulses the gate refused. */
export interface ReadStates {
  readonly counts: Float32Array;
  readonly refused: number;
  /** From the beginning of the sentence. */
  readonly spikes: Spikes;
  readonly sent: readonly Pulse[];
}

export async function readSentenceBy(
  cultures: Cultures,
  words: readonly string[],
  { code, shown, plasticity }: { code: WordCode; shown: ShownSentence; plasticity: number },
): Promise<ReadStates> {
  const layout = cultures.layouts[0];
  const pulses = pulsesOfSentence(layout, words, code, shown);
  const [{ spikes, sent }] = await cultures.respond([pulses], Math.ceil(shown.durationMs), plasticity);
  return { counts: statesOf(layout, spikes, shown), refused: pulses.length - sent.length, spikes, sent };
}

/** The culture is left alone for as long as it would have read: spikes of its own in the same places. */
export async function waitInstead(cultures: Cultures, shown: ShownSentence): Promise<Float32Array> {
  const [{ spikes }] = await cultures.respond([[]], Math.ceil(shown.durationMs), 0);
  return statesOf(cultures.layouts[0], spikes, shown);
}

export function pulsesOfSentence(
  { profile, frames }: Layout,
  words: readonly string[],
  code: WordCode,
  shown: ShownSentence,
): Pulse[] {
  return shown.words
    .flatMap(({ word, atMs }) =>
      atMs.flatMap((at) =>
        code(words[word]).flatMap((channels, volley) =>
          pulsesFor(channels, 1, Math.round((at + volley * SECOND_VOLLEY_MS) * frames.perMs), profile),
        ),
      ),
    )
    .sort((a, b) => a.frame - b.frame);
}

export function statesOf({ frames, channels }: Layout, spikes: Spikes, shown: ShownSentence): Float32Array {
  const B = BIN_ENDS_MS.length;
  const size = B * channels;
  const counts = new Float32Array(shown.words.length * size);
  let first = 0;
  const times = shown.words.flatMap(({ word, atMs }) =>
    atMs.map((at) => ({ word, at, share: 1 / atMs.length })),
  );
  for (const { word, at, share } of times) {
    const from = Math.round(at * frames.perMs);
    const end = from + BIN_ENDS_MS[B - 1] * frames.perMs;
    while (first < spikes.frames.length && spikes.frames[first] < from) first++;
    for (let i = first; i < spikes.frames.length && spikes.frames[i] < end; i++) {
      const ms = (spikes.frames[i] - from) / frames.perMs;
      const bin = BIN_ENDS_MS.findIndex((binEnd) => ms < binEnd);
      const channel = spikes.channels[i];
      if (channel < channels) counts[word * size + bin * channels + channel] += share;
    }
  }
  return counts;
}

/** Roots of counts `[W, B, C]` of some bins and channels: `[W, bins * channels]`. */
export function rootsOf(
  counts: Float32Array,
  C: number,
  channels: readonly number[],
  bins: readonly number[],
): Float32Array {
  const B = BIN_ENDS_MS.length;
  const W = counts.length / (B * C);
  const out = new Float32Array(W * bins.length * channels.length);
  let at = 0;
  for (let w = 0; w < W; w++)
    for (const bin of bins)
      for (const channel of channels) out[at++] = Math.sqrt(counts[(w * B + bin) * C + channel]);
  return out;
}
