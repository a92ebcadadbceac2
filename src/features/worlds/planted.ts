/** Windows whose features are known. */
export interface PlantedWorld {
  /** Electrodes (or electrodes x bins), features, windows. */
  readonly D: number;
  readonly K: number;
  readonly N: number;
  /** `[K, D]`, rows that sum to 1. */
  readonly directions: Float32Array;
  /** Spikes of a window without features, `[D]`. */
  readonly background: Float32Array;
  /** Of each feature the one without which it does not come, or -1. */
  readonly parent: Int32Array;
  /** Spikes that each feature brings to each window, 0 where it is not there, `[N, K]`. */
  readonly amplitudes: Float32Array;
  /** `[N, D]` */
  readonly counts: Uint16Array;
}
