/** The score of every view: what cultures say right alone by their last probes, of the first arm that was taught, and of sham. */
import type { Model } from "./model.ts";

export interface AloneScore {
  readonly arm: string;
  /** Mean over cultures, or vats. */
  readonly accuracy: number;
}

const SHAM = "sham";

export function aloneScores({ probes, vatProbes }: Pick<Model, "probes" | "vatProbes">): {
  readonly taught: AloneScore | null;
  readonly sham: AloneScore | null;
} {
  // Of a vat every probe is kept, of a culture the last: later ones replace earlier ones here.
  const last = new Map<string, { arm: string; accuracy: number }>();
  for (const { culture, arm, accuracy } of probes.values()) last.set(`${culture}:${arm}`, { arm, accuracy });
  for (const { seed, arm, together } of vatProbes.values())
    last.set(`${seed}:${arm}`, { arm, accuracy: together });
  const of = (arm: string): AloneScore | null => {
    const scores = [...last.values()].filter((score) => score.arm === arm);
    return scores.length === 0
      ? null
      : { arm, accuracy: scores.reduce((sum, { accuracy }) => sum + accuracy, 0) / scores.length };
  };
  const arms = [...last.values()].map(({ arm }) => arm);
  const first = arms.find((arm) => arm === "descent") ?? arms.find((arm) => arm !== SHAM && arm !== "before");
  return { taught: first === undefined ? null : of(first), sham: of(SHAM) };
}
