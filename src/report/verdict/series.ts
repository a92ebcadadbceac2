/** What the numbers of a series say: does the culture alone beat every tissue control? Nothing is claimed from one seed. */
import type { Interval } from "../../math/interval.ts";
import type { CodeReport, Score } from "../schema/series.ts";
import type { Claim, Learning, Verdict } from "../schema/verdict.ts";
import { type Compared, groupIn, judge } from "./claim.ts";

/** Everyone whom the trained culture is compared with, by name. */
export function scoresOf(code: CodeReport): Record<string, Score> {
  const arms = Object.fromEntries(Object.entries(code.arms).map(([name, { probe }]) => [name, probe]));
  return { ...arms, ...code.baselines };
}

/** `expected`: the tissue controls that must be there and beaten for a claim. */
export function seriesVerdict(codes: readonly CodeReport[], expected: readonly string[]): Verdict {
  const [first] = Object.values(scoresOf(codes[0]));
  const { comparisons, claims } = judge(codes.flatMap(comparedOf));
  return {
    seeds: first.accuracy.perSeed.length,
    comparisons,
    claims,
    learning: codes.map((code) => learningOf(code, claims, expected)),
  };
}

function comparedOf(code: CodeReport): Compared[] {
  const { descent: ours, ...others } = scoresOf(code);
  if (!ours) return [];
  return (["accuracy", "nllNats"] as const).map((metric) => ({
    code: code.code,
    metric,
    isLowerBetter: metric === "nllNats",
    ours: ours[metric],
    rivals: Object.entries(others).map(([name, score]): [string, Interval] => [name, score[metric]]),
  }));
}

function learningOf(code: CodeReport, claims: readonly Claim[], expected: readonly string[]): Learning {
  const scores = scoresOf(code);
  const missing = expected.filter((name) => !scores[name]);
  const accuracy = claims.find((claim) => claim.code === code.code && claim.metric === "accuracy");
  const share = teacherShare(code);
  return {
    code: code.code,
    learned:
      accuracy !== undefined &&
      missing.length === 0 &&
      groupIn(accuracy, "control").every(({ standing }) => standing === "beaten"),
    missing,
    ...(share === null ? {} : { teacherShare: share }),
  };
}

function teacherShare({ arms: { descent, teacher, sham } }: CodeReport): number | null {
  if (!descent || !teacher || !sham) return null;
  const gain = (arm: typeof descent) => arm.probe.accuracy.mean - sham.probe.accuracy.mean;
  return gain(teacher) > 0 ? gain(descent) / gain(teacher) : null;
}
