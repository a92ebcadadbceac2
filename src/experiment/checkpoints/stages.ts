/** What a run has finished, by typed keys: each stage is one file, and the seconds it took are counted by its part. */
import type { Code } from "../../session/plan.ts";

/** Parts of the work on one seed and code. */
export type StagePart =
  | { readonly part: "survey" | "begin" | "before" | "untrained" | "after" | "outcome" | "opponents" }
  /** A dish looked at before a cycle, after so many blocks of quieting. */
  | { readonly part: "quiet"; readonly cycle: number; readonly block: number }
  /** What a cycle was tuned to: the same for all arms. */
  | { readonly part: "tuning"; readonly cycle: number }
  /** A control of a game that is played with the trained cultures. */
  | { readonly part: "critic"; readonly arm: string }
  /** What an arm begins with, where that is not what all begin with. */
  | { readonly part: "start"; readonly arm: string }
  | { readonly part: "arm"; readonly arm: string; readonly cycle: number };

export type Stage = StagePart & { readonly seed: number; readonly code: Code };

/** The name of a stage's file. */
export function stageName(stage: Stage): string {
  const place = "arm" in stage ? [stage.arm] : [];
  const cycle = "cycle" in stage ? [stage.cycle] : [];
  const block = "block" in stage ? [stage.block] : [];
  return [stage.seed, stage.code, stage.part, ...place, ...cycle, ...block].join("-");
}

/** Under which its seconds are counted; null for stages within others. */
export function timedAs(stage: Stage): string | null {
  if (stage.part === "tuning" || stage.part === "outcome") return null;
  return "arm" in stage ? stage.arm : stage.part;
}
