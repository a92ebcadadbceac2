/** report.json of the writing experiment. */

import type { PairedDifference } from "../../math/comparison/paired.ts";
import type { Interval } from "../../math/interval.ts";
import type { ArmName, DescentName, Variant } from "../arms.ts";
import type { WritingConfig } from "../config.ts";

/** How near what was decoded came to the targets, over cultures. */
export interface MeasuredReport {
  readonly cosine: Interval;
  /** Of the target among 50 strings: 25.5 by chance. */
  readonly rank: Interval;
  readonly top1: Interval;
}

export type Difference = Pick<PairedDifference, "mean" | "ci95"> & { readonly correctedP: number };

export interface ArmReport {
  readonly says: string;
  /** While it was written: with the copies of what was written; and by what the array itself read. */
  readonly while?: MeasuredReport;
  readonly whileRead?: MeasuredReport;
  /** Afterwards, with nothing written. */
  readonly after: MeasuredReport;
  /** The descent minus this arm, in the cosine afterwards. */
  readonly behindDescent?: Difference;
}

export interface AblationReport {
  readonly density: Variant["density"];
  readonly reads: Variant["reads"];
  readonly while: MeasuredReport;
  readonly after: MeasuredReport;
  /** By the decoder that its own descent had. */
  readonly afterByOwn: MeasuredReport;
  /** What its decoder reads off the improved emulator, and the share of the target's electrodes among those written. */
  readonly emulatorCosine: Interval;
  readonly codeOverlap: Interval;
}

export interface SentenceReport {
  readonly seed: number;
  readonly context: string;
  readonly target: string;
  /** What the text decoder says of the numbers of the target that are written. */
  readonly targetSaid: string;
  readonly said: Readonly<Record<string, { readonly text: string; readonly cosine: number }>>;
}

export interface WritingReport {
  readonly formatVersion: 1;
  readonly kind: "writing";
  readonly wetgradVersion: string;
  readonly config: WritingConfig;
  /** Share of the variance of z that the written numbers hold. */
  readonly explained: number;
  /** Of babbled writes that Dec_aux was not fitted on. */
  readonly heldOutCosine: Interval;
  readonly before: MeasuredReport;
  readonly arms: Readonly<Partial<Record<ArmName, ArmReport>>>;
  /** The descent's mean cosine over that of the hand-made writes, and the difference culture by culture. */
  readonly againstHand?: Readonly<
    Record<"while" | "after", { readonly share: number } & Pick<PairedDifference, "mean" | "ci95" | "p">>
  >;
  /** Contexts that were never shown: the nearest of the held-out strings to each, and any others. */
  readonly untaught?: { readonly near: MeasuredReport; readonly far: MeasuredReport };
  readonly ablation: Readonly<Partial<Record<DescentName, AblationReport>>>;
  /** The descent's loss by presentation, mean over cultures and blocks of as many presentations as there are pairs. */
  readonly losses: readonly Interval[];
  readonly refusedPulses: number;
  readonly sentences: readonly SentenceReport[];
  readonly notes: readonly string[];
}
