/** Scores of forecasters as a table of text: bits per spike by patch with intervals, and what marks each. */
import type { ForecastScores } from "../../forecast/scores/types.ts";

export function renderColumns(title: string, scores: readonly ForecastScores[]): string {
  const first = scores[0];
  const head = ["", ...first.bits.perPatch.map((_, p) => `patch ${p + 1}`), "all [95 %]", "CRPS", ""];
  const rows = scores.map(({ name, bits, crps, beatsFlat, leak }) => [
    name,
    ...bits.perPatch.map(({ value }) => value.toFixed(3)),
    `${bits.pooled.value.toFixed(3)} [${bits.pooled.ci95.map((end) => end.toFixed(3)).join(", ")}]`,
    crps.population.pooled.value.toFixed(2),
    [beatsFlat === false ? "does not beat flat" : "", leak ? "leak" : ""].filter(Boolean).join(", "),
  ]);
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd();
  return [`${title}: bits per spike over the training mean`, line(head), ...rows.map(line)].join("\n");
}
