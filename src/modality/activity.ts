/** What every modality looks at: all spikes of all cells, and where the cells lie. */
export interface TissueActivity {
  readonly seconds: number;
  /** Seconds, ascending, with the cell of each. */
  readonly spikeSeconds: Float64Array;
  readonly spikeCells: Uint16Array | Uint32Array;
  /** `[N, 2]` */
  /** Starts of stimuli, ascending: electrode arrays are blind for a while after each. */
  readonly stimulusSeconds?: Float64Array;
  readonly positionsMm: Float32Array;
  readonly sideMm: number;
  /** Cells 0 .. excitatoryCount - 1 are excitatory. */
  readonly excitatoryCount: number;
  readonly synapses: {
    readonly pre: Uint16Array | Uint32Array;
    readonly post: Uint16Array | Uint32Array;
    readonly delayMs: Float32Array;
    readonly weight: Float32Array;
  };
}

/** A modality's signal `[samples, channels]`, sample k taken over `[k, k + 1) / rateHz`. */
export interface Seen {
  readonly rateHz: number;
  readonly channels: number;
  readonly values: Float32Array;
}
