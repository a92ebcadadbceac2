/**
 * Lays a culture out in one WebAssembly memory: the kernel's layout block (kernel/layout.ts), scratch, the anatomy,
 * and last the whole state in one run of bytes, so that a snapshot is a copy of that run.
 */
import { instantiate, type KernelExports, type KernelInstance } from "./instance.ts";
import { kernelConstants } from "./kernel-constants.ts";
import type { CultureParameters } from "./parameters.ts";
import { TABLE_WORDS, weightTable } from "./rules/weight-dependence.ts";
import { stepConstants } from "./step-constants.ts";
import type { Slots, Wiring } from "./wiring.ts";

/** Below this lies the compiled kernel's own static data; the layout block comes first. */
const LAYOUT_ADDRESS = 4096;
const FIRST_ARRAY = 8192;
const SPIKE_CAPACITY = 1 << 16;
/** The kernel's State: step, plasticity, spikeCount, eligibleSince. */
const STATE_WORDS = 4;
/** Of xorshift128 in four lanes, for each block. */
const NOISE_WORDS = 16;
/** Of each thread, the kernel's Place (kernel/barrier.ts). */
const PLACE_WORDS = 16;
/** The most steps that blocks live before they hear each other; no more than the shortest delay. */
const MOST_EPOCH_STEPS = 4;
/** Of the kernel's Layout, which is checked. */
const LAYOUT_BYTES = 440;
/** Of the ring, for which there is a byte in the kernel's `arrivals`. */
const BYTES_OF_AN_ARRIVAL = 128;
/** A group of four slots has 32 words: four per quantity, in this order. */
const GROUP_QUANTITIES = [
  "drive",
  "potential",
  "readyAt",
  "ampa",
  "gaba",
  "nmda",
  "open",
  "adaptation",
] as const;

export interface CultureMemory {
  readonly kernel: KernelExports;
  /** For other threads (threads.ts). */
  readonly instance: Pick<KernelInstance, "module" | "memory">;
  /** What this thread shows them: the first words of its Place (kernel/barrier.ts). */
  readonly place: Int32Array;
  readonly layout: number;
  /** All that a snapshot holds. */
  readonly state: Uint8Array;
  /** Of the layout, not of the state: how fast target sums follow rates. */
  readonly rateSpeed: Float32Array;
  readonly step: Int32Array;
  readonly plasticity: Float32Array;
  readonly spikeCount: Int32Array;
  readonly randomWords: Uint32Array;
  /** Pairs (step, slot) of the last run. */
  readonly spikes: Int32Array;
  /** Cell quantities by group, as floats and (readyAt) as integers; `cellIndex` finds one. */
  readonly cells: Float32Array;
  readonly cellIntegers: Int32Array;
  /** Per slot. */
  readonly resource: Float32Array;
  readonly lastSpike: Int32Array;
  readonly targetSum: Float32Array;
  readonly rate: Float32Array;
  /** The delay ring, `[ringSlots][groups][excitatory or inhibitory][4]`. */
  readonly ring: Float32Array;
  /** Per row position. */
  readonly weight: Float32Array;
  /** Per row position; empty where nothing consolidates. */
  readonly lateWeight: Float32Array;
}

/** Where a slot's quantity lies in `cells`. */
export function cellIndex(slot: number, quantity: (typeof GROUP_QUANTITIES)[number]): number {
  return 32 * (slot >> 2) + 4 * GROUP_QUANTITIES.indexOf(quantity) + (slot & 3);
}

export function layOutMemory(p: CultureParameters, slots: Slots, wiring: Wiring): CultureMemory {
  const synapses = wiring.post.length;
  const { columns, inhibitoryColumns } = wiring;
  const { weightDependence, inhibitory: inhibitoryRule, consolidation, triplet, eligibility } = p.plasticity;
  const perSlot = (isThere: unknown) => (isThere ? slots.total : 0);
  const ringSlots = wiring.maximumDelaySteps + 1;
  const ringWords = 2 * slots.total * ringSlots;
  const blocks = slots.blocks.length;
  const { inBlocks } = slots;
  const epochSteps = Math.min(wiring.minimumDelaySteps, MOST_EPOCH_STEPS);
  const sameTraces = inBlocks && p.plasticity.preTraceMs === p.plasticity.postTraceMs;
  /** Words of so many slots. */
  const slotWords = (count: number) => (inBlocks ? count : Math.ceil(count / 2));
  const layoutWords = Math.ceil(LAYOUT_BYTES / 16) * 4;
  const firedWords = Math.ceil((slots.total / 4 + 1) / 4) * 4;
  const kept = (isThere: unknown) => (inBlocks && isThere ? 2 * epochSteps * slots.total : 0);
  /** Words of each array, in the order of the kernel's layout. */
  const sizes = {
    spikes: 2 * (SPIKE_CAPACITY + epochSteps * slots.total),
    fired: blocks * firedWords,
    blockLayouts: inBlocks ? blocks * layoutWords : 0,
    blockStates: inBlocks ? blocks * STATE_WORDS : 0,
    meeting: PLACE_WORDS * blocks,
    heard: 2 * kept(true),
    heardCount: inBlocks ? 4 * epochSteps * blocks : 0,
    preTraceKept: kept(true),
    postTraceKept: kept(!sameTraces),
    slowTraceKept: kept(triplet),
    slowPreTraceKept: kept(triplet?.depression),
    inhibitoryTraceKept: kept(inhibitoryRule),
    rowStart: blocks * slots.total,
    rowPlasticEnd: blocks * slots.total,
    rowEnd: blocks * slots.total,
    ringOffset: synapses,
    post: slotWords(synapses),
    columnStart: slots.excitatory + 1,
    columnSynapse: columns.position.length,
    columnPre: slotWords(columns.pre.length),
    inhibitoryStart: inhibitoryRule ? slots.excitatory + 1 : 0,
    inhibitorySynapse: inhibitoryColumns.position.length,
    inhibitoryPre: slotWords(inhibitoryColumns.pre.length),
    weightFactor: weightDependence ? TABLE_WORDS : 0,
    release: slots.total,
    recoveryRate: slots.total,
    state: STATE_WORDS,
    noise: NOISE_WORDS * blocks,
    groups: 8 * slots.total,
    resource: slots.total,
    lastSpike: slots.total,
    preTrace: slots.total,
    postTrace: sameTraces ? 0 : slots.total,
    slowTrace: slots.total,
    targetSum: slots.total,
    rate: slots.total,
    spikeCount: slots.total,
    ring: ringWords,
    arrivals: inBlocks ? Math.ceil((4 * ringWords) / BYTES_OF_AN_ARRIVAL / 4) : 0,
    weight: synapses,
    eligibility: eligibility ? synapses : 0,
    slowPreTrace: perSlot(triplet?.depression),
    inhibitoryTrace: perSlot(inhibitoryRule),
    protein: perSlot(consolidation),
    lateWeight: consolidation ? synapses : 0,
  };
  let end = FIRST_ARRAY;
  const address = {} as Record<keyof typeof sizes, number>;
  for (const [name, words] of Object.entries(sizes)) {
    address[name as keyof typeof sizes] = end;
    end += (4 * words + 15) & ~15;
  }
  if (sameTraces) {
    address.postTrace = address.preTrace;
    address.postTraceKept = address.preTraceKept;
  }

  const { kernel, buffer, ...instance } = instantiate(end, inBlocks);
  const integers = (name: keyof typeof sizes) => new Int32Array(buffer, address[name], sizes[name]);
  const floats = (name: keyof typeof sizes) => new Float32Array(buffer, address[name], sizes[name]);
  const constants = kernelConstants(p);
  const whole = {
    excitatoryFrom: 0,
    excitatoryTo: slots.excitatory,
    inhibitoryFrom: slots.excitatory,
    inhibitoryTo: slots.total,
    synapseFrom: 0,
    synapseTo: synapses,
    blocks,
    epochSteps,
    excitatorySlots: slots.excitatory,
    slots: slots.total,
    ringBytes: 4 * ringWords,
    ringSlots,
    spikeCapacity: SPIKE_CAPACITY,
    ...constants.integers,
    ...address,
  };
  const floatFields = Object.values(constants.floats);
  const integerCount = Object.keys(whole).length;
  if (4 * (integerCount + floatFields.length) !== LAYOUT_BYTES)
    throw new Error(`internal: expected a layout of ${LAYOUT_BYTES} bytes`);
  if (LAYOUT_BYTES !== kernel.layoutBytes() || 4 * STATE_WORDS !== kernel.stateBytes())
    throw new Error("internal: kernel.wasm was built from another layout; run `npm run build`");
  const writeLayout = (at: number, fields: typeof whole) => {
    new Int32Array(buffer, at).set(Object.values(fields));
    new Float32Array(buffer, at + 4 * integerCount).set(floatFields);
  };
  writeLayout(LAYOUT_ADDRESS, whole);
  if (inBlocks)
    slots.blocks.forEach((block, b) => {
      const rows = 4 * slots.total * b;
      writeLayout(address.blockLayouts + 4 * layoutWords * b, {
        ...whole,
        ...block,
        synapseFrom: wiring.blockStart[b],
        synapseTo: wiring.blockStart[b + 1],
        fired: address.fired + 4 * firedWords * b,
        rowStart: address.rowStart + rows,
        rowPlasticEnd: address.rowPlasticEnd + rows,
        rowEnd: address.rowEnd + rows,
        state: address.blockStates + 4 * STATE_WORDS * b,
        noise: address.noise + 4 * NOISE_WORDS * b,
      });
    });

  for (const name of ["rowStart", "rowPlasticEnd", "rowEnd"] as const) integers(name).set(wiring[name]);
  const writeSlots = (name: keyof typeof sizes, values: Int32Array) =>
    new (inBlocks ? Uint32Array : Uint16Array)(buffer, address[name], values.length).set(values);
  writeSlots("post", wiring.post);
  integers("columnStart").set(columns.start);
  integers("columnSynapse").set(columns.position);
  writeSlots("columnPre", columns.pre);
  if (inhibitoryRule) integers("inhibitoryStart").set(inhibitoryColumns.start);
  integers("inhibitorySynapse").set(inhibitoryColumns.position);
  writeSlots("inhibitoryPre", inhibitoryColumns.pre);
  if (weightDependence) floats("weightFactor").set(weightTable(weightDependence, p.plasticity.maximumWeight));
  integers("ringOffset").set(
    wiring.post.map((slot, at) => {
      const word = 8 * (slot >> 2) + (slot & 3) + (wiring.inhibitory[at] ? 4 : 0);
      return 4 * (2 * slots.total * wiring.delaySteps[at] + word);
    }),
  );
  const { excitatory, inhibitory } = stepConstants(p);
  for (const name of ["release", "recoveryRate"] as const)
    floats(name).fill(inhibitory[name]).fill(excitatory[name], 0, slots.excitatory);
  const rateSpeed = Object.keys(constants.floats).indexOf("rateSpeed");
  return {
    rateSpeed: new Float32Array(buffer, LAYOUT_ADDRESS + 4 * (integerCount + rateSpeed), 1),
    kernel,
    instance,
    place: integers("meeting").subarray(0, PLACE_WORDS),
    layout: LAYOUT_ADDRESS,
    state: new Uint8Array(buffer, address.state, end - address.state),
    step: integers("state").subarray(0, 1),
    plasticity: floats("state").subarray(1, 2),
    spikeCount: integers("state").subarray(2, 3),
    randomWords: new Uint32Array(buffer, address.noise, sizes.noise),
    spikes: integers("spikes"),
    cells: floats("groups"),
    cellIntegers: integers("groups"),
    resource: floats("resource"),
    lastSpike: integers("lastSpike"),
    targetSum: floats("targetSum"),
    rate: floats("rate"),
    ring: floats("ring"),
    weight: floats("weight"),
    lateWeight: floats("lateWeight"),
  };
}
