/** A run of its own process, to be killed: `child.ts FOLDER EXPERIMENT-AS-JSON`. One line on stdout per progress event. */
import { writeSync } from "node:fs";
import type { Experiment } from "../../src/experiment/plans.ts";
import { runReported } from "../../src/experiment/reported.ts";

const [, , folder, text] = process.argv;
const experiment = JSON.parse(text) as Experiment;
const hooks = {
  wetgradVersion: "test",
  workers: 1,
  place: { kind: "local" } as const,
  onProgress: ({ done }: { readonly done: number }) => writeSync(1, `${done}\n`),
};
await runReported(experiment, folder, hooks);
