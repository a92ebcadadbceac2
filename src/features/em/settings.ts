/** Settings of sparse Poisson factorisation (learner.ts), and what is used without others. */

export interface EmSettings {
  readonly steps: number;
  /** Windows of a step. */
  readonly batch: number;
  /** c, in spikes, at the end; it begins at `firstThreshold` and rises over the first half. */
  readonly threshold: number;
  readonly firstThreshold: number;
  /** Rounds of inference in learning, and in use. */
  readonly rounds: number;
  readonly roundsInUse: number;
  /** The least f. */
  readonly forget: number;
  /** Features with a greater cosine are one. */
  readonly alike: number;
  /** It begins with this many times the features. */
  readonly spare: number;
  /** Shares of the steps at which features begin to go, and at which only those wanted are left. */
  readonly pruneFrom: number;
  readonly pruneTo: number;
  /** Begins at this dictionary `[features, D]` in place of windows of the data; `spare` has to be 1. */
  readonly start?: Float32Array;
}

export const EM_SETTINGS: EmSettings = {
  steps: 800,
  batch: 2000,
  threshold: 3,
  firstThreshold: 2,
  rounds: 25,
  roundsInUse: 60,
  forget: 0.03,
  alike: 0.75,
  spare: 1.5,
  pruneFrom: 0.6,
  pruneTo: 0.9,
};

/** Factorisation without sparsity, by the same steps: KL-NMF (Lee & Seung 2001). */
export const NMF_SETTINGS: EmSettings = {
  ...EM_SETTINGS,
  steps: 300,
  threshold: 0,
  firstThreshold: 0,
  spare: 1,
  alike: 0.999,
};
