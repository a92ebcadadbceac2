/** Differences from the trained tissue in plain words, group by group: the same for every report. */
import { fixed, percent } from "../format.ts";
import { GROUP_LABELS, type Group, labelOf } from "../names.ts";
import type { Claim, Rival, Standing } from "../schema/verdict.ts";
import { isCount, METRICS, type Metric } from "../vat/metrics.ts";
import { groupIn } from "./claim.ts";

/** A number of the measure, without its unit. */
function show(metric: string, value: number): string {
  const isShare = METRICS[metric as Metric]?.percent ?? metric === "accuracy";
  return isShare ? percent(value) : fixed(value, isCount(metric) ? 2 : 3);
}

/** A difference of the measure with its sign, without its unit. */
export function showDifference(metric: string, difference: number): string {
  return `${difference > 0 ? "+" : ""}${show(metric, difference)}`;
}

export function unitOf(metric: string): string {
  if (metric === "nllNats") return "nats";
  return (METRICS[metric as Metric]?.percent ?? metric === "accuracy")
    ? "points"
    : METRICS[metric as Metric].label;
}

/** `+3.2 [0.2, 6.4]`: by how much the trained tissue is ahead; of one seed without the interval. */
export function marginOf({ metric }: Claim, { difference: { mean, ci95, perSeed } }: Rival): string {
  const margin = showDifference(metric, mean);
  return perSeed.length < 2 ? margin : `${margin} [${show(metric, ci95[0])}, ${show(metric, ci95[1])}]`;
}

/** What a rival is called. */
export function rivalLabel({ name }: Pick<Rival, "name">): string {
  if (name === "before") return "before training";
  return name in METRICS ? METRICS[name as Metric].label : labelOf(name);
}

const MARKS: Readonly<Record<Standing, string>> = { beaten: "✓", open: "≈", better: "✗" };

/** Of one seed nothing is judged, in tables neither. */
export const isJudged = ({ difference: { perSeed } }: Rival): boolean => perSeed.length > 1;

export function markOf(rival: Rival): string {
  return isJudged(rival) ? MARKS[rival.standing] : "·";
}

export function verbOf(rival: Rival): string {
  return isJudged(rival) ? VERBS[rival.standing] : "one seed, not judged";
}

const VERBS: Readonly<Record<Standing, string>> = {
  beaten: "beaten",
  open: "not significant",
  better: "better than the tissue",
};

/** One line of a group: who is beaten, not significantly different, better; and by how much, if asked for. Empty where there is none of it. */
export function groupLine(claim: Claim, group: Group, hasMargins = true): string {
  const rivals = groupIn(claim, group);
  const parts = (["beaten", "open", "better"] as const).flatMap((standing) => {
    const found = rivals.filter((rival) => rival.standing === standing);
    if (found.length === 0) return [];
    const named = found.map((rival) =>
      hasMargins ? `${rivalLabel(rival)} (${marginOf(claim, rival)})` : rivalLabel(rival),
    );
    return [`${verbOf(found[0])}: ${named.join(", ")}`];
  });
  const what = hasMargins ? `, tissue minus each in ${unitOf(claim.metric)}` : "";
  return parts.length === 0 ? "" : `${GROUP_LABELS[group]}${what} — ${parts.join("; ")}`;
}

/** How verdicts are made, for a footnote. */
export function methodLine({
  seeds,
  comparisons,
}: {
  readonly seeds: number;
  readonly comparisons: number;
}): string {
  return seeds < 2
    ? "One seed has no interval: nothing is claimed."
    : `Verdicts are by paired differences over ${seeds} seeds (95 % t intervals), significant where p < 0.05 after Holm's correction for the ${comparisons} comparisons of this report.`;
}
