/** For those who watch a vat experiment while it goes. Nothing of this enters a result. */

import type { VatTask, WorldEvent } from "../../tasks/worlds/contract.ts";
import type { PongGame } from "../../tasks/worlds/pong/pong-game.ts";
import type { VatArm } from "./config.ts";
import type { ArmOutcome, VatProbe } from "./experiment.ts";

/** A stretch of the experiment: which vat, and what is done with it. */
export interface VatPlace {
  readonly seed: number;
  /** `common`: before the arms part. */
  readonly arm: VatArm | "common";
  /** -1 before the first. */
  readonly cycle: number;
  readonly phase: "babble" | "train" | "probe";
}

/** What one step came to. */
export interface SeenStep {
  readonly event: WorldEvent | null;
  /** The game after the step, where there is one. */
  readonly game: PongGame | null;
  /** Mean cross entropy of the descent in this step (nats); null where nothing descends. */
  readonly crossEntropy: number | null;
}

export interface VatObserver {
  /** A stretch begins. */
  place?(place: VatPlace): void;
  step?(step: SeenStep): void;
  probed?(place: VatPlace, probe: VatProbe, task: VatTask): void;
  /** All arms of one seed have ended. */
  finished?(seed: number, outcomes: readonly ArmOutcome[], task: VatTask): void;
}
