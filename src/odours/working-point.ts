/** How a brain answers odours before anything is taught: brains are compared at the same loudness, or not at all. */
import type { Circuited } from "./circuit.ts";
import { Nose, odourOf, sumOver } from "./subject/nose.ts";

export interface WorkingPoint {
  /** Part of the Kenyon cells that answer an odour. */
  readonly kenyonShare: number;
  /** Cosine of the Kenyon cells' answers to two odours. */
  readonly overlap: number;
  /** Spikes of an output neuron in an odour of 500 ms. */
  readonly outputSpikes: number;
  /** Spikes of Kenyon cells and output neurons in the second 150 ms after an odour, as a part of those in it: self-sustained activity. */
  readonly sustained: number;
}

const ODOURS = 6;
/** Odours of working points are none of those that are taught. */
const FIRST = 9000;

export async function workingPoint(brain: Circuited, seed = 5): Promise<WorkingPoint> {
  const nose = await Nose.open(brain, seed);
  const { kenyon, outputs, glomeruli } = nose.circuit;
  const codes: number[][] = [];
  let [share, outputSpikes, during, after] = [0, 0, 0, 0];
  for (let o = 0; o < ODOURS; o++) {
    const counts = await nose.present({
      durationMs: 500,
      odour: odourOf(FIRST + o, glomeruli.length),
      learns: false,
    });
    const code = kenyon.map((channel) => counts[channel]);
    codes.push(code);
    share += code.filter((count) => count > 0).length / code.length / ODOURS;
    outputSpikes += sumOver(counts, outputs) / outputs.length / ODOURS;
    during += sumOver(counts, [...kenyon, ...outputs]);
    await nose.present({ durationMs: 150, learns: false });
    after += sumOver(await nose.present({ durationMs: 150, learns: false }), [...kenyon, ...outputs]);
  }
  await nose.close();
  const pairs = codes.flatMap((a, i) => codes.slice(i + 1).map((b) => cosine(a, b))).filter(Number.isFinite);
  const overlap = pairs.reduce((sum, value) => sum + value, 0) / Math.max(1, pairs.length);
  return { kenyonShare: share, overlap, outputSpikes, sustained: after / Math.max(1, during) };
}

export function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
