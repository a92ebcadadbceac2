/**
 * Cultures go on through a world: every brain is given its datum and its write, what it did is read, and the world hears what
 * was said, by electrode counts.
 *
 * Legend: R presentations, N brains, B bins, C channels, P places, Q questions.
 */
import type { States } from "../emulator/contract.ts";
import type { Datum, Write } from "../protocol/protocol.ts";
import { decideByCounts, readByCounts } from "../protocol/reading.ts";
import type { World, WorldEvent } from "../tasks/contract.ts";
import type { Cultures, Presentation, Presented } from "./cultures.ts";

/** What is known of a presentation before it is made. */
export interface Moment {
  /** Its number within the walk. */
  readonly index: number;
  readonly data: readonly Datum[];
  /** `[N]` what each brain should say, -1 for nothing. */
  readonly targets: Int32Array;
}

/** What is done in it. */
export interface Act {
  readonly writes: readonly (Write | null)[];
  /** The walk's own if not given. */
  readonly plasticity?: number;
  /** What is to be remembered of it, by brain. */
  readonly notes?: readonly Readonly<Record<string, number>>[];
}

export interface WalkOptions {
  readonly world: World;
  readonly steps: number;
  /** Whether the walk may end before. */
  readonly isEnough?: ((events: readonly (WorldEvent | null)[]) => boolean) | undefined;
  readonly plasticity: number;
  /**
   * Each datum is read before anything is written: shown alone, with this plasticity, and shown again to those brains that are
   * then written to, while the others rest. If not given, it is shown once, with its write.
   */
  readonly reading?: number | undefined;
  /** `[N][K]` the electrodes of each class, by which it is heard what the brains say. */
  readonly patterns: readonly (readonly (readonly number[])[])[];
  /**
   * What is done in a presentation; nothing but the datum if not given. `read`: `[N]` counts `[B, C]` of the datum shown alone,
   * where it is read first.
   */
  readonly act?: (moment: Moment, read: readonly Float32Array[] | null) => Promise<Act> | Act;
  /** Sees each presentation once it has been made, the last of its datum: `states [N][B, C]` with efference copies. */
  readonly seen?: (
    moment: Moment,
    presented: Presented,
    states: readonly Float32Array[],
  ) => Promise<void> | void;
  /** Hears of hits and misses. */
  readonly onEvent?: (event: WorldEvent, index: number) => Promise<void>;
  readonly watch?: ((event: WorldEvent | null, world: World) => void) | undefined;
}

export interface Walked {
  /** With efference copies. */
  readonly states: States;
  /** `[R, N, B, C]` counts as read. */
  readonly read: Float32Array;
  /** `[R, N]` */
  readonly targets: Int32Array;
  /** `[R, Q]` right answers. */
  readonly answers: Int32Array;
  readonly events: readonly (WorldEvent | null)[];
  /** Of a game: what was done in each step. */
  readonly moves?: readonly number[] | undefined;
  /** Pulses that reached the tissue, and those that its gates refused. */
  readonly pulses: number;
  readonly refused: number;
  /** What the tissue was asked for. */
  readonly effort: WalkEffort;
}

export interface WalkEffort {
  /** Presentations in all, and those with a write to some brain. */
  readonly presentations: number;
  readonly written: number;
  /** Pulses of writes that reached the tissue. */
  readonly writePulses: number;
}

/** Goes through the moments of a world, one presentation each, and gathers what was said, answered and refused. */
export async function walk(cultures: Cultures, options: WalkOptions): Promise<Walked> {
  const { world, steps, patterns } = options;
  const log = new StateLog(cultures, steps);
  const { protocol, channels } = cultures.layouts[0];
  const window = protocol.bins * channels;
  const read = new Float32Array(steps * cultures.layouts.length * window);
  const [targets, answers]: [number[], number[]] = [[], []];
  const events: (WorldEvent | null)[] = [];
  let [pulses, refused] = [0, 0];
  const effort = { presentations: 0, written: 0, writePulses: 0 };
  const show = async (presentation: Presentation): Promise<Presented> => {
    const presented = await cultures.present(presentation);
    pulses += presented.pulses;
    refused += presented.refused;
    effort.presentations++;
    if (presentation.writes.some((write) => write !== null)) effort.written++;
    for (const delivered of presented.delivered) effort.writePulses += pulsesOfWrite(delivered);
    return presented;
  };
  for (let index = 0; index < steps; index++) {
    const moment: Moment = { index, data: world.present(), targets: world.targets() };
    const nothing = moment.data.map(() => null);
    const own = notesOf(world, moment);
    const first =
      options.reading === undefined
        ? null
        : await show({
            data: moment.data,
            writes: nothing,
            plasticity: options.reading,
            notes: own.map((notes) => ({ ...notes, written: 0 })),
          });
    const act = (await options.act?.(moment, first?.read ?? null)) ?? { writes: nothing };
    const again = {
      writes: act.writes,
      plasticity: act.plasticity ?? options.plasticity,
      notes: own.map((notes, brain) => ({ ...notes, ...act.notes?.[brain] })),
    };
    const presented = first
      ? await showAgain(first, again, show)
      : await show({ ...again, data: moment.data });
    const states = presented.states();
    log.add(states, moment.data, act.writes);
    const row = index * presented.read.length;
    presented.read.forEach((counts, brain) => {
      read.set(counts, (row + brain) * window);
    });
    targets.push(...moment.targets);
    answers.push(...world.answers());
    await options.seen?.(moment, presented, states);
    const event = world.advance(said(cultures, patterns, states, index));
    events.push(event);
    options.watch?.(event, world);
    if (event) await options.onEvent?.(event, index);
    if (options.isEnough?.(events)) break;
  }
  const moves = world.moves?.();
  return {
    states: log.sofar,
    read: events.length === steps ? read : read.slice(0, events.length * cultures.layouts.length * window),
    targets: Int32Array.from(targets),
    answers: Int32Array.from(answers),
    events,
    ...(moves ? { moves } : {}),
    pulses,
    refused,
    effort,
  };
}

/** Shows their datum again to the brains that are written to; the others rest, and what they answered first stands. */
async function showAgain(
  first: Presented,
  { writes, plasticity, notes = [] }: Omit<Presentation, "data">,
  show: (presentation: Presentation) => Promise<Presented>,
): Promise<Presented> {
  if (writes.every((write) => write === null)) return first;
  const second = await show({
    data: first.delivered.map(({ datum }, brain) => (writes[brain] ? datum : { ...datum, places: [] })),
    writes,
    plasticity,
    notes: notes.map((own, brain) => ({ ...own, written: writes[brain] ? 1 : 0 })),
  });
  const last = <T>(before: readonly T[], after: readonly T[]) =>
    writes.map((write, brain) => (write ? after[brain] : before[brain]));
  return {
    ...second,
    read: last(first.read, second.read),
    delivered: last(first.delivered, second.delivered),
    states: (shares) => last(first.states(shares), second.states(shares)),
  };
}

function pulsesOfWrite({ pulses, write }: Presented["delivered"][number]): number {
  return pulses.filter(({ channel }) => write?.channels.includes(channel)).length;
}

function notesOf(world: World, { targets, data }: Moment): Readonly<Record<string, number>>[] {
  const steps = world.steps?.();
  return data.map((_, brain) => ({ nextClass: targets[brain], ...(steps ? { step: steps[brain] } : {}) }));
}

/** The class that each brain says. In `states` a pulse of a write counts as the spikes that it evokes: what is written is said. */
function said(
  { layouts }: Cultures,
  patterns: WalkOptions["patterns"],
  states: readonly Float32Array[],
  turn: number,
): Int32Array {
  return Int32Array.from(layouts, ({ protocol, channels }, brain) =>
    decideByCounts(
      readByCounts(states[brain], { bins: protocol.bins, channels, patterns: patterns[brain] }),
      turn,
    ),
  );
}

/** Collects `steps` presentations as the emulator takes them, each at its place: of many cultures there is much of it. */
export class StateLog {
  readonly states: States;
  private added = 0;

  constructor({ layouts }: Cultures, steps: number) {
    const { protocol, channels, roles } = layouts[0];
    const brains = layouts.length;
    const places = roles.sensory.length;
    this.states = {
      steps,
      brains,
      bins: protocol.bins,
      channels,
      places,
      counts: new Float32Array(steps * brains * protocol.bins * channels),
      data: new Float32Array(steps * brains * places),
      written: new Float32Array(steps * brains),
    };
  }

  /** What was added: all of it, or of a walk that ended before a part. */
  get sofar(): States {
    const { steps, brains, bins, channels, places, counts, data, written } = this.states;
    if (this.added === steps) return this.states;
    const rows = this.added * brains;
    return {
      ...this.states,
      steps: this.added,
      counts: counts.slice(0, rows * bins * channels),
      data: data.slice(0, rows * places),
      written: written.slice(0, rows),
    };
  }

  add(states: readonly Float32Array[], data: readonly Datum[], writes: readonly (Write | null)[]): void {
    const { brains, bins, channels, places, counts, data: kept, written } = this.states;
    const row = this.added++ * brains;
    states.forEach((state, brain) => {
      counts.set(state, (row + brain) * bins * channels);
    });
    kept.set(placesOf(data, places), row * places);
    written.set(
      writes.map((write) => (write ? 1 : 0)),
      row,
    );
  }
}

/** `[N, P]` 1 where a place is pulsed. */
export function placesOf(data: readonly Datum[], places: number): Float32Array {
  const out = new Float32Array(data.length * places);
  data.forEach((datum, brain) => {
    for (const place of datum.places) out[brain * places + place] = 1;
  });
  return out;
}
