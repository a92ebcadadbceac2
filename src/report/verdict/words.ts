/** The verdict on a series in plain words. */
import { percent } from "../format.ts";
import { BASELINE_NAMES, CONTROL_BASELINES, labelOf } from "../names.ts";
import type { Claim, Learning } from "../schema/verdict.ts";
import type { Report } from "../schema.ts";
import { rivalsOf, standingOf } from "./claim.ts";
import { CONTROLS } from "./series.ts";

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

/** Controls that were run and are not beaten. */
function unbeaten({ accuracy, learning }: CodeVerdict): string[] {
  return CONTROLS.filter(
    (name) => !learning.missing.includes(name) && standingOf(accuracy, name) !== "beaten",
  );
}

/** One sentence. */
export function headlineOf({ task, verdict }: Pick<Report, "task" | "verdict">, found: CodeVerdict): string {
  const { accuracy, learning } = found;
  if (!accuracy) return `No descent arm was run on ${task.name}: nothing is claimed of it.`;
  const what = `the ${task.name} ${task.kind === "series" ? "series" : "symbols"}`;
  if (verdict.seeds < 2) return `One seed was run on ${what}: no interval, so nothing is claimed.`;
  const left = unbeaten(found);
  if (left.length > 0) return `On ${what} the culture alone does not beat ${list(left.map(labelOf))}.`;
  const { missing } = learning;
  if (missing.length > 0)
    return `On ${what} the culture alone beats every control that was run; ${list(missing.map(labelOf))} ${missing.length > 1 ? "were" : "was"} not.`;
  return `The culture learned: alone, it predicts ${what} better than every control, chance and persistence.`;
}

/** Where the culture does worse than a control, persistence, or the emulator alone; and what else must be said. */
export function caveatsOf({ accuracy, nllNats }: CodeVerdict): string[] {
  const others = Object.keys(BASELINE_NAMES).filter((name) => !CONTROL_BASELINES.includes(name));
  const caveats = [...CONTROLS, ...others].flatMap((name) => {
    const standing = standingOf(accuracy, name);
    const rival = rivalsOf(accuracy).find((each) => each.name === name);
    if (!rival || standing === "beaten") return [];
    const word =
      standing === "better" ? "is better than the culture" : "has an interval that overlaps the culture’s";
    return [`${capital(labelOf(name))} ${word}: ${percent(rival.mean)} % right.`];
  });
  const lessLikely = CONTROLS.filter(
    (name) => standingOf(accuracy, name) === "beaten" && standingOf(nllNats, name) !== "beaten",
  );
  if (lessLikely.length > 0)
    caveats.push(
      `By log-likelihood the culture's probabilities do not beat ${list(lessLikely.map(labelOf))}, though its choices do.`,
    );
  return caveats;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** a; a and b; a, b and c. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
