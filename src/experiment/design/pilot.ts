/** What simulated dishes had in an earlier run, by arm: how much they scatter. */

import { readReport } from "../../report/files.ts";
import { isSeries } from "../../report/schema.ts";
import { RunError } from "../error.ts";

/** `[arms][dishes]` right answers by electrode counts. Throws `RunError` where runs lack arms or have too few dishes. */
export function pilotOf(folders: readonly string[], arms: readonly string[]): number[][] {
  const values: number[][] = arms.map(() => []);
  for (const folder of folders) {
    const report = readReport(folder);
    if (!isSeries(report))
      throw new RunError(`${folder}: expected a run of wetgrad organoid, got one of a vat`);
    arms.forEach((arm, i) => {
      const right = report.series[0].arms[arm]?.probe.countAccuracy?.perSeed;
      if (!right)
        throw new RunError(
          `${folder}: expected a run with the arm ${arm}, read by electrode counts, got ${Object.keys(report.series[0].arms).join(", ")}`,
        );
      values[i].push(...right);
    });
  }
  if (values[0].length < 3)
    throw new RunError(
      `--pilot: expected at least 3 dishes (seeds) in all, got ${values[0].length}; run more`,
    );
  return values;
}
