/** What the synapses held, over seeds. */
import { bootstrapInterval } from "../../math/interval.ts";
import { mean } from "../../math/statistics.ts";
import type { HoldingReport } from "../../report/schema/interval.ts";
import type { Outcome } from "../job/outcome.ts";

/** Mean over brains, by state of the cultures; undefined where synapses were not read. */
export function holdingReports(outcomes: readonly Outcome[]): Record<string, HoldingReport> | undefined {
  const names = Object.keys(outcomes[0].holdings);
  if (names.length === 0) return undefined;
  return Object.fromEntries(
    names.map((name) => {
      const over = (reading: "summed" | "perSynapse") =>
        bootstrapInterval(outcomes.map(({ holdings }) => mean(holdings[name].map((held) => held[reading]))));
      return [name, { summed: over("summed"), perSynapse: over("perSynapse") }];
    }),
  );
}
