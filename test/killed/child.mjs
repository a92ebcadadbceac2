// A run of its own process, to be killed: `child.mjs FOLDER EXPERIMENT-AS-JSON MODULE`. One line on stdout per progress event.
import { writeSync } from "node:fs";

const [, , folder, text, module] = process.argv;
const { runReported } = await import(module);
await runReported(JSON.parse(text), folder, {
  wetgradVersion: "test",
  workers: 1,
  place: { kind: "local" },
  onProgress: ({ done }) => writeSync(1, `${done}\n`),
});
