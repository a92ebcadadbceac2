/** A finished run with a recording of made-up spikes, for pages to replay: as large as an hour of a culture. */
import { join } from "node:path";
import { writeConfig } from "../../src/experiment/folder.ts";
import { taskOf } from "../../src/experiment/job/setup.ts";
import { organoidConfig } from "../../src/experiment/organoid/config.ts";
import { type Experiment, planOf } from "../../src/experiment/plans.ts";
import { nwbSession, segmentsOf } from "../../src/experiment/recording.ts";
import { Random } from "../../src/math/random.ts";
import { buildNwb } from "../../src/recording/nwb/run.ts";
import type { Segment } from "../../src/recording/spool.ts";

const FRAMES = 25_000 * 60;
const SPIKES = 20_000;
const CHANNELS = 64;

/** Writes the run, and says how many stretches it has. */
export async function writeSavedRun(folder: string): Promise<number> {
  const config = organoidConfig.parse({ series: "henon", seeds: 1, codes: ["assigned"], cycles: 4 });
  const experiment: Experiment = { kind: "organoid", config };
  const plan = planOf(experiment);
  const task = (await taskOf(plan))(config.firstSeed);
  const ids = segmentsOf(plan, task);
  writeConfig(folder, experiment);
  const segments = ids.map((id, i) => ({ ...id, ...madeUp(i) }));
  await buildNwb(join(folder, "recording.nwb"), nwbSession(plan, task), segments);
  return ids.length;
}

function madeUp(index: number): Pick<Segment, "startFrame" | "endFrame" | "spikes" | "pulses" | "series"> {
  const random = Random.of(index, "spikes");
  const startFrame = index * FRAMES;
  const frames = Float64Array.from({ length: SPIKES }, () => startFrame + random.integer(FRAMES)).sort();
  const channels = Uint16Array.from({ length: SPIKES }, () => random.integer(CHANNELS));
  return { startFrame, endFrame: startFrame + FRAMES, spikes: { frames, channels }, pulses: [], series: [] };
}
