/**
 * Sorts an anatomy's synapses the way the kernel walks them: rows by presynaptic cell (plastic synapses first,
 * then by delay) to deliver a spike, and columns by postsynaptic cell over the plastic ones to learn from it.
 */
import type { Anatomy } from "./anatomy.ts";
import { neuronCount } from "./anatomy.ts";

/** Where each neuron sits in the kernel: excitatory cells first, both kinds padded to a multiple of sixteen slots. */
export interface Slots {
  readonly excitatory: number;
  readonly total: number;
  /** Slot of each neuron, and neuron of each slot (-1 for padding). */
  readonly slotOf: Int32Array;
  readonly neuronAt: Int32Array;
  /** Block of each slot, and the slots of each block. */
  readonly blockAt: Uint8Array;
  readonly blocks: readonly BlockSlots[];
  /** Run by kernel/blocks.ts, its addresses 32 bits wide; by kernel/kernel.ts, 16 bits wide, if not. */
  readonly inBlocks: boolean;
}

/** Slots [from, to) of each kind. */
export interface BlockSlots {
  readonly excitatoryFrom: number;
  readonly excitatoryTo: number;
  readonly inhibitoryFrom: number;
  readonly inhibitoryTo: number;
}

/** Up to this many neurons a culture is one block, as it always was; larger ones are these many. */
const MOST_IN_ONE_BLOCK = 4096;
const BLOCKS = 4;

export interface Wiring {
  /** For each row position, the anatomy's synapse that lies there; and back. */
  readonly synapseAt: Int32Array;
  readonly positionOf: Int32Array;
  /** By block, then slot: bounds, as positions, of the part of its row that ends in the block. */
  readonly rowStart: Int32Array;
  readonly rowPlasticEnd: Int32Array;
  readonly rowEnd: Int32Array;
  /** By row position. */
  readonly post: Int32Array;
  readonly delaySteps: Int32Array;
  /** 1 where the presynaptic cell is inhibitory. */
  readonly inhibitory: Uint8Array;
  readonly columns: Columns;
  /** The columns of the synapses from inhibitory cells; empty unless those are plastic, too. */
  readonly inhibitoryColumns: Columns;
  /** By block: where its rows begin; and the end of the last. */
  readonly blockStart: Int32Array;
  readonly minimumDelaySteps: number;
  readonly maximumDelaySteps: number;
}

/** Plastic synapses by postsynaptic cell. */
export interface Columns {
  /** By slot (one more entry than excitatory slots): bounds. */
  readonly start: Int32Array;
  /** By entry: row position, presynaptic slot. */
  readonly position: Int32Array;
  readonly pre: Int32Array;
}

/** More than any delay. */
const LONGEST_STEPS = 2 ** 30;

const roundUp16 = (n: number) => (n + 15) & ~15;

/** `blocks` in place of as many as the culture's size asks for. */
export function layOutSlots(anatomy: Anatomy, blocks?: number): Slots {
  const N = neuronCount(anatomy);
  const E = anatomy.excitatoryCount;
  const excitatory = roundUp16(E);
  const total = excitatory + roundUp16(N - E);
  const slotOf = Int32Array.from({ length: N }, (_, i) => (i < E ? i : i - E + excitatory));
  const neuronAt = new Int32Array(total).fill(-1);
  for (let i = 0; i < N; i++) neuronAt[slotOf[i]] = i;
  const inBlocks = blocks !== undefined || N > MOST_IN_ONE_BLOCK;
  const many = blocks ?? (inBlocks ? BLOCKS : 1);
  const spans = [excitatory, total - excitatory].map((slots) => roundUp16(Math.ceil(slots / many)));
  const parts = Array.from({ length: many }, (_, b): BlockSlots => {
    const bound = (kind: 0 | 1, block: number) =>
      Math.min([excitatory, total][kind], kind * excitatory + block * spans[kind]);
    return {
      excitatoryFrom: bound(0, b),
      excitatoryTo: bound(0, b + 1),
      inhibitoryFrom: bound(1, b),
      inhibitoryTo: bound(1, b + 1),
    };
  });
  const blockAt = new Uint8Array(total);
  parts.forEach((part, b) => {
    blockAt.fill(b, part.excitatoryFrom, part.excitatoryTo).fill(b, part.inhibitoryFrom, part.inhibitoryTo);
  });
  return { excitatory, total, slotOf, neuronAt, blockAt, blocks: parts, inBlocks };
}

export interface WireOptions {
  readonly stepMs: number;
  /** Synapses from inhibitory to excitatory cells learn, too. */
  readonly inhibitoryPlastic?: boolean;
}

export function wire(
  anatomy: Anatomy,
  slots: Slots,
  { stepMs, inhibitoryPlastic = false }: WireOptions,
): Wiring {
  const { pre, post, delayMs } = anatomy.synapses;
  const { slotOf, blockAt, total, excitatory } = slots;
  const blocks = slots.blocks.length;
  const E = anatomy.excitatoryCount;
  const M = pre.length;
  // By synapse: its slots, steps and block, and whether it learns.
  const from = new Int32Array(M);
  const to = new Int32Array(M);
  const steps = new Int32Array(M);
  const block = new Int32Array(M);
  const plastic = new Uint8Array(M);
  let [minimumDelaySteps, maximumDelaySteps] = [LONGEST_STEPS, 1];
  for (let k = 0; k < M; k++) {
    from[k] = slotOf[pre[k]];
    to[k] = slotOf[post[k]];
    block[k] = blockAt[to[k]];
    plastic[k] = post[k] < E && (pre[k] < E || inhibitoryPlastic) ? 1 : 0;
    steps[k] = Math.max(1, Math.round(delayMs[k] / stepMs));
    if (steps[k] < minimumDelaySteps) minimumDelaySteps = steps[k];
    if (steps[k] > maximumDelaySteps) maximumDelaySteps = steps[k];
  }
  const span = maximumDelaySteps + 1;
  const delayKey = steps.map((step, k) => (plastic[k] ? step : span + step));
  const byRow = sorted(sorted(iota(M), delayKey, 2 * span), from, total);
  const synapseAt = blocks > 1 ? sorted(byRow, block, blocks) : byRow;

  const positionOf = new Int32Array(M);
  const rowStart = new Int32Array(blocks * total);
  const rowPlasticEnd = new Int32Array(blocks * total);
  const rowEnd = new Int32Array(blocks * total);
  const blockStart = new Int32Array(blocks + 1);
  const inhibitory = new Uint8Array(M);
  for (let at = 0; at < M; at++) {
    const k = synapseAt[at];
    const row = block[k] * total + from[k];
    positionOf[k] = at;
    inhibitory[at] = pre[k] >= E ? 1 : 0;
    if (rowEnd[row] === 0) {
      rowStart[row] = at;
      rowPlasticEnd[row] = at;
    }
    if (plastic[k]) rowPlasticEnd[row] = at + 1;
    rowEnd[row] = at + 1;
    blockStart[block[k] + 1] = at + 1;
  }
  for (let b = 0; b < blocks; b++) blockStart[b + 1] = Math.max(blockStart[b + 1], blockStart[b]);
  const at = (column: Int32Array) => synapseAt.map((k) => column[k]);
  const slotAfter = at(to);
  const columnsFrom = (isInhibitory: 0 | 1): Columns => {
    const learning = new Int32Array(M);
    let count = 0;
    for (let at = 0; at < M; at++)
      if (plastic[synapseAt[at]] && inhibitory[at] === isInhibitory) learning[count++] = at;
    const position = sorted(learning.subarray(0, count), slotAfter, excitatory);
    const start = new Int32Array(excitatory + 1);
    for (const at of position) start[slotAfter[at] + 1]++;
    for (let slot = 0; slot < excitatory; slot++) start[slot + 1] += start[slot];
    return { start, position, pre: position.map((at) => from[synapseAt[at]]) };
  };
  return {
    synapseAt,
    positionOf,
    rowStart,
    rowPlasticEnd,
    rowEnd,
    post: slotAfter,
    delaySteps: at(steps),
    inhibitory,
    columns: columnsFrom(0),
    inhibitoryColumns: columnsFrom(1),
    blockStart,
    minimumDelaySteps: Math.min(minimumDelaySteps, maximumDelaySteps),
    maximumDelaySteps,
  };
}

function iota(length: number): Int32Array {
  const out = new Int32Array(length);
  for (let k = 0; k < length; k++) out[k] = k;
  return out;
}

/** Entries in the order of their keys, `keyOf[entry]`, below `keys`; of equal keys, in the order given (counting sort). */
function sorted(entries: Int32Array, keyOf: Int32Array, keys: number): Int32Array {
  const next = new Int32Array(keys + 1);
  for (let i = 0; i < entries.length; i++) next[keyOf[entries[i]] + 1]++;
  for (let key = 0; key < keys; key++) next[key + 1] += next[key];
  const out = new Int32Array(entries.length);
  for (let i = 0; i < entries.length; i++) out[next[keyOf[entries[i]]]++] = entries[i];
  return out;
}
