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
}

export interface Wiring {
  /** For each row position, the anatomy's synapse that lies there; and back. */
  readonly synapseAt: Int32Array;
  readonly positionOf: Int32Array;
  /** By slot: row bounds as positions. */
  readonly rowStart: Int32Array;
  readonly rowPlasticEnd: Int32Array;
  readonly rowEnd: Int32Array;
  /** By row position. */
  readonly post: Int32Array;
  readonly delaySteps: Int32Array;
  /** 1 where the presynaptic cell is inhibitory. */
  readonly inhibitory: Uint8Array;
  /** By slot (one more entry than excitatory slots): column bounds; and the position and presynaptic slot of each entry. */
  readonly columnStart: Int32Array;
  readonly columnPosition: Int32Array;
  readonly columnPre: Int32Array;
  readonly maximumDelaySteps: number;
}

const roundUp16 = (n: number) => (n + 15) & ~15;

export function layOutSlots(anatomy: Anatomy): Slots {
  const N = neuronCount(anatomy);
  const E = anatomy.excitatoryCount;
  const excitatory = roundUp16(E);
  const total = excitatory + roundUp16(N - E);
  const slotOf = Int32Array.from({ length: N }, (_, i) => (i < E ? i : i - E + excitatory));
  const neuronAt = new Int32Array(total).fill(-1);
  for (let i = 0; i < N; i++) neuronAt[slotOf[i]] = i;
  return { excitatory, total, slotOf, neuronAt };
}

export function wire(anatomy: Anatomy, slots: Slots, stepMs: number): Wiring {
  const { pre, post, delayMs } = anatomy.synapses;
  const E = anatomy.excitatoryCount;
  const M = pre.length;
  const steps = Int32Array.from(delayMs, (ms) => Math.max(1, Math.round(ms / stepMs)));
  const isPlastic = (k: number) => pre[k] < E && post[k] < E;
  const synapseAt = Int32Array.from({ length: M }, (_, k) => k).sort(
    (a, b) =>
      slots.slotOf[pre[a]] - slots.slotOf[pre[b]] ||
      Number(isPlastic(b)) - Number(isPlastic(a)) ||
      steps[a] - steps[b] ||
      a - b,
  );
  const positionOf = new Int32Array(M);
  const rowStart = new Int32Array(slots.total);
  const rowPlasticEnd = new Int32Array(slots.total);
  const rowEnd = new Int32Array(slots.total);
  for (let at = 0; at < M; at++) {
    const k = synapseAt[at];
    const slot = slots.slotOf[pre[k]];
    positionOf[k] = at;
    if (rowEnd[slot] === 0) {
      rowStart[slot] = at;
      rowPlasticEnd[slot] = at;
    }
    if (isPlastic(k)) rowPlasticEnd[slot] = at + 1;
    rowEnd[slot] = at + 1;
  }
  const plastic = synapseAt.filter((k) => isPlastic(k)).map((k) => positionOf[k]);
  const slotAfter = (at: number) => slots.slotOf[post[synapseAt[at]]];
  const columnPosition = plastic.sort((a, b) => slotAfter(a) - slotAfter(b) || a - b);
  const columnStart = new Int32Array(slots.excitatory + 1);
  for (const at of columnPosition) columnStart[slotAfter(at) + 1]++;
  for (let slot = 0; slot < slots.excitatory; slot++) columnStart[slot + 1] += columnStart[slot];
  return {
    synapseAt,
    positionOf,
    rowStart,
    rowPlasticEnd,
    rowEnd,
    post: synapseAt.map((k) => slots.slotOf[post[k]]),
    delaySteps: synapseAt.map((k) => steps[k]),
    inhibitory: Uint8Array.from(synapseAt, (k) => Number(pre[k] >= E)),
    columnStart,
    columnPosition,
    columnPre: columnPosition.map((at) => slots.slotOf[pre[synapseAt[at]]]),
    maximumDelaySteps: steps.reduce((a, b) => Math.max(a, b), 1),
  };
}
