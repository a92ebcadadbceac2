/**
 * How tissue is taught, a cycle at a time. A method declares its arms, and what it needs of tissue, task and emulator; what does
 * not fit is refused before anything grows. Each cycle of an arm is a pure function of the plan and of the cycles before it, so
 * that it can be kept in a file and gone on from.
 *
 * Legend: R presentations, N brains.
 */
import type { Babbled, Emulator, FitLosses, Past } from "../emulator/contract.ts";
import type { Write } from "../protocol/protocol.ts";
import type { Cultures, CulturesState } from "../session/cultures.ts";
import type { Code, Plan } from "../session/plan.ts";
import type { GameView, Task, WorldEvent } from "../tasks/contract.ts";
import type { MethodDescription } from "./description.ts";
import type { PredictedChanges } from "./learned-descent/predicted-changes.ts";

/** What every arm begins with: babbling, and what was fitted on it. */
export interface Beginning<Models> {
  /** The cultures after babbling. */
  readonly state: CulturesState;
  readonly babbled: Babbled;
  /** `[N][K]` electrodes of each class in the prediction zone. */
  readonly patterns: readonly (readonly (readonly number[])[])[];
  readonly models: Models;
  readonly losses: FitLosses;
}

/** What is logged of writes that descent chose. */
export interface WriteLog {
  /** Mean cross entropy of the emulator over brains, while descending (nats), `[R]`. */
  readonly crossEntropy: Float32Array;
  /** Class probabilities before the emulator learned from the datum, `[R][N K]`. */
  readonly forecast: readonly Float64Array[];
  /** 1 where the emulator, before it learned, had the class right, `[R, N]`. */
  readonly predicted: Uint8Array;
  /** Flow matching error of the intended states under the prior, per latent, `[R]`; its negative stands for log density. */
  readonly priorError: Float32Array;
  /** Share of the true class's electrodes that were written to, `[R, N]`. */
  readonly overlap: Float32Array;
  /** Correlation of the intended and the evoked state, over bins and electrodes, `[R, N]`. */
  readonly correlation: Float32Array;
}

/** What an arm asked of the tissue in a cycle of training. */
export interface Effort {
  /** Data shown, and pulses of writes beside them that reached the tissue. */
  readonly presentations: number;
  readonly writePulses: number;
  /** Where each datum is read first: presentations with a write. */
  readonly written?: number;
  /** Synapses read and changed one by one. */
  readonly synapsesRead: number;
  readonly synapsesChanged: number;
  /** Sum of the absolute changes, in leak conductances. */
  readonly totalChange: number;
}

/** An effort of nothing, to begin a sum with. */
export const NO_EFFORT: Effort = {
  presentations: 0,
  writePulses: 0,
  synapsesRead: 0,
  synapsesChanged: 0,
  totalChange: 0,
};

/** What a method says of a cycle of training, for the journal: numbers by name. */
export type MethodNotes = Readonly<Record<string, number | string | Readonly<Record<string, number>>>>;

/** The result of a cycle of training. */
export interface Trained<Models, Improved> {
  readonly effort: Effort;
  /** Pulses that reached the tissue, and those that its gates refused. */
  readonly pulses: number;
  readonly refused: number;
  readonly events: readonly (WorldEvent | null)[];
  /** `[R][N]` what was written to each datum, by an arm that others replay. */
  readonly writes?: readonly (readonly (Write | null)[])[];
  /** Where descent goes through the emulator: what it met, the models that it went through, and where it stands. */
  readonly descended?: {
    readonly past: Past;
    readonly models: Models;
    readonly losses: FitLosses | null;
    readonly improved: Improved;
    readonly log: WriteLog;
  };
  /** Where a model of learning predicted what writes would do. */
  readonly predictedChanges?: PredictedChanges;
  /** Strength of every synapse afterwards, where the method writes them. */
  readonly strengths?: Float32Array;
  /** For the journal. */
  readonly notes?: MethodNotes;
  /** What the method itself must remember for the next cycle: plain data. */
  readonly memory?: unknown;
}

/** What is kept of a cycle of the descent once that arm is over: by it other arms are read, and what they replay. */
export type Replayed<Models, Improved> = Pick<Trained<Models, Improved>, "strengths" | "writes"> & {
  readonly descended?: { readonly models: Models; readonly log: WriteLog };
};

/** The result of one step of training or of a probe, for those who watch. */
export interface StepSeen {
  readonly event: WorldEvent | null;
  /** The game after the step, where there is one. */
  readonly game: GameView | null;
  /** Mean cross entropy of the descent in this step (nats); null where nothing descends. */
  readonly crossEntropy: number | null;
}

/** A write of the descent as those who watch see it. */
export interface WriteSeen {
  readonly index: number;
  readonly targets: Int32Array;
  /** `[N, B, C]` */
  readonly intended: Float32Array;
  readonly evoked: Float32Array;
  readonly log: WriteLog;
}

/** What a method is given to train one cycle of an arm with. */
export interface Training<Models, Improved> {
  readonly plan: Plan;
  readonly seed: number;
  readonly code: Code;
  readonly task: Task;
  readonly arm: string;
  readonly cycle: number;
  readonly cultures: Cultures;
  readonly emulator: Emulator<Models, Improved>;
  readonly beginning: Beginning<Models>;
  /** The models that the arm begins with: the beginning's, or those of the unconnected twin. */
  readonly models: Models;
  /** The cycles before this one, of this arm and of the arm descent (all of them, where it has run). */
  readonly before: readonly Trained<Models, Improved>[];
  readonly descent: readonly Replayed<Models, Improved>[];
  /** Plasticity of this cycle's training, as a share of the full rate. */
  readonly plasticity: number;
  /** False in the twin, in which nothing comes from one brain to another. */
  readonly connected: boolean;
  readonly onWrite: (write: WriteSeen) => void;
  readonly watch: (step: StepSeen) => void;
  /** To be called now and then where no step of tissue is taken: throws `Stopped` when the run is to stop. */
  readonly pause: () => void;
}

export interface Method extends MethodDescription {
  train<Models, Improved>(training: Training<Models, Improved>): Promise<Trained<Models, Improved>>;
}
