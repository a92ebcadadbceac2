/**
 * Many brains in a tab, taught alike and asked together: every brain has a culture, wiring and electrodes of its own, and what the vat
 * says is what most spikes of all its brains say. The product's own tissue, gate and protocol.
 *
 * Legend: N brains, K classes.
 */
import { Random } from "../math/random.ts";
import { LOW_PLASTICITY } from "../methods/plasticity.ts";
import { type Layout, layoutFor } from "../protocol/layout.ts";
import type { Datum } from "../protocol/protocol.ts";
import { decideByCounts, readByCounts } from "../protocol/reading.ts";
import { Cultures } from "../session/cultures.ts";
import { localTissue } from "../tissue/local.ts";

export interface VatOptions {
  readonly seed: number;
  /** N */
  readonly brains: number;
  /** Of a brain. */
  readonly neurons: number;
  /** K */
  readonly classes: number;
  /** False for an untaught twin: it is given the same, and nothing is written. */
  readonly isTaught?: boolean;
  /** Hears of every brain that is grown. */
  readonly onGrown?: (brain: number) => void;
}

/** What a vat says of one presentation. */
export interface VatAnswer {
  /** `[N, K]` spikes on each class's electrodes, outside what stimulation evokes. */
  readonly scores: Float64Array;
  /** `[N]` what each brain says; of classes that tie one is drawn, so that a silent brain knows no tune. */
  readonly said: Int32Array;
  /** What a tie of several brains' spikes together is decided by (`decideByCounts`). */
  readonly turn: number;
}

/** A brain's seed is the vat's, so far apart that no two vats share one. */
const SEEDS_APART = 1000;
/** Twice what the preset was fitted with, as in the organoid's runs. */
const MAXIMUM_WEIGHT = 1;
const DIV = 21;

export class Vat {
  private presentations = 0;

  private constructor(
    readonly options: VatOptions,
    private readonly cultures: Cultures,
  ) {}

  static async grow(options: VatOptions): Promise<Vat> {
    const { seed, brains, neurons, classes, onGrown } = options;
    const tissue = localTissue();
    const seeds = Array.from({ length: brains }, (_, brain) => SEEDS_APART * seed + brain);
    await tissue.open(
      seeds.map((own, brain) => ({
        ...{ brain, seed: own, neurons, div: DIV, preset: "default" as const },
        maximumWeight: MAXIMUM_WEIGHT,
      })),
      onGrown,
    );
    const layouts = seeds.map((own, brain) => layoutFor(tissue.profile(brain), own, classes));
    return new Vat(options, new Cultures(tissue, layouts, () => false));
  }

  /** Of brain 0; all have as many places. */
  get layout(): Layout {
    return this.cultures.layouts[0];
  }

  /** What `work` gives; the vat is afterwards as it was before, to the bit. */
  async aside<Given>(work: () => Promise<Given>): Promise<Given> {
    const { presentations } = this;
    const state = await this.cultures.snapshot();
    try {
      return await work();
    } finally {
      await this.cultures.restore(state);
      this.presentations = presentations;
    }
  }

  /**
   * Gives every brain its datum `[N]`. `lesson`: the right class, which is written, and how fast synapses change meanwhile; null where
   * the vat is asked.
   */
  async present(
    data: readonly Datum[],
    lesson: { readonly right: number; readonly plasticity: number } | null,
  ): Promise<VatAnswer> {
    const { layouts } = this.cultures;
    const isWritten = lesson !== null && this.options.isTaught !== false;
    const { read } = await this.cultures.present({
      data,
      writes: layouts.map(({ roles, frames }) =>
        isWritten
          ? { channels: roles.assigned[lesson.right], amplitude: 1, delayFrames: frames.write }
          : null,
      ),
      plasticity: lesson?.plasticity ?? LOW_PLASTICITY,
    });
    const K = this.options.classes;
    const scores = new Float64Array(layouts.length * K);
    const said = new Int32Array(layouts.length);
    const ties = Random.of(this.options.seed, "ties", this.presentations++);
    layouts.forEach(({ protocol, channels, roles }, brain) => {
      const own = readByCounts(read[brain], { bins: protocol.bins, channels, patterns: roles.assigned });
      scores.set(own, brain * K);
      said[brain] = decideByCounts(own, ties.integer(K));
    });
    return { scores, said, turn: ties.integer(K) };
  }
}

/** `[K]` spikes of the brains named, added up class by class. */
export function spikesOf(brains: Iterable<number>, scores: Float64Array, K: number): Float64Array {
  const sums = new Float64Array(K);
  for (const brain of brains) for (let k = 0; k < K; k++) sums[k] += scores[brain * K + k];
  return sums;
}
