/** What an experiment over dishes and days found, in words. */
import { percent, pValue } from "../format.ts";
import { type DesignReport, MEASURE_LABELS, MEASURES } from "./schema.ts";

type Difference = DesignReport["measures"][string]["differences"][string];

const LEVEL = 0.05;

/** The first sentence. */
export function headlineOf({ isBlind, measures, sessions, control }: DesignReport): string {
  const counted = sessions.filter(({ excluded }) => excluded === undefined).length;
  if (isBlind) return `${counted} sessions count; which arm is which is not opened yet`;
  const measure = MEASURES.find((name) => measures[name]);
  if (!measure || !control) return `${counted} sessions are too few to compare`;
  const told = Object.entries(measures[measure].differences).filter(
    ([, { correctedP }]) => correctedP < LEVEL,
  );
  if (told.length === 0) return `No arm is told from ${control} by its ${MEASURE_LABELS[measure]}`;
  const text = told
    .map(
      ([arm, difference]) =>
        `${arm} ${difference.mean > 0 ? "gains more" : "gains less"} than ${control}: ${points(difference)} points`,
    )
    .join("; ");
  return text[0].toUpperCase() + text.slice(1);
}

export function points({ mean, ci95 }: Pick<Difference, "mean" | "ci95">): string {
  return `${mean > 0 ? "+" : ""}${percent(mean)} [${percent(ci95[0])}, ${percent(ci95[1])}]`;
}

/** `p 0.012, corrected 0.036, 5.0 degrees of freedom` */
export function chances({ p, correctedP, degrees }: Difference): string {
  return `p ${pValue(p)}, corrected ${pValue(correctedP)}, ${degrees.toFixed(1)} degrees of freedom`;
}

export const isTold = ({ correctedP }: Difference): boolean => correctedP < LEVEL;
