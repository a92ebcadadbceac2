/** Stages and stretches of the work on one seed and code: read back, or done, kept and recorded. */
import { writeSegment } from "../../recording/spool.ts";
import { Recorder } from "../../session/recorder.ts";
import type { StagePart } from "../checkpoints/stages.ts";
import { journalWeights } from "../journal/tell.ts";
import type { Desk } from "./lab.ts";
import { segmentId, type Where } from "./where.ts";

/** A stage of this lab: read back if it is done, else computed and kept. */
export function stage<Result>(
  { checkpoints, seed, code }: Pick<Desk, "checkpoints" | "seed" | "code">,
  part: StagePart,
  compute: () => Promise<Result>,
): Promise<Result> {
  return checkpoints.stage({ ...part, seed, code }, compute);
}

/** Does `work`, then hands what the cultures did in it to the spool. */
export async function recorded<Result>(
  lab: Desk,
  where: Where,
  work: () => Promise<Result>,
): Promise<Result> {
  const { cultures, spool, observer, seed, code } = lab;
  observer.place?.({ ...where, seed, code });
  const recorder = spool === null ? null : new Recorder();
  cultures.recorder = recorder;
  try {
    const result = await work();
    await observer.left?.({ ...where, seed, code }, cultures);
    await journalWeights(lab, { ...where, seed, code }, cultures);
    if (recorder && spool !== null)
      for (const brain of cultures.brains)
        writeSegment(spool, {
          ...segmentId(lab.plan, lab, where, brain),
          ...recorder.finish(brain, cultures.frameOf(brain)),
        });
    return result;
  } finally {
    cultures.recorder = null;
  }
}
