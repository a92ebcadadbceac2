/** What the numbers of a vat say, by each of its task's main metrics: descent beside every other arm and player. */
import type { Interval } from "../../math/interval.ts";
import type { GamePart, Scores, VatPart } from "../schema/vat.ts";
import type { Verdict } from "../schema/verdict.ts";
import type { Metric } from "../vat/metrics.ts";
import { judge } from "./claim.ts";

export function vatVerdict(vat: VatPart, game: GamePart | undefined, seeds: number): Verdict {
  const { descent, ...others } = vat.arms;
  if (!descent) return { seeds, comparisons: 0, claims: [] };
  const rivals = (metric: Metric) => {
    const known: [string, Interval | undefined][] = [
      ...Object.entries(others).map(([name, { after }]): [string, Scores] => [name, after]),
      ["before", descent.before] as [string, Scores],
      ...Object.entries(game?.opponents ?? {}),
    ].map(([name, scores]) => [name, scores[metric]]);
    if (metric === "joint")
      known.push(
        ...Object.entries(vat.baselines ?? {}),
        ["majority", descent.after.majority],
        ["bestBrain", descent.after.bestBrain],
      );
    return known.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  };
  const compared = vat.mainMetrics.flatMap((metric) => {
    const ours = descent.after[metric];
    return ours ? [{ metric, ours, rivals: rivals(metric) }] : [];
  });
  return { seeds, ...judge(compared) };
}
