/** A process of its own in which every flood of pages goes on at once, of a dashboard whose run stimulates: `flooding.js FOLDER`. */
import { join } from "node:path";
import { writeSavedRun } from "../../src/dashboard/testing/saved.ts";
import { LIVE } from "./flood.ts";
import { FLOODS } from "./floods.ts";
import { Target } from "./process.ts";

const SAVED = "saved";
const folder = process.argv[2];

if (process.send) {
  const segments = await writeSavedRun(join(folder, SAVED));
  const target = new Target("plans", folder);
  const { url } = await target.next("serving");
  await target.begin();
  for (const { pages } of FLOODS) await pages?.({ url, live: LIVE, saved: { name: SAVED, segments } });
  process.on("disconnect", () => {
    target.end();
    process.exit();
  });
  process.send("flooding");
}
