/**
 * A sweep: the organoid cycle on several series (names, or CSV files of one's own), and one table of what the cultures say alone. Small, so that it
 * ends in a minute; take more seeds and the default settings for anything to be believed.
 *
 *   node examples/sweep.mjs [OUT] [SERIES,SERIES]
 */
import { join } from "node:path";
import { organoidConfig, runOrganoid } from "wetgrad";

const [out = "sweep", series = "noisy-cycle,henon"] = process.argv.slice(2);
const SMALL = {
  ...{ seeds: 1, cycles: 1, arms: ["descent", "sham"], codes: ["assigned"], neurons: 150, presentations: 40 },
  ...{ probeTrials: 20, babbleTrials: 200, fitSteps: 15, retentionSeconds: 0 },
};
for (const name of series.split(",")) {
  const config = organoidConfig.parse({ ...SMALL, series: name });
  // A folder that has the run already is gone on with.
  const { report, paths } = await runOrganoid(config, join(out, name.replace(/\W+/g, "-")), { wetgradVersion: "example" });
  const [{ arms, baselines }] = report.series;
  const right = (score) => `${(100 * score.accuracy.mean).toFixed(0)} %`;
  console.log(`${name}: descent ${right(arms.descent.probe)}, sham ${right(arms.sham.probe)}, Markov ${right(baselines.markov)}; ${paths.html}`);
}
process.exit(0);
