/** The score of every view: what cultures say right alone by their last probes, of the first arm that was taught, and of sham. */
import type { Model } from "./model.ts";

export interface AloneScore {
  readonly arm: string;
  /** Mean over cultures, or vats. */
  readonly accuracy: number;
}

interface Alone {
  readonly taught: AloneScore | null;
  readonly sham: AloneScore | null;
}

const SHAM = "sham";
/** Names of the probe before training: that of reports, and that of the journal. */
const UNTAUGHT = ["before", "common"];

/** As the report says, once a seed has finished; before that by the probes, which are read as the report reads them. */
export function aloneScores({ report, probes, vatProbes }: Model): Alone {
  const [code] = report?.report.series ?? [];
  if (code)
    return chosen(
      Object.entries(code.arms).map(([arm, { probe }]) => ({ arm, accuracy: probe.accuracy.mean })),
    );
  // Of a vat every probe is kept, of a culture the last: later ones replace earlier ones here.
  const last = new Map<string, AloneScore>();
  for (const { culture, arm, accuracy } of probes.values()) last.set(`${culture}:${arm}`, { arm, accuracy });
  for (const { seed, arm, together } of vatProbes.values())
    last.set(`${seed}:${arm}`, { arm, accuracy: together });
  return chosen([...last.values()]);
}

function chosen(scores: readonly AloneScore[]): Alone {
  const of = (arm: string | undefined): AloneScore | null => {
    const own = scores.filter((score) => score.arm === arm);
    if (arm === undefined || own.length === 0) return null;
    return { arm, accuracy: own.reduce((sum, { accuracy }) => sum + accuracy, 0) / own.length };
  };
  const arms = scores.map(({ arm }) => arm);
  const first =
    arms.find((arm) => arm === "descent") ?? arms.find((arm) => arm !== SHAM && !UNTAUGHT.includes(arm));
  return { taught: of(first), sham: of(SHAM) };
}
