/** A report in a few words, for a list of runs. */
import { percent } from "./format.ts";
import type { Report } from "./schema.ts";
import { METRICS } from "./vat/metrics.ts";
import { cell } from "./vat/words.ts";

export function resultInShort({ verdict, series, vat }: Report): string {
  if (vat) {
    const [metric] = vat.mainMetrics;
    const after = vat.arms["descent"]?.after;
    return after ? `${vat.brains} brains, ${METRICS[metric].label}: ${cell(after, metric)}` : "";
  }
  const arms = series?.[0]?.arms ?? {};
  const named = ["descent", "sham"].filter((arm) => arms[arm]);
  const right = named.map((arm) => `${arm} ${percent(arms[arm].probe.accuracy.mean, 0)} %`);
  return `${verdict.seeds} ${verdict.seeds === 1 ? "seed" : "seeds"}, right: ${right.join(", ")}`;
}
