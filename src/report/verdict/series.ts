/**
 * What the numbers of a series say: does the culture alone beat every control, chance and persistence, with the 95 %
 * intervals over seeds apart? Nothing is claimed from one seed.
 */
import type { Interval } from "../../math/interval.ts";
import { CONTROL_ARMS, CONTROL_BASELINES } from "../names.ts";
import type { CodeReport, Score } from "../schema/series.ts";
import type { Claim, Learning, Verdict } from "../schema/verdict.ts";
import { claimOf, standingOf } from "./claim.ts";

/** What a trained culture must beat for its prediction to count as its own. */
export const CONTROLS: readonly string[] = [...CONTROL_ARMS, ...CONTROL_BASELINES];

/** Everyone whom the trained culture is compared with, by name. */
export function scoresOf(code: CodeReport): Record<string, Score> {
  const arms = Object.fromEntries(Object.entries(code.arms).map(([name, { probe }]) => [name, probe]));
  return { ...arms, ...code.baselines };
}

export function seriesVerdict(codes: readonly CodeReport[]): Verdict {
  const [first] = Object.values(scoresOf(codes[0]));
  const claims = codes.flatMap(claimsOf);
  return {
    seeds: first.accuracy.perSeed.length,
    claims,
    learning: codes.map((code) => learningOf(code, claims)),
  };
}

function claimsOf(code: CodeReport): Claim[] {
  const { descent: ours, ...others } = scoresOf(code);
  if (!ours) return [];
  const of = (metric: "accuracy" | "nllNats") =>
    claimOf({
      code: code.code,
      metric,
      isLowerBetter: metric === "nllNats",
      ours: ours[metric],
      rivals: Object.entries(others).map(([name, score]): [string, Interval] => [name, score[metric]]),
    });
  return [of("accuracy"), of("nllNats")];
}

function learningOf(code: CodeReport, claims: readonly Claim[]): Learning {
  const scores = scoresOf(code);
  const missing = CONTROLS.filter((name) => !scores[name]);
  const accuracy = claims.find((claim) => claim.code === code.code && claim.metric === "accuracy");
  const isBeaten = CONTROLS.every((name) => standingOf(accuracy, name) === "beaten");
  const share = teacherShare(code);
  return {
    code: code.code,
    learned: isBeaten && missing.length === 0 && (accuracy?.ours.perSeed.length ?? 0) > 1,
    missing,
    ...(share === null ? {} : { teacherShare: share }),
  };
}

function teacherShare({ arms: { descent, teacher, sham } }: CodeReport): number | null {
  if (!descent || !teacher || !sham) return null;
  const gain = (arm: typeof descent) => arm.probe.accuracy.mean - sham.probe.accuracy.mean;
  return gain(teacher) > 0 ? gain(descent) / gain(teacher) : null;
}
