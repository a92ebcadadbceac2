/**
 * What pairs of spikes do to a synapse under a rule, measured in the kernel as an experimenter would: two cells at rest, made to
 * fire at a lag, again and again. Bi & Poo 1998, https://doi.org/10.1523/JNEUROSCI.18-24-10464.1998: 60 pairings, one a second.
 *
 * Homeostasis is off: in tissue it is slow beside such a protocol, and it would see one input where a cell has a hundred.
 */
import type { Anatomy } from "../../anatomy.ts";
import { Culture } from "../../culture.ts";
import type { CultureParameters } from "../../parameters.ts";

export interface Pairing {
  /** From the spike before the synapse to the spike behind it; 0: together. */
  readonly lagMs: number;
  /** Of the synapse at the beginning, as a share of the rule's maximum weight. */
  readonly share: number;
}

export interface PairingProtocol {
  readonly pairings: number;
  readonly intervalMs: number;
}

export interface Paired {
  /** Change of the paired synapse, and of another input of the same cell, whose own cell is silent, in units of the maximum weight. */
  readonly change: number;
  readonly neighbourChange: number;
}

/** Enough to make a cell at rest fire. */
const FIRE_MV = 60;
const SETTLE_MS = 1000;
/** Of the neighbour: as strong as the paired synapse. Cells of one pairing: before, behind, neighbour. */
const CELLS = 3;

/** Every pairing in three cells of its own, all in one culture. */
export function pair(
  parameters: CultureParameters,
  pairings: readonly Pairing[],
  protocol: PairingProtocol,
): Paired[] {
  const { maximumWeight } = parameters.plasticity;
  const culture = new Culture(pairsOf(pairings, maximumWeight), atRest(parameters), 1);
  const steps = (ms: number) => Math.round(ms / culture.stepMs);
  culture.advance(steps(SETTLE_MS));
  const start = culture.weights();
  const shifts = pairings.map(({ lagMs }) => steps(lagMs));
  const firstSpike = Math.max(0, ...shifts.map((shift) => -shift));
  const period = steps(protocol.intervalMs);
  const firing = new Map<number, number[]>();
  const fire = (step: number, cell: number) => firing.set(step, [...(firing.get(step) ?? []), cell]);
  shifts.forEach((shift, k) => {
    fire(firstSpike, CELLS * k);
    fire(firstSpike + shift, CELLS * k + 1);
  });
  const moments = [...firing.keys()].sort((a, b) => a - b);
  if (moments.at(-1)! >= period) throw new RangeError(`pair: expected lags within ${protocol.intervalMs} ms`);
  for (let n = 0; n < protocol.pairings; n++) {
    let at = 0;
    for (const moment of moments) {
      culture.advance(moment - at);
      const cells = firing.get(moment)!;
      culture.depolarise(cells, new Float32Array(cells.length).fill(FIRE_MV));
      at = moment;
    }
    culture.advance(period - at);
  }
  const end = culture.weights();
  return pairings.map((_, k) => ({
    change: (end[2 * k] - start[2 * k]) / maximumWeight,
    neighbourChange: (end[2 * k + 1] - start[2 * k + 1]) / maximumWeight,
  }));
}

/** Synapse 2k joins cells 3k and 3k + 1, synapse 2k + 1 the silent cell 3k + 2 and the same target. */
function pairsOf(pairings: readonly Pairing[], maximumWeight: number): Anatomy {
  const count = CELLS * pairings.length;
  const both = <T>(of: (k: number) => readonly [T, T]) => pairings.flatMap((_, k) => [...of(k)]);
  return {
    positionsMm: new Float32Array(2 * count),
    excitatoryCount: count,
    synapses: {
      pre: Uint16Array.from(both((k) => [CELLS * k, CELLS * k + 2])),
      post: Uint16Array.from(both((k) => [CELLS * k + 1, CELLS * k + 1])),
      delayMs: new Float32Array(2 * pairings.length).fill(2),
      weight: Float32Array.from(
        pairings.flatMap(({ share }) => [share * maximumWeight, share * maximumWeight]),
      ),
    },
  };
}

/** Cells that fire only when made to, and never adapt. */
function atRest(parameters: CultureParameters): CultureParameters {
  const { excitatory, homeostasis } = parameters;
  return {
    ...parameters,
    driveMeanMv: 0,
    driveSpreadMv: 0,
    noiseMv: 0,
    nmdaFraction: 0,
    excitatory: { ...excitatory, adaptationMv: 0 },
    homeostasis: { ...homeostasis, normalise: false, rate: null },
  };
}
