/** What is taught: a brain under light (`LitBrain`), or receptors alone (`Receptors`). Light in, spikes by channel out. */

/** Light at which receptor cells fire at 150 Hz, and dopamine cells at 40 Hz. */
export const ODOUR_MW = 1;
export const DOPAMINE_MW = 40 / 150;

/** A dose below this lights nothing. */
export const LEAST_DOSE = 0.02;

export interface Flash {
  readonly channel: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly irradianceMwPerMm2: number;
}

export interface Subject {
  /** Pulses of light that the gate refused. */
  readonly refused: number;
  /** Spikes by channel. */
  present(durationMs: number, flashes: readonly Flash[], learns: boolean): Promise<Uint32Array>;
  snapshot(): Promise<Uint8Array>;
  /** Goes on from a snapshot. */
  restore(snapshot: Uint8Array): Promise<void>;
  /** What each synapse that learns weighs, as a factor of what it weighed at first. */
  learned(): Promise<Float64Array>;
  setLearned(factors: Float64Array): Promise<void>;
  close(): Promise<void>;
}
