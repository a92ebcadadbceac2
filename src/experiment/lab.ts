/** Where one seed and code are worked on: its subject, its compiled models, its checkpoints, and its recording. */

import type { ModelPrograms } from "../emulator/one/models.ts";
import { trainingPlasticity } from "../protocol/protocol.ts";
import { type SegmentId, writeSegment } from "../recording/spool.ts";
import type { Checkpoints } from "./checkpoint.ts";
import type { Code, OrganoidConfig } from "./config.ts";
import type { Tuning } from "./control/tuning.ts";
import type { JournalEntry } from "./journal/entries.ts";
import type { Live } from "./live/live.ts";
import { showWeights, weightMap } from "./live/weights.ts";
import { Recorder } from "./recorder.ts";
import type { Subject } from "./subject.ts";

/** Thrown between presentations when the run is to stop; stimulation is off by then. */
export class Stopped extends Error {
  constructor() {
    super("stopped");
    this.name = "Stopped";
  }
}

export interface Lab {
  readonly config: OrganoidConfig;
  readonly code: Code;
  readonly subject: Subject;
  readonly programs: ModelPrograms;
  readonly checkpoints: Checkpoints;
  readonly spool: string;
  /** Adds to the journal. */
  readonly log: (entry: JournalEntry) => void;
  /** Called at every presentation; true when the run is to stop. Blocks while it is paused. */
  readonly tick: () => boolean;
  /** What holds for a cycle of training, the same for all arms: as it was when the first of them began it. */
  readonly tuned: (cycle: number) => Promise<Tuning>;
  /** Tells those who watch. */
  readonly live: Live;
}

type Where = Pick<SegmentId, "arm" | "cycle" | "phase">;

/** Runs `work` with a recorder, then hands what it recorded to the spool. */
export async function recorded<Result>(
  lab: Lab,
  where: Where,
  work: (recorder: Recorder) => Promise<Result>,
): Promise<Result> {
  const { device, seed } = lab.subject;
  lab.live.say({ about: "place", ...where });
  const recorder = new Recorder(device.now(), () => {
    if (!lab.tick()) return;
    void device.stop();
    throw new Stopped();
  });
  const result = await work(recorder);
  lab.live.flush();
  lab.live.tellLedger(device);
  showWeights(lab.live, lab.subject);
  if (where.phase === "probe" && (where.arm === "common" || where.arm === "descent")) {
    const mean = Buffer.from(weightMap(lab.subject).mean.buffer).toString("base64");
    const { arm, cycle } = where;
    lab.log({ about: "weights", value: { seed, code: lab.code, arm, cycle, mean } });
  }
  writeSegment(lab.spool, { seed, code: lab.code, ...where, ...recorder.finish(device.now()) });
  return result;
}

/** The plasticity of training in a cycle: the plan's, as tuned. */
export async function plasticityOf({ config, tuned }: Lab, cycle: number): Promise<number> {
  return trainingPlasticity(cycle, config.cycles) * (await tuned(cycle)).plasticity;
}

/** Everything that one seed and code will hand to the spool, in the order of time for each culture. */
export function segmentsOf(config: OrganoidConfig, seed: number, code: Code): SegmentId[] {
  const id = (arm: string, cycle: number, phase: string): SegmentId => ({ seed, code, arm, cycle, phase });
  const cycles = Array.from({ length: config.cycles }, (_, cycle) => cycle);
  const ids = [id("common", -1, "babble"), id("common", -1, "probe"), id("common", -1, "untrained")];
  for (const arm of config.arms)
    ids.push(...cycles.flatMap((c) => [id(arm, c, "train"), id(arm, c, "probe")]));
  const last = config.cycles - 1;
  if (config.arms.includes("descent")) {
    ids.push(id("scrambled", last, "probe"));
    if (config.retentionSeconds > 0)
      ids.push(id("descent", last, "spontaneous"), id("descent", last, "retention"));
  }
  return ids;
}
