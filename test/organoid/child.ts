/** A run of its own process, to be killed: `child.ts FOLDER CONFIG-AS-JSON`. One line on stdout per progress event. */
import { writeSync } from "node:fs";
import { organoidConfig } from "../../src/experiment/config.ts";
import { runOrganoid } from "../../src/experiment/run.ts";

const [, , folder, config] = process.argv;
await runOrganoid(organoidConfig.parse(JSON.parse(config)), folder, {
  wetgradVersion: "test",
  workers: 1,
  onProgress: ({ done }) => writeSync(1, `${done}\n`),
});
