/** What the model of learning predicted, over all seeds. */
import { addPredictedChanges } from "../../methods/learned-descent/predicted-changes.ts";
import type { ReportedPredictedChanges } from "../../report/schema/series.ts";
import type { Outcome } from "../job/outcome.ts";
import { curveOf } from "./curve.ts";

export function predictedChangesOf(
  outcomes: readonly Outcome[],
  { presentations }: { readonly presentations: number },
): ReportedPredictedChanges | undefined {
  const seeds = outcomes.map(({ arms }) => arms["descent"]?.predictedChanges ?? []);
  if (seeds.some((cycles) => cycles.length === 0)) return undefined;
  const { changes } = addPredictedChanges(seeds.flatMap((cycles) => cycles.flatMap((one) => one ?? [])));
  /** Cycles in which every seed's model had something to predict. */
  const cycles = [...(seeds[0] ?? []).keys()].filter((c) => seeds.every((own) => (own[c]?.reads ?? 0) > 0));
  const share = (pick: "modelRight" | "tissueRight") =>
    curveOf(seeds.map((own) => cycles.map((c) => (own[c]?.[pick] ?? 0) / (own[c]?.reads ?? 1))));
  return {
    changes: Object.entries(changes).map(([write, { count, ...sums }]) => {
      const mean = (sum: number) => sum / count;
      return {
        write,
        count,
        predicted: mean(sums.predicted),
        measured: mean(sums.measured),
        noChange: mean(sums.noChange),
        meanChange: mean(sums.meanChange),
        model: mean(sums.model),
      };
    }),
    presentations: cycles.map((c) => (c + 1) * presentations),
    modelRight: share("modelRight"),
    tissueRight: share("tissueRight"),
  };
}
