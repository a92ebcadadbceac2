/** What the twin remembers of a window of T steps, to go back through it: `[T, N]` each, N neurons. */
export interface Tape {
  readonly steps: number;
  readonly neurons: number;
  /** Steps written so far. */
  length: number;
  /** The culture's step at which the window begins. */
  startStep: number;
  /** Potential before the step, and after it but before any reset. */
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** 1 + all conductances; those of GABA and NMDA; the open share of NMDA. */
  readonly conductance: Float32Array;
  readonly gaba: Float32Array;
  readonly nmda: Float32Array;
  readonly open: Float32Array;
  /** Spikes (0 or 1; anything between when spikes are graded), and the resource that each would find. */
  readonly spikes: Float32Array;
  readonly resource: Float32Array;
  /** 1 where the cell was refractory. */
  readonly held: Uint8Array;
}

export function blankTape(steps: number, neurons: number): Tape {
  const floats = () => new Float32Array(steps * neurons);
  return {
    ...{ steps, neurons, length: 0, startStep: 0 },
    ...{ before: floats(), after: floats(), conductance: floats(), gaba: floats(), nmda: floats() },
    ...{ open: floats(), spikes: floats(), resource: floats(), held: new Uint8Array(steps * neurons) },
  };
}
