/**
 * One simulated culture that is taught a tune and plays it, with what can be done to it: all that the page shows. It is the
 * product's tissue, gate and protocol, so that the same deeds give the same bits in Node and in a tab.
 *
 * A note is a datum with places of its own, as any symbol (src/tasks/series/code-symbols.ts). Teaching writes the electrodes of the
 * next note, as the arm `teacher` does; what the culture answers is read by electrode counts; playing alone, its answer is the next
 * datum. Roles of electrodes are chosen by a survey, so that every note reaches every other.
 *
 * Legend: K notes.
 */
import type { SynapseTable } from "../device/simulated/image.ts";
import { scrambledSources } from "../device/simulated/scramble.ts";
import { Random } from "../math/random.ts";
import { FROZEN, LOW_PLASTICITY } from "../methods/plasticity.ts";
import { type Layout, layoutFor, layoutOf } from "../protocol/layout.ts";
import type { Datum, Write } from "../protocol/protocol.ts";
import { decideByCounts, readByCounts } from "../protocol/reading.ts";
import { rolesBySurvey } from "../protocol/survey-roles.ts";
import { Cultures } from "../session/cultures.ts";
import { surveyCultures } from "../session/survey.ts";
import type { Tissue } from "../tissue/contract.ts";
import type { OnSpikes } from "../tissue/held-culture.ts";
import { localTissue } from "../tissue/local.ts";
import { type Deed, followers, type Tune } from "./deeds.ts";
import { synapsesIn } from "./lesion.ts";

/** K, where nothing else is said. */
export const NOTES = 8;

export interface DishOptions {
  readonly seed: number;
  /** 1,000 if not given. */
  readonly neurons?: number;
  /** Days in vitro; 21 if not given. */
  readonly div?: number;
  /** False for an untaught twin: it hears the same notes, and nothing is written. */
  readonly isTaught?: boolean;
  readonly onSpikes?: OnSpikes;
}

export type Wiring = Pick<SynapseTable, "pre" | "post">;

/** One presentation of a note. */
export interface Heard {
  readonly note: number;
  /** What the tune has next. */
  readonly next: number;
  readonly isWritten: boolean;
  /** `[K]` spikes on each note's electrodes, outside what stimulation evokes. */
  readonly scores: Float64Array;
  /** The note that the culture says comes next; ties go round. */
  readonly said: number;
  /** Channels that were pulsed: the datum's, and the write's. */
  readonly pulsed: { readonly datum: readonly number[]; readonly write: readonly number[] };
  /** Pulses that the gate refused. */
  readonly refused: number;
}

/**
 * Chosen with seeds 1 to 12 and 101 to 109 in sight; docs/page.md has others. With 3 places, roles not surveyed, or the rate as
 * grown, free running needs more than 120 presentations where this needs 40; at the double rate throughout, later writes undo some
 * of what earlier ones did.
 */
const PLACES = 4;
/** Of a lesson: its first notes, and those after them. */
const LESSON = { fastNotes: 40, fast: 2, slow: 0.5 } as const;
const SURVEY = { repeats: 4, gapMs: 50 } as const;
/** Twice what the preset was fitted with, as in the organoid's runs. */
const MAXIMUM_WEIGHT = 1;

/** A dish and what is done to it; the same deeds give the same spikes, in Node and in a tab. */
export class Dish {
  tune: Tune = Array.from({ length: NOTES }, (_, i) => i);
  isFrozen = false;
  /** `[K]` the note that follows each. */
  next = followers(this.tune);
  /** The note that teaching goes on from. */
  private at = 0;
  /** Notes taught since anything else was done. */
  private lesson = 0;
  private presentations = 0;
  private scrambles = 0;

  private constructor(
    readonly options: DishOptions,
    private readonly tissue: Tissue,
    readonly cultures: Cultures,
  ) {}

  /** Grown, settled, quieted and surveyed. */
  static async grow(options: DishOptions): Promise<Dish> {
    const { seed, neurons = 1000, div = 21, onSpikes } = options;
    const tissue = localTissue(undefined, onSpikes);
    const maximumWeight = MAXIMUM_WEIGHT;
    await tissue.open([{ brain: 0, seed, neurons, div, preset: "default", maximumWeight }]);
    const layout = layoutFor(tissue.profile(0), seed, NOTES);
    const cultures = new Cultures(tissue, [layout], () => false);
    const [survey] = await surveyCultures(cultures, { ...SURVEY, seeds: [seed] });
    const { roles } = rolesBySurvey(layout.roles, survey, seed);
    cultures.assign([layoutOf(layout.protocol, layout.profile, roles)]);
    return new Dish(options, tissue, cultures);
  }

  get layout(): Layout {
    return this.cultures.layouts[0];
  }

  /** Gives what is heard, presentation by presentation; a deed without presentations gives nothing. */
  async *perform(deed: Deed): AsyncGenerator<Heard> {
    if (deed.kind !== "teach") this.lesson = 0;
    switch (deed.kind) {
      case "teach":
        for (let i = 0; i < deed.notes; i++) {
          const heard = await this.present(
            this.at,
            this.lesson < LESSON.fastNotes ? LESSON.fast : LESSON.slow,
          );
          this.lesson++;
          yield heard;
          this.at = this.next[this.at];
        }
        return;
      case "play":
        for (let i = 0, note = deed.from; i < deed.notes; i++) {
          const heard = await this.present(note, null);
          note = heard.said;
          yield heard;
        }
        return;
      case "scramble": {
        const random = Random.of(this.options.seed, "scramble", this.scrambles++);
        const image = await this.tissue.perform(0, { kind: "read-tissue" });
        const from = scrambledSources(image, false, random);
        await this.tissue.perform(0, { kind: "permute-synapses", from });
        return;
      }
      case "cut": {
        const synapses = synapsesIn(await this.tissue.perform(0, { kind: "read-tissue" }), deed);
        const write = { synapses, strength: new Float32Array(synapses.length) };
        await this.tissue.perform(0, { kind: "write-synapses", write });
        return;
      }
      case "freeze":
        this.isFrozen = deed.isFrozen;
        return;
      case "rest":
        return this.cultures.rest(deed.seconds, this.plasticity(1));
      case "tune":
        this.tune = deed.tune;
        this.next = followers(deed.tune);
        this.at = deed.tune[0];
    }
  }

  /** Where the culture is on its own clock (frames). */
  get frame(): number {
    return this.cultures.frameOf(0);
  }

  /** Everything that decides its future, as bytes. */
  async snapshot(): Promise<Uint8Array> {
    return (await this.tissue.snapshot([0]))[0];
  }

  /** The signed strength of every synapse. */
  strengths(): Promise<Float32Array> {
    return this.tissue.perform(0, { kind: "read-strengths" });
  }

  /** Which cells every synapse joins. */
  async wiring(): Promise<Wiring> {
    return (await this.tissue.perform(0, { kind: "read-tissue" })).synapses;
  }

  private plasticity(full: number): number {
    return this.isFrozen ? FROZEN : full;
  }

  /** `teaching`: the plasticity of a lesson; null where the culture is asked. */
  private async present(note: number, teaching: number | null): Promise<Heard> {
    const { assigned } = this.layout.roles;
    const write = teaching !== null && this.options.isTaught !== false ? assigned[this.next[note]] : null;
    const { heard } = await this.show(note, write, teaching ?? LOW_PLASTICITY);
    return heard;
  }

  /** Shows a note, with a write on `channels`; also gives the state `[B, C]` that came of it, efference copies included. */
  async show(
    note: number,
    channels: readonly number[] | null,
    plasticity: number,
  ): Promise<{ readonly heard: Heard; readonly state: Float32Array }> {
    const { layout } = this;
    const { protocol, roles } = layout;
    const write: Write | null = channels && { channels, amplitude: 1, delayFrames: layout.frames.write };
    const datum = this.datumOf(note);
    const { read, refused, states } = await this.cultures.present({
      data: [datum],
      writes: [write],
      plasticity: this.plasticity(plasticity),
    });
    const scores = readByCounts(read[0], {
      bins: protocol.bins,
      channels: layout.channels,
      patterns: roles.assigned,
    });
    const heard: Heard = {
      note,
      next: this.next[note],
      isWritten: write !== null,
      scores,
      said: decideByCounts(scores, this.presentations++),
      pulsed: { datum: datum.places.map((place) => roles.sensory[place]), write: channels ?? [] },
      refused,
    };
    return { heard, state: states()[0] };
  }

  datumOf(note: number): Datum {
    const { protocol } = this.layout;
    return {
      places: Array.from({ length: PLACES }, (_, i) => note * PLACES + i),
      volleys: protocol.volleysMs.length,
    };
  }
}
