/** Where in an experiment something happens. */
import type { SegmentId } from "../../recording/spool.ts";
import type { Code, Plan } from "../../session/plan.ts";

/** A stretch of the experiment: which arm, and what is done in it. */
export interface Where {
  /** `common` before the arms part. */
  readonly arm: string;
  /** -1 before the first. */
  readonly cycle: number;
  readonly phase: "survey" | "babble" | "probe" | "train" | "untrained" | "spontaneous" | "retention";
}

/** The series shown to the cultures put back to before they were taught: copies, whose clock goes on beside that of the arms. */
export const UNTRAINED: Where = { arm: "untrained", cycle: -1, phase: "untrained" };

/** A stretch, of which seed and code. */
export interface Place extends Where {
  readonly seed: number;
  readonly code: Code;
}

/** Which segment of the recording a stretch of a brain is. */
export function segmentId(
  { brains }: Pick<Plan, "brains">,
  job: { readonly seed: number; readonly code: Code },
  { arm, cycle, phase }: Where,
  brain: number,
): SegmentId {
  return { seed: job.seed, code: brains === 1 ? job.code : `brain-${brain}`, arm, cycle, phase };
}
