/** A finished run with a recording of made-up spikes, for pages to replay: as large as an hour of a culture. */
import { join } from "node:path";
import { writeConfig } from "../../experiment/folder.ts";
import { taskOf } from "../../experiment/job/setup.ts";
import { organoidConfig } from "../../experiment/organoid/config.ts";
import { type Experiment, planOf } from "../../experiment/plans.ts";
import { nwbSession, segmentsOf } from "../../experiment/recording.ts";
import { Random } from "../../math/random.ts";
import { buildNwb } from "../../recording/nwb/run.ts";
import type { Segment } from "../../recording/spool.ts";

const FRAMES = 25_000 * 60;
const SPIKES = 20_000;
const CHANNELS = 64;

/** Writes the run, with so many spikes in each stretch, and says how many stretches it has. */
export async function writeSavedRun(folder: string, spikes = SPIKES): Promise<number> {
  const config = organoidConfig.parse({ series: "henon", seeds: 1, codes: ["assigned"], cycles: 4 });
  const experiment: Experiment = { kind: "organoid", config };
  const plan = planOf(experiment);
  const task = (await taskOf(plan))(config.firstSeed);
  const ids = segmentsOf(plan, task);
  writeConfig(folder, experiment);
  const segments = ids.map((id, i) => ({ ...id, ...madeUp(i, spikes) }));
  await buildNwb(join(folder, "recording.nwb"), nwbSession(plan, task), segments);
  return ids.length;
}

function madeUp(
  index: number,
  count: number,
): Pick<Segment, "startFrame" | "endFrame" | "spikes" | "pulses" | "series"> {
  const random = Random.of(index, "spikes");
  const startFrame = index * FRAMES;
  const frames = Float64Array.from({ length: count }, () => startFrame + random.integer(FRAMES)).sort();
  const channels = Uint16Array.from({ length: count }, () => random.integer(CHANNELS));
  return { startFrame, endFrame: startFrame + FRAMES, spikes: { frames, channels }, pulses: [], series: [] };
}
