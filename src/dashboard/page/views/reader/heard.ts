/** What was decoded from a culture, presentation by presentation, beside the strings that it might mean. */
import { cosine } from "../../../../text/metrics/retrieval.ts";
import type { MessageOf } from "../../../protocol.ts";

export type Lesson = MessageOf<"lesson">;
export type Heard = MessageOf<"heard">;

/** Programs `[P]` rows of `[K]`: little-endian float32 in base64. */
export function programsOf(base64: string, count: number): Float32Array[] {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const K = count === 0 ? 0 : bytes.length / 4 / count;
  return Array.from({ length: count }, (_, p) =>
    Float32Array.from({ length: K }, (_, k) => view.getFloat32(4 * (p * K + k), true)),
  );
}

export interface SaidOfPair {
  /** Of the latest presentations together, to the target; and the target's rank among all candidates. */
  readonly cosine: number;
  readonly rank: number;
  readonly nearest: { readonly text: string; readonly cosine: number };
}

/** So many presentations of a pair, the latest, are what it says "now". */
export const LATEST = 6;

/** What the tissue says of a pair by presentation `until` (not counted); null before its first. Directions count, as in the report. */
export function saidOfPair(
  { pairs: taught, others }: Lesson,
  { pairs, programs }: { readonly pairs: readonly number[]; readonly programs: readonly Float32Array[] },
  { pair, until }: { readonly pair: number; readonly until: number },
): SaidOfPair | null {
  const mine = programs.slice(0, until).filter((_, p) => pairs[p] === pair);
  if (mine.length === 0) return null;
  const sum = new Float32Array(mine[0].length);
  for (const program of mine.slice(-LATEST)) {
    const length = Math.hypot(...program) || 1;
    program.forEach((value, k) => {
      sum[k] += value / length;
    });
  }
  const { target } = taught[pair];
  const own = cosine(sum, target.program);
  const all = [target, ...others].map(({ text, program }) => ({ text, cosine: cosine(sum, program) }));
  return {
    cosine: own,
    rank: 1 + all.filter((other) => other.cosine > own).length,
    nearest: all.reduce((best, other) => (other.cosine > best.cosine ? other : best)),
  };
}

/** Mean cosine to the targets in each round of presentations, in which every pair comes once. */
export function approachOf(
  { pairs: taught }: Lesson,
  { pairs }: Heard,
  programs: readonly Float32Array[],
): number[] {
  const n = taught.length;
  return Array.from({ length: Math.floor(programs.length / n) }, (_, round) => {
    let sum = 0;
    for (let p = round * n; p < (round + 1) * n; p++)
      sum += cosine(programs[p], taught[pairs[p]].target.program) / n;
    return sum;
  });
}
