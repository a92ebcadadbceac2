/**
 * Lays a culture out in one WebAssembly memory: the kernel's layout block (kernel/layout.ts), the anatomy, the
 * spike buffer, and last the whole state in one run of bytes, so that a snapshot is a copy of that run.
 */
import { instantiate, type KernelExports } from "./instance.ts";
import type { CultureParameters } from "./parameters.ts";
import { FRAME_US } from "./parameters.ts";
import type { Slots, Wiring } from "./wiring.ts";

/** Below this lies the compiled kernel's own static data. */
const FIRST_ADDRESS = 4096;
const SPIKE_CAPACITY = 1 << 16;
/** Scalars of the kernel's State block: step, plasticity, spikeCount, reserved, then 16 words of xorshift128. */
const STATE_BYTES = 80;

export interface CultureMemory {
  readonly kernel: KernelExports;
  readonly layout: number;
  /** All that a snapshot holds. */
  readonly state: Uint8Array;
  readonly step: Int32Array;
  readonly plasticity: Float32Array;
  readonly spikeCount: Int32Array;
  readonly randomWords: Uint32Array;
  /** Pairs (step, slot) of the last run. */
  readonly spikes: Int32Array;
  /** Per slot. */
  readonly drive: Float32Array;
  readonly potential: Float32Array;
  readonly readyAt: Int32Array;
  readonly resource: Float32Array;
  readonly targetSum: Float32Array;
  readonly rate: Float32Array;
  /** Per row position. */
  readonly weight: Float32Array;
}

/** Hands out addresses, 16-byte aligned, before the memory exists. */
class Plan {
  end = FIRST_ADDRESS;
  words(count: number): number {
    const address = this.end;
    this.end += (4 * count + 15) & ~15;
    return address;
  }
}

export function layOutMemory(p: CultureParameters, slots: Slots, wiring: Wiring): CultureMemory {
  const synapses = wiring.post.length;
  const plastic = wiring.columnPosition.length;
  const ringSlots = wiring.maximumDelaySteps + 1;
  const plan = new Plan();
  const layout = plan.words(128);
  const spikes = plan.words(2 * (SPIKE_CAPACITY + slots.total));
  const rows = {
    rowStart: plan.words(slots.total),
    rowPlasticEnd: plan.words(slots.total),
    rowEnd: plan.words(slots.total),
  };
  const row = { ringOffset: plan.words(synapses), post: plan.words(synapses) };
  const columnStart = plan.words(slots.excitatory + 1);
  const column = { columnSynapse: plan.words(plastic), columnPre: plan.words(plastic) };
  const release = plan.words(slots.total);
  const recoveryRate = plan.words(slots.total);
  const state = plan.words(STATE_BYTES / 4);
  const perSlot = Object.fromEntries(PER_SLOT.map((name) => [name, plan.words(slots.total)])) as Record<
    (typeof PER_SLOT)[number],
    number
  >;
  const ringExcitatory = plan.words(ringSlots * slots.total);
  const ringInhibitory = plan.words(ringSlots * slots.total);
  const weight = plan.words(synapses);

  const { kernel, buffer } = instantiate(plan.end);
  const integers = (address: number, count: number) => new Int32Array(buffer, address, count);
  const floats = (address: number, count: number) => new Float32Array(buffer, address, count);
  const constants = kernelConstants(p);
  const fields = {
    ...{ state, excitatorySlots: slots.excitatory, slots: slots.total },
    ...{ ringBytes: 4 * ringSlots * slots.total, ringSlots, spikes, spikeCapacity: SPIKE_CAPACITY },
    ...constants.integers,
    ...rows,
    ...row,
    columnStart,
    ...column,
    release,
    recoveryRate,
    ...perSlot,
    ringExcitatory,
    ringInhibitory,
    weight,
  };
  const integerFields = Object.values(fields);
  const floatFields = Object.values(constants.floats);
  if (
    4 * (integerFields.length + floatFields.length) !== kernel.layoutBytes() ||
    STATE_BYTES !== kernel.stateBytes()
  )
    throw new Error("internal: kernel.wasm was built from another layout; run `npm run build`");
  integers(layout, integerFields.length).set(integerFields);
  floats(layout + 4 * integerFields.length, floatFields.length).set(floatFields);

  // Indices become byte offsets: four bytes per slot, synapse or column entry.
  const place = (address: number, values: Int32Array) =>
    integers(address, values.length).set(values.map((v) => 4 * v));
  place(rows.rowStart, wiring.rowStart);
  place(rows.rowPlasticEnd, wiring.rowPlasticEnd);
  place(rows.rowEnd, wiring.rowEnd);
  place(
    row.ringOffset,
    wiring.delaySteps.map((delay, at) => delay * slots.total + wiring.post[at]!),
  );
  place(row.post, wiring.post);
  place(columnStart, wiring.columnStart);
  place(column.columnSynapse, wiring.columnPosition);
  place(column.columnPre, wiring.columnPre);
  const stepMs = (p.stepFrames * FRAME_US) / 1000;
  for (let slot = 0; slot < slots.total; slot++) {
    const cell = slot < slots.excitatory ? p.excitatory : p.inhibitory;
    floats(release, slots.total)[slot] = cell.releaseFraction;
    floats(recoveryRate, slots.total)[slot] = stepMs / cell.recoveryMs;
  }
  const view = (name: (typeof PER_SLOT)[number]) => floats(perSlot[name], slots.total);
  return {
    kernel,
    layout,
    state: new Uint8Array(buffer, state, plan.end - state),
    step: integers(state, 1),
    plasticity: floats(state + 4, 1),
    spikeCount: integers(state + 8, 1),
    randomWords: new Uint32Array(buffer, state + 16, 16),
    spikes: integers(spikes, 2 * (SPIKE_CAPACITY + slots.total)),
    drive: view("drive"),
    potential: view("potential"),
    readyAt: integers(perSlot.readyAt, slots.total),
    resource: view("resource"),
    targetSum: view("targetSum"),
    rate: view("rate"),
    weight: floats(weight, synapses),
  };
}

/** State arrays per slot, in the order of the kernel's layout. */
const PER_SLOT = [
  ...([
    "drive",
    "potential",
    "readyAt",
    "ampa",
    "nmda",
    "gaba",
    "adaptation",
    "resource",
    "lastSpike",
  ] as const),
  ...(["preTrace", "postTrace", "slowTrace", "targetSum", "rate", "spikeCount"] as const),
] as const;

/** The layout's numbers for a time step, in its order. */
function kernelConstants(p: CultureParameters) {
  const stepMs = (p.stepFrames * FRAME_US) / 1000;
  const decay = (ms: number) => Math.exp(-stepMs / ms);
  const noise = (membraneMs: number) => p.noiseMv * Math.sqrt((2 * stepMs) / membraneMs);
  const { plasticity, homeostasis, excitatory, inhibitory } = p;
  const homeostasisSteps = Math.max(1, Math.round(homeostasis.intervalMs / stepMs));
  return {
    integers: {
      refractoryExcitatory: Math.round(excitatory.refractoryMs / stepMs),
      refractoryInhibitory: Math.round(inhibitory.refractoryMs / stepMs),
      triplet: plasticity.triplet === null ? 0 : 1,
      homeostasisSteps,
      normalise: homeostasis.normalise ? 1 : 0,
    },
    floats: {
      threshold: p.thresholdMv,
      reset: p.resetMv,
      gabaReversal: p.gabaReversalMv,
      leakExcitatory: stepMs / excitatory.membraneMs,
      leakInhibitory: stepMs / inhibitory.membraneMs,
      noiseExcitatory: noise(excitatory.membraneMs),
      noiseInhibitory: noise(inhibitory.membraneMs),
      adaptationExcitatory: excitatory.adaptationMv,
      adaptationInhibitory: inhibitory.adaptationMv,
      adaptationDecay: decay(p.adaptationMs),
      ampaDecay: decay(p.ampaMs),
      nmdaDecay: decay(p.nmdaMs),
      nmdaFraction: p.nmdaFraction,
      gabaDecay: decay(p.gabaMs),
      depression: plasticity.depression * plasticity.maximumWeight,
      potentiation: plasticity.potentiation * plasticity.maximumWeight,
      heterosynaptic: plasticity.heterosynaptic,
      preTraceDecay: decay(plasticity.preTraceMs),
      postTraceDecay: decay(plasticity.postTraceMs),
      slowTraceDecay: decay(plasticity.triplet?.traceMs ?? 100),
      tripletOffset: plasticity.triplet?.offset ?? 0,
      maximumWeight: plasticity.maximumWeight,
      targetRate: homeostasis.rate?.targetHz ?? 0,
      rateSpeed: homeostasis.rate?.speed ?? 0,
      rateMemory: 1 - Math.exp(-homeostasis.intervalMs / (homeostasis.rate?.memoryMs ?? 20000)),
      countsToRate: 1000 / (homeostasisSteps * stepMs),
    },
  };
}
