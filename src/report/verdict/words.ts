/** The verdict on a series in plain words. */
import { GROUPS } from "../names.ts";
import type { Claim, Learning, Rival } from "../schema/verdict.ts";
import type { Report } from "../schema.ts";
import { groupIn, nearest, rivalIn } from "./claim.ts";
import { groupLine, marginOf, rivalLabel, unitOf } from "./margins.ts";

/** What was found of one code. */
export interface CodeVerdict {
  readonly learning: Learning;
  /** Absent without descent. */
  readonly accuracy: Claim | undefined;
  readonly nllNats: Claim | undefined;
}

export function verdictOn({ verdict }: Pick<Report, "verdict">, code: "assigned" | "free"): CodeVerdict {
  const learning = verdict.learning?.find((each) => each.code === code);
  if (!learning) throw new Error(`verdict: expected one on the ${code} code`);
  const claim = (metric: string) =>
    verdict.claims.find((each) => each.code === code && each.metric === metric);
  return { learning, accuracy: claim("accuracy"), nllNats: claim("nllNats") };
}

const names = (rivals: readonly Rival[]) => list(rivals.map(rivalLabel));

/** One sentence: whether the tissue's own synapses answer, and by what margin. */
export function headlineOf({ task, verdict }: Pick<Report, "task" | "verdict">, found: CodeVerdict): string {
  const { accuracy, learning } = found;
  if (!accuracy) return `No descent arm was run on ${task.name}: nothing is claimed of it.`;
  const what = `the ${task.name} ${task.kind === "series" ? "series" : "symbols"}`;
  if (verdict.seeds < 2) return `One seed was run on ${what}: no interval, so nothing is claimed.`;
  const controls = groupIn(accuracy, "control");
  const left = controls.filter(({ standing }) => standing !== "beaten");
  const closest = nearest(accuracy, left.length > 0 ? left : controls);
  if (!closest) return `No control was run on ${what}: nothing is claimed of it.`;
  const margin = `${rivalLabel(closest)}, by ${marginOf(accuracy, closest)} ${unitOf(accuracy.metric)}`;
  if (left.length > 0)
    return `On ${what} the culture alone does not beat ${names(left)} over ${verdict.seeds} seeds${left.length > 1 ? `; the nearest is ${margin}` : `: it is ahead of ${margin}`}.`;
  const { missing } = learning;
  if (missing.length > 0)
    return `On ${what} the culture alone beats every control that was run, the nearest, ${margin}. Not run: ${list(missing.map((name) => rivalLabel({ name })))}.`;
  return `The culture learned: alone, it predicts ${what} better than every control; the nearest, ${margin}.`;
}

/** Each group by name; and what else must be said. */
export function caveatsOf({ accuracy, nllNats }: CodeVerdict): string[] {
  if (!accuracy || accuracy.ours.perSeed.length < 2) return [];
  return [...GROUPS.map((group) => groupLine(accuracy, group, false)), unlikelyLine(accuracy, nllNats)]
    .filter((line) => line !== "")
    .map(capital);
}

/** Who is beaten in choices alone. */
export function unlikelyLine(accuracy: Claim, nllNats: Claim | undefined): string {
  const lessLikely = groupIn(accuracy, "control").filter(
    ({ name, standing }) => standing === "beaten" && rivalIn(nllNats, name)?.standing !== "beaten",
  );
  return lessLikely.length === 0
    ? ""
    : `By log-likelihood the culture's probabilities do not beat ${names(lessLikely)}, though its choices do.`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** a; a and b; a, b and c. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
