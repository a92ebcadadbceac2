/** What a culture's cells hold at a moment, neuron by neuron, in the units of kernel/membrane.ts. */
import { type CultureMemory, cellIndex } from "./memory.ts";
import type { Slots } from "./wiring.ts";

/** One value per neuron; conductances in units of the leak. */
export interface CellState {
  readonly potentialMv: Float32Array;
  /** E_L + I0: constant in a cell's life. */
  readonly driveMv: Float32Array;
  readonly adaptationMv: Float32Array;
  readonly ampa: Float32Array;
  readonly nmda: Float32Array;
  readonly gaba: Float32Array;
  /** Open share of the NMDA-like conductance. */
  readonly open: Float32Array;
  /** The first step at which the cell is no longer refractory. */
  readonly readyAt: Int32Array;
  /** Synaptic resource that the last spike left, and the step of that spike. */
  readonly resource: Float32Array;
  readonly lastSpike: Int32Array;
}

export interface TissueState {
  /** The next step to be computed. */
  readonly step: number;
  readonly cells: CellState;
  /** Spikes on their way: conductance that arrives at step `step + r`, `[delays, neurons]`, by kind of synapse. */
  readonly arriving: {
    readonly delays: number;
    readonly excitation: Float32Array;
    readonly inhibition: Float32Array;
  };
  /** The membrane noise's generator: four words of xorshift128 in each of four lanes. */
  readonly randomWords: Uint32Array;
}

export type WritableCellState = Partial<
  Pick<CellState, "potentialMv" | "adaptationMv" | "ampa" | "nmda" | "gaba" | "resource">
>;

const QUANTITIES = {
  potentialMv: "potential",
  driveMv: "drive",
  adaptationMv: "adaptation",
  ampa: "ampa",
  nmda: "nmda",
  gaba: "gaba",
  open: "open",
} as const;

export function readTissue(memory: CultureMemory, { slotOf, total }: Slots): TissueState {
  const { cells, cellIntegers, ring } = memory;
  const step = memory.step[0];
  const floats = (quantity: (typeof QUANTITIES)[keyof typeof QUANTITIES]) =>
    Float32Array.from(slotOf, (slot) => cells[cellIndex(slot, quantity)]);
  const N = slotOf.length;
  const delays = ring.length / (2 * total);
  const arriving = (word: number) => {
    const out = new Float32Array(delays * N);
    for (let r = 0; r < delays; r++) {
      const row = 2 * total * ((step + r) % delays);
      for (let i = 0; i < N; i++) out[r * N + i] = ring[row + 8 * (slotOf[i] >> 2) + (slotOf[i] & 3) + word];
    }
    return out;
  };
  return {
    step,
    cells: {
      potentialMv: floats("potential"),
      driveMv: floats("drive"),
      adaptationMv: floats("adaptation"),
      ampa: floats("ampa"),
      nmda: floats("nmda"),
      gaba: floats("gaba"),
      open: floats("open"),
      readyAt: Int32Array.from(slotOf, (slot) => cellIntegers[cellIndex(slot, "readyAt")]),
      resource: Float32Array.from(slotOf, (slot) => memory.resource[slot]),
      lastSpike: Int32Array.from(slotOf, (slot) => memory.lastSpike[slot]),
    },
    arriving: { delays, excitation: arriving(0), inhibition: arriving(4) },
    randomWords: memory.randomWords.slice(),
  };
}

/** Sets what is given; the rest stays as it is. */
export function writeCells(memory: CultureMemory, { slotOf }: Slots, state: WritableCellState): void {
  const { resource, ...quantities } = state;
  for (const [name, values] of Object.entries(quantities))
    slotOf.forEach((slot, i) => {
      memory.cells[cellIndex(slot, QUANTITIES[name as keyof typeof quantities])] = values[i];
    });
  if (resource)
    slotOf.forEach((slot, i) => {
      memory.resource[slot] = resource[i];
    });
}
