/**
 * Lays a culture out in one WebAssembly memory: the kernel's layout block (kernel/layout.ts), scratch, the anatomy,
 * and last the whole state in one run of bytes, so that a snapshot is a copy of that run.
 */
import { instantiate, type KernelExports } from "./instance.ts";
import { kernelConstants } from "./kernel-constants.ts";
import type { CultureParameters } from "./parameters.ts";
import { TABLE_WORDS, weightTable } from "./rules/weight-dependence.ts";
import { stepConstants } from "./step-constants.ts";
import type { Slots, Wiring } from "./wiring.ts";

/** Below this lies the compiled kernel's own static data; the layout block comes first. */
const LAYOUT_ADDRESS = 4096;
const FIRST_ARRAY = 8192;
const SPIKE_CAPACITY = 1 << 16;
/** The kernel's State block: step, plasticity, spikeCount, eligibleSince, then 16 words of xorshift128. */
const STATE_WORDS = 20;
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
  /** Words of each array, in the order of the kernel's layout. */
  const sizes = {
    spikes: 2 * (SPIKE_CAPACITY + slots.total),
    gaussian: slots.total,
    fired: slots.total / 4 + 1,
    rowStart: slots.total,
    rowPlasticEnd: slots.total,
    rowEnd: slots.total,
    ringOffset: synapses,
    post: Math.ceil(synapses / 2),
    columnStart: slots.excitatory + 1,
    columnSynapse: columns.position.length,
    columnPre: Math.ceil(columns.pre.length / 2),
    inhibitoryStart: inhibitoryRule ? slots.excitatory + 1 : 0,
    inhibitorySynapse: inhibitoryColumns.position.length,
    inhibitoryPre: Math.ceil(inhibitoryColumns.pre.length / 2),
    weightFactor: weightDependence ? TABLE_WORDS : 0,
    release: slots.total,
    recoveryRate: slots.total,
    state: STATE_WORDS,
    groups: 8 * slots.total,
    resource: slots.total,
    lastSpike: slots.total,
    preTrace: slots.total,
    postTrace: slots.total,
    slowTrace: slots.total,
    targetSum: slots.total,
    rate: slots.total,
    spikeCount: slots.total,
    ring: ringWords,
    weight: synapses,
    eligibility: eligibility ? synapses : 0,
    eligibilityEnd: 0,
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

  const { kernel, buffer } = instantiate(end);
  const integers = (name: keyof typeof sizes) => new Int32Array(buffer, address[name], sizes[name]);
  const floats = (name: keyof typeof sizes) => new Float32Array(buffer, address[name], sizes[name]);
  const constants = kernelConstants(p);
  const integerFields = [
    ...[slots.excitatory, slots.total, 4 * ringWords, ringSlots, SPIKE_CAPACITY],
    ...Object.values(constants.integers),
    ...Object.values(address),
  ];
  const floatFields = Object.values(constants.floats);
  const layoutBytes = 4 * (integerFields.length + floatFields.length);
  if (layoutBytes !== kernel.layoutBytes() || 4 * STATE_WORDS !== kernel.stateBytes())
    throw new Error("internal: kernel.wasm was built from another layout; run `npm run build`");
  new Int32Array(buffer, LAYOUT_ADDRESS).set(integerFields);
  new Float32Array(buffer, LAYOUT_ADDRESS + 4 * integerFields.length).set(floatFields);

  for (const name of ["rowStart", "rowPlasticEnd", "rowEnd"] as const) integers(name).set(wiring[name]);
  const shorts = (name: keyof typeof sizes, values: Int32Array) =>
    new Uint16Array(buffer, address[name], values.length).set(values);
  shorts("post", wiring.post);
  integers("columnStart").set(columns.start);
  integers("columnSynapse").set(columns.position);
  shorts("columnPre", columns.pre);
  if (inhibitoryRule) integers("inhibitoryStart").set(inhibitoryColumns.start);
  integers("inhibitorySynapse").set(inhibitoryColumns.position);
  shorts("inhibitoryPre", inhibitoryColumns.pre);
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
    rateSpeed: new Float32Array(buffer, LAYOUT_ADDRESS + 4 * (integerFields.length + rateSpeed), 1),
    kernel,
    layout: LAYOUT_ADDRESS,
    state: new Uint8Array(buffer, address.state, end - address.state),
    step: integers("state").subarray(0, 1),
    plasticity: floats("state").subarray(1, 2),
    spikeCount: integers("state").subarray(2, 3),
    randomWords: new Uint32Array(buffer, address.state + 16, 16),
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
