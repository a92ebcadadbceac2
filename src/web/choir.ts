/**
 * A vat that learns the tune of the dish: every brain hears each note and is written the next, then all are asked. A brain alone is
 * often wrong; what most of all their spikes say is right much earlier.
 *
 * Legend: Q questions, N brains, K notes.
 */
import type { Datum } from "../protocol/protocol.ts";
import { decideByCounts } from "../protocol/reading.ts";
import { followers, type Tune } from "./deeds.ts";
import { NOTES } from "./dish.ts";
import { spikesOf, Vat, type VatOptions } from "./vat.ts";

/** Notes asked for in one asking: every note twice. */
export const QUESTIONS = 2 * NOTES;

/** Notes that a vat plays on from the first: four times through the tune. */
export const PLAYED = 4 * NOTES;

/** As one mind all brains hear what their spikes together say; as many each hears what it said itself. */
export const MINDS = ["one", "many"] as const;
export type Mind = (typeof MINDS)[number];

/** `[PLAYED + 1][N]` the notes that every brain hears, the first of the tune before all others. */
export type PlayedOn = readonly (readonly number[])[];

export interface Asked {
  /** `[Q]` the note that comes next. */
  readonly right: readonly number[];
  /** `[Q]` scores `[N, K]` of every question. */
  readonly scores: readonly Float64Array[];
  /** `[Q][N]` what each brain says. */
  readonly said: readonly Int32Array[];
  /** `[Q]` by which a tie is decided. */
  readonly turns: readonly number[];
}

export class Choir {
  private readonly next: readonly number[];

  private constructor(
    private readonly vat: Vat,
    private readonly tune: Tune,
  ) {
    this.next = followers(tune);
  }

  static async grow(options: Omit<VatOptions, "classes">, tune: Tune): Promise<Choir> {
    return new Choir(await Vat.grow({ ...options, classes: NOTES }), tune);
  }

  /** Every note of the tune once, in its order. */
  async teach(): Promise<void> {
    for (const note of this.tune)
      await this.vat.present(this.heardBy(note), { right: this.next[note], plasticity: 1 });
  }

  /** Asks for what follows every note, nothing being written. */
  async ask(): Promise<Asked> {
    const asked = {
      ...{ right: [] as number[], turns: [] as number[] },
      ...{ scores: [] as Float64Array[], said: [] as Int32Array[] },
    };
    for (let i = 0; i < QUESTIONS; i++) {
      const note = this.tune[i % NOTES];
      const { scores, said, turn } = await this.vat.present(this.heardBy(note), null);
      asked.turns.push(turn);
      asked.right.push(this.next[note]);
      asked.scores.push(scores);
      asked.said.push(said);
    }
    return asked;
  }

  /** Plays on alone from the tune's first note, every answer being what is heard next; the vat is afterwards as it was. */
  playOn(mind: Mind): Promise<PlayedOn> {
    const all = [...Array(this.vat.options.brains).keys()];
    return this.vat.aside(async () => {
      const played: number[][] = [all.map(() => this.tune[0])];
      for (let q = 0; q < PLAYED; q++) {
        const data = played[q].map((note) => this.datumOf(note));
        const { scores, said, turn } = await this.vat.present(data, null);
        const together = decideByCounts(spikesOf(all, scores, NOTES), turn);
        played.push(mind === "one" ? all.map(() => together) : [...said]);
      }
      return played;
    });
  }

  private heardBy(note: number): Datum[] {
    const datum = this.datumOf(note);
    return Array.from({ length: this.vat.options.brains }, () => datum);
  }

  private datumOf(note: number): Datum {
    const { protocol, roles } = this.vat.layout;
    const places = Math.floor(roles.sensory.length / NOTES);
    return {
      places: Array.from({ length: places }, (_, i) => note * places + i),
      volleys: protocol.volleysMs.length,
    };
  }
}

/** What was right in an asking. */
export interface ChoirScore {
  /** `[N]` share of the questions that each brain had right. */
  readonly alone: readonly number[];
  /** `[Q]` whether the vat was right by the spikes of its first `voters` brains together. */
  readonly together: readonly boolean[];
}

export function scoreOf({ right, scores, said, turns }: Asked, voters: number): ChoirScore {
  const all = Array.from({ length: said[0].length }, (_, brain) => brain);
  const some = all.slice(0, voters);
  return {
    alone: all.map((brain) => right.filter((note, q) => said[q][brain] === note).length / right.length),
    together: right.map((note, q) => decideByCounts(spikesOf(some, scores[q], NOTES), turns[q]) === note),
  };
}

/** `[PLAYED][N]` whether each note follows in the tune on what that brain heard before it. */
export function keptBy(played: PlayedOn, tune: Tune): boolean[][] {
  const next = followers(tune);
  return played.slice(1).map((notes, q) => notes.map((note, brain) => note === next[played[q][brain]]));
}
