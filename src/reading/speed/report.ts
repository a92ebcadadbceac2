/** What report.json says of how fast cultures read. */
import { holm } from "../../math/comparison/holm.ts";
import { type PairedDifference, pairedDifference } from "../../math/comparison/paired.ts";
import { bootstrapInterval, type Interval } from "../../math/interval.ts";
import { ASSISTED, type AssistedArm, LESSONS, type LessonArm } from "./arms.ts";
import type { CultureSpeed } from "./culture-speed.ts";
import { bitsOf, fitPsychometric, thresholdMs } from "./psychometric.ts";
import type { SpeedConfig } from "./run.ts";

/** Sentences that each is looked for among. */
export const WAYS = 50;

export interface SpeedArm {
  readonly meaning: string;
  /** Share found, by time a word. */
  readonly found: readonly Interval[];
  /** Words a minute at the level, in each culture; null where its curve does not come to it. */
  readonly wordsPerMinute: readonly (number | null)[];
  /** Times as fast as text alone (of lessons: as after no writing), which itself has none, where both come to the level: geometric mean, 95 % t interval. */
  readonly ratio: {
    readonly mean: number;
    readonly ci95: readonly [number, number];
    readonly cultures: number;
  } | null;
}

export interface SpeedReport {
  readonly formatVersion: 1;
  readonly kind: "reading-speed";
  readonly wetgradVersion: string;
  readonly config: SpeedConfig;
  /** Of each culture: half of the share, above chance, that text alone has at the slowest speed. */
  readonly levels: readonly number[];
  readonly assisted: Readonly<Record<AssistedArm, SpeedArm>>;
  readonly taught: Readonly<Record<LessonArm, SpeedArm>>;
  /**
   * Bits of an answer with the true next words less those of these words without the text, less those of text alone; by time a word, with
   * p after Holm over the times.
   */
  readonly beyondBoth: readonly (PairedDifference & { readonly correctedP: number | null })[];
  readonly pulses: number;
  readonly refused: number;
  readonly verdict: readonly string[];
}

const CHANCE = 1 / WAYS;
/** Cultures that a ratio is told of: of two the interval holds everything. */
const FEWEST = 3;
const MS_PER_MINUTE = 60_000;

export function speedReport(
  config: SpeedConfig,
  cultures: readonly CultureSpeed[],
  wetgradVersion: string,
): SpeedReport {
  const { msPerWord } = config;
  const fits = (row: readonly number[]) => fitPsychometric(msPerWord, row, CHANCE);
  const levels = cultures.map(({ assisted }) => (assisted.text.at(-1)! + CHANCE) / 2);
  const speeds = (rows: readonly (readonly number[])[]) =>
    rows.map((row, c) => {
      const ms = thresholdMs(fits(row), levels[c], CHANCE);
      // What was not measured is not extrapolated to.
      return ms !== undefined && ms >= msPerWord[0] / 2 && ms <= 2 * msPerWord.at(-1)!
        ? MS_PER_MINUTE / ms
        : null;
    });
  type Rows = readonly (readonly number[])[];
  const armOf = (meaning: string, rows: Rows, beside: readonly (number | null)[] | null): SpeedArm => {
    const wordsPerMinute = speeds(rows);
    return {
      meaning,
      found: msPerWord.map((_, i) => bootstrapInterval(rows.map((row) => row[i]))),
      wordsPerMinute,
      ratio: beside && ratioOf(wordsPerMinute, beside),
    };
  };
  const assistedRows = (arm: AssistedArm): Rows => cultures.map((culture) => culture.assisted[arm]);
  const taughtRows = (arm: LessonArm): Rows => cultures.map((culture) => culture.taught[arm]);
  const [besideText, besideSham] = [speeds(assistedRows("text")), speeds(taughtRows("sham"))];
  const assisted = recordOf(ASSISTED, (arm, meaning) =>
    armOf(meaning, assistedRows(arm), arm === "text" ? null : besideText),
  );
  const taught = recordOf(LESSONS, (arm, meaning) =>
    armOf(meaning, taughtRows(arm), arm === "sham" ? null : besideSham),
  );
  const beyond = msPerWord.map((_, i) => {
    const bits = (arm: AssistedArm) => cultures.map((culture) => bitsOf(culture.assisted[arm][i], WAYS));
    const [next, only] = [bits("next"), bits("writeOnly")];
    return pairedDifference(
      next.map((each, c) => each - only[c]),
      bits("text"),
    );
  });
  const known = beyond.every(({ p }) => p !== null) ? holm(beyond.map(({ p }) => p!)) : undefined;
  const beyondBoth = beyond.map((each, i) => ({ ...each, correctedP: known?.[i] ?? null }));
  const report = {
    formatVersion: 1 as const,
    kind: "reading-speed" as const,
    ...{ wetgradVersion, config, levels, assisted, taught, beyondBoth },
    pulses: cultures.reduce((sum, { pulses }) => sum + pulses, 0),
    refused: cultures.reduce((sum, { refused }) => sum + refused, 0),
  };
  return { ...report, verdict: verdictOf(report) };
}

function ratioOf(own: readonly (number | null)[], other: readonly (number | null)[]): SpeedArm["ratio"] {
  const pairs = own.flatMap((speed, c) => {
    const beside = other[c];
    return speed !== null && beside !== null ? [[Math.log(speed), Math.log(beside)] as const] : [];
  });
  if (pairs.length < FEWEST) return null;
  const { mean, ci95 } = pairedDifference(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
  );
  return { mean: Math.exp(mean), ci95: [Math.exp(ci95[0]), Math.exp(ci95[1])], cultures: pairs.length };
}

function verdictOf({ assisted, taught, beyondBoth, config }: Omit<SpeedReport, "verdict">): string[] {
  const of = (arm: SpeedArm, beside: SpeedArm, says: string): string => {
    const { ratio } = arm;
    const both = arm.wordsPerMinute.filter((speed, c) => speed !== null && beside.wordsPerMinute[c] !== null);
    if (!ratio)
      return `cannot be said: both curves come to the level within the speeds that were tried in ${both.length} of ${config.seeds} cultures`;
    const figure = `${ratio.mean.toFixed(2)} [${ratio.ci95.map((end) => end.toFixed(2)).join(", ")}] times as fast as ${says} (${ratio.cultures} cultures)`;
    if (ratio.ci95[0] > 1) return `${figure}: faster`;
    return ratio.ci95[1] < 1 ? `${figure}: slower` : `${figure}: no clear difference`;
  };
  const shares = [assisted.text.found[0], assisted.text.found.at(-1)!].map(
    ({ mean, ci95 }) => `${mean.toFixed(3)} [${ci95.map((end) => end.toFixed(3)).join(", ")}]`,
  );
  const lessons = "after reading as much with nothing written";
  const gains = beyondBoth.filter(
    ({ mean, correctedP }) => mean > 0 && correctedP !== null && correctedP < 0.05,
  );
  return [
    `Text alone finds the sentence among ${WAYS} in ${shares[0]} of cases at ${config.msPerWord[0]} ms a word, in ${shares[1]} at ${config.msPerWord.at(-1)} ms.`,
    `With the true next words written: ${of(assisted.next, assisted.text, "text alone")}.`,
    `With the words that the language model predicts: ${of(assisted.predicted, assisted.text, "text alone")}.`,
    `With the words of another sentence: ${of(assisted.yoked, assisted.text, "text alone")}.`,
    gains.length > 0
      ? `Less what the writes say without the text, there are more bits than of text alone at ${gains.length} of ${config.msPerWord.length} speeds.`
      : "Less what the writes say without the text, there are at no speed clearly more bits than of text alone.",
    `After lessons with the true next words, nothing written any more: ${of(taught.next, taught.sham, lessons)}.`,
    `After lessons with the words of another sentence: ${of(taught.yoked, taught.sham, lessons)}.`,
  ];
}

function recordOf<Arm extends string, Value>(
  arms: Readonly<Record<Arm, string>>,
  make: (arm: Arm, meaning: string) => Value,
): Record<Arm, Value> {
  const entries = (Object.entries(arms) as [Arm, string][]).map(([arm, meaning]) => [
    arm,
    make(arm, meaning),
  ]);
  return Object.fromEntries(entries) as Record<Arm, Value>;
}
