/**
 * What host and kernel share: blocks of 32-bit fields in the imported memory, written by the host in this order
 * (src/culture/memory.ts): all integers and addresses first, then all floats. `layoutBytes` and `stateBytes` let
 * it check that both sides agree. Bounds of rows and columns are entry numbers; `post` and `columnPre` hold slots of 16
 * bits, or of 32 in a culture of blocks (blocks.ts); all other arrays hold 32-bit words.
 *
 * A "slot" is a neuron's index inside the kernel: excitatory cells first, padded to a multiple of sixteen, then the
 * inhibitory ones, padded likewise. Four neighbouring slots are a "group", one SIMD register wide. Every `usize`
 * field is the address of an array.
 */

/** What the membrane loop touches of four cells, 128 bytes; lane = slot % 4. */
@unmanaged
export class Group {
  /** E_L + I0. */
  drive: v128;
  potential: v128;
  /** The first step at which the cell is no longer refractory (integer). */
  readyAt: v128;
  ampa: v128;
  gaba: v128;
  nmda: v128;
  /** Open share of the NMDA-like conductance, B(V). */
  block: v128;
  adaptation: v128;
}

export const GROUP_BYTES: usize = offsetof<Group>();

/** A byte of `arrivals` is for 2^7 bytes of the ring: sixteen slots. */
export const ARRIVAL_SHIFT: usize = 7;

/** Constant after construction. Arrays under "anatomy" are constant, those under "state" are in the snapshot. */
@unmanaged
export class Layout {
  /** Its slots of both kinds, and its synapses: all of the culture, or those of a block. */
  excitatoryFrom: i32;
  excitatoryTo: i32;
  inhibitoryFrom: i32;
  inhibitoryTo: i32;
  synapseFrom: i32;
  synapseTo: i32;
  /** Blocks of the culture, and the most steps that a block may live before it hears the others. */
  blocks: i32;
  epochSteps: i32;
  /** Of the culture. */
  excitatorySlots: i32;
  slots: i32;
  ringBytes: i32;
  ringSlots: i32;
  spikeCapacity: i32;
  refractoryExcitatory: i32;
  refractoryInhibitory: i32;
  triplet: i32;
  homeostasisSteps: i32;
  normalise: i32;
  /** 1: what spikes would change goes to each synapse's eligibility, and only a reward turns that into weight. */
  eligible: i32;
  /** 1: steps depend on the weight (kernel/weight-dependence.ts). */
  weightDependent: i32;
  /** 1: depression grows with the slow presynaptic trace. */
  tripletDepression: i32;
  /** 1: synapses from inhibitory to excitatory cells learn, too (kernel/inhibition.ts). */
  inhibitoryPlastic: i32;
  /** 1: weights are tagged and captured (kernel/consolidation.ts). */
  consolidates: i32;

  // scratch: spikes of the last run; the groups with a cell at threshold
  spikes: usize;
  fired: usize;
  // scratch, only of blocks: one layout and one State for each; what threads meet at (barrier.ts)
  blockLayouts: usize;
  blockStates: usize;
  meeting: usize;
  // scratch, only of blocks: spikes that all hear, [2][epochSteps][slots] pairs (resource, slot), and [2][epochSteps][blocks][2] numbers of them
  heard: usize;
  heardCount: usize;
  // scratch, only of blocks: each trace as it was in the steps of the last two epochs, [2][epochSteps][slots]
  preTraceKept: usize;
  postTraceKept: usize;
  slowTraceKept: usize;
  slowPreTraceKept: usize;
  inhibitoryTraceKept: usize;
  // anatomy: synapses in rows by presynaptic slot; in each row the plastic ones come first
  rowStart: usize;
  rowPlasticEnd: usize;
  rowEnd: usize;
  ringOffset: usize;
  post: usize;
  // anatomy: plastic synapses in columns by postsynaptic slot
  columnStart: usize;
  columnSynapse: usize;
  columnPre: usize;
  // anatomy, only where `inhibitoryPlastic`: the same for synapses from inhibitory cells
  inhibitoryStart: usize;
  inhibitorySynapse: usize;
  inhibitoryPre: usize;
  // constant, only where `weightDependent`: pairs (potentiation, depression) by weight
  weightFactor: usize;
  // anatomy: per slot
  release: usize;
  recoveryRate: usize;
  // state: scalars
  state: usize;
  // state: generators of noise, one for each block
  noise: usize;
  // state: per group
  groups: usize;
  // state: per slot
  resource: usize;
  lastSpike: usize;
  preTrace: usize;
  /** `preTrace` itself in blocks where both decay alike. */
  postTrace: usize;
  slowTrace: usize;
  targetSum: usize;
  rate: usize;
  spikeCount: usize;
  // state: the delay ring, [ringSlots][groups][excitatory or inhibitory][4]
  ring: usize;
  // state, only of blocks: a byte for 128 bytes of the ring, not 0 where something arrives
  arrivals: usize;
  // state: per synapse
  weight: usize;
  // state: per synapse, only where `eligible`
  eligibility: usize;
  // state: per slot, each only where its flag is set
  slowPreTrace: usize;
  inhibitoryTrace: usize;
  protein: usize;
  // state: per synapse, only where `consolidates`
  lateWeight: usize;

  // membrane
  threshold: f32;
  reset: f32;
  gabaReversal: f32;
  leakExcitatory: f32;
  leakInhibitory: f32;
  noiseExcitatory: f32;
  noiseInhibitory: f32;
  adaptationExcitatory: f32;
  adaptationInhibitory: f32;
  adaptationDecay: f32;
  ampaDecay: f32;
  nmdaDecay: f32;
  nmdaFraction: f32;
  gabaDecay: f32;

  // plasticity
  depression: f32;
  potentiation: f32;
  heterosynaptic: f32;
  preTraceDecay: f32;
  postTraceDecay: f32;
  slowTraceDecay: f32;
  tripletOffset: f32;
  maximumWeight: f32;
  targetRate: f32;
  rateSpeed: f32;
  rateMemory: f32;
  countsToRate: f32;
  eligibilityRate: f32;
  /** Share of the way to its target sum that a cell's inputs go in an interval. */
  sumShare: f32;
  /** Of scaling towards `scalingHz` in an interval, at rest; 0: none. */
  scalingShare: f32;
  scalingHz: f32;
  /** Entries of `weightFactor` per unit of weight. */
  factorsPerWeight: f32;
  slowPreTraceDecay: f32;
  tripletDepressionOffset: f32;
  inhibitoryTraceDecay: f32;
  inhibitoryRate: f32;
  /** Trace at which the two halves of a spike of an inhibitory cell balance. */
  inhibitoryTarget: f32;
  inhibitoryMaximum: f32;
  earlyShare: f32;
  captureShare: f32;
  proteinShare: f32;
  proteinHz: f32;
  restore: f32;
}

/** Scalars that change. */
@unmanaged
export class State {
  /** The next step to be computed. */
  step: i32;
  /** 0 frozen .. 1 full; negative turns every change round. */
  plasticity: f32;
  /** Spikes written by the last run. */
  spikeCount: i32;
  /** The step from which `eligibility` counts: it holds e^(age) times what is left now (kernel/eligibility.ts). */
  eligibleSince: i32;
}

/** Xorshift128 in four lanes. */
@unmanaged
export class Noise {
  word0: v128;
  word1: v128;
  word2: v128;
  word3: v128;
}

/** Where the places of the synapses onto a cell (slot * 4) begin and end. */
// @ts-ignore: decorator
@inline
export function columnFrom(layout: Layout, cell: usize): usize {
  return layout.columnSynapse + (load<usize>(layout.columnStart + cell) << 2);
}

// @ts-ignore: decorator
@inline
export function columnEnd(layout: Layout, cell: usize): usize {
  return layout.columnSynapse + (load<usize>(layout.columnStart + cell, 4) << 2);
}

export function layoutBytes(): i32 {
  return i32(offsetof<Layout>());
}

export function stateBytes(): i32 {
  return i32(offsetof<State>());
}
