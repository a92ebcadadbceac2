/**
 * What host and kernel share: one block of 32-bit fields in the imported memory, written by the host in this order
 * (src/methods/twin/memory.ts): integers and addresses, then floats. Slots are the culture kernel's: excitatory cells
 * first, padded to a multiple of sixteen, then the inhibitory ones, padded likewise.
 */

/** Constants of the cells of one kind. */
@unmanaged
export class Kind {
  refractory: i32;
  /** Its slots: [from, to). */
  from: i32;
  to: i32;
  leak: f32;
  noise: f32;
  adaptationStep: f32;
  release: f32;
  recoveryRate: f32;
  /** What is left of a missing resource after a step. */
  recovery: f32;
}

/** Arrays hold 32-bit words, one per slot where nothing else is said. */
@unmanaged
export class Layout {
  slots: i32;
  excitatorySlots: i32;
  ringBytes: i32;
  /** 1: graded spikes and no refractory time. */
  graded: i32;
  stride: i32;

  /** Of each kind of cell. */
  excitatory: usize;
  inhibitory: usize;
  /** The culture kernel's Noise. */
  random: usize;
  gaussian: usize;
  /** Slots that fired in this step. */
  fired: usize;
  // synapses, in rows by presynaptic slot: bounds of each row, `[slots + 1]`
  rowStart: usize;
  /** (delay * slots + post) * 4. */
  place: usize;
  weight: usize;
  gradient: usize;
  // state
  drive: usize;
  potential: usize;
  readyAt: usize;
  adaptation: usize;
  ampa: usize;
  nmda: usize;
  gaba: usize;
  open: usize;
  resource: usize;
  lastSpike: usize;
  recovered: usize;
  /** `[delays, slots]` each. */
  ringExcitatory: usize;
  ringInhibitory: usize;
  /** `[steps, Tape, slots]`. */
  tape: usize;
  // backward: what an arrival at each step and slot would be worth, `[steps, slots]`
  excitation: usize;
  inhibition: usize;
  /** `[Adjoint, slots]`. */
  adjoint: usize;
  /** What a detected spike is worth, `[bins + 1, slots]`, the last row being zero, and the row of each step. */
  worth: usize;
  binOf: usize;

  threshold: f32;
  reset: f32;
  gabaReversal: f32;
  adaptationDecay: f32;
  ampaDecay: f32;
  nmdaDecay: f32;
  nmdaFraction: f32;
  gabaDecay: f32;
  widthMv: f32;
  /** 1: the reset is a consequence of the potential; 0: taken as given. */
  resetShare: f32;
}

/** What is remembered of a step: potential before it, and after it but before any reset. */
export namespace Tape {
  export const BEFORE: i32 = 0;
  export const AFTER: i32 = 1;
  /** 1 + all conductances. */
  export const CONDUCTANCE: i32 = 2;
  export const NMDA: i32 = 3;
  export const OPEN: i32 = 4;
  export const SPIKE: i32 = 5;
  /** What a spike would find. */
  export const RESOURCE: i32 = 6;
  /** 0 where the cell was refractory, 1 elsewhere. */
  export const LIVE: i32 = 7;
  export const QUANTITIES: i32 = 8;
}

export namespace Adjoint {
  export const POTENTIAL: i32 = 0;
  export const ADAPTATION: i32 = 1;
  export const AMPA: i32 = 2;
  export const NMDA: i32 = 3;
  export const GABA: i32 = 4;
  export const OPEN: i32 = 5;
  export const RESOURCE: i32 = 6;
  /** What a spike is worth through its synapses, as last asked. */
  export const DELIVERY: i32 = 7;
  export const QUANTITIES: i32 = 8;
}
