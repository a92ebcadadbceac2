/**
 * What an experiment asks of an emulator, of one culture or of many: to be fitted on what the tissue did, to read what states
 * say, to descend on the task and propose the states to be written, and to be kept. Two implementations: `one/`, with a bridge
 * that also codes data, and `many/`, one model of all brains with attention between them.
 *
 * Legend: R presentations, N brains, B bins, C channels of a device, P places of a datum, Z latents, K classes.
 */
import type { Tensor } from "../compute/index.ts";
import type { Random } from "../math/random.ts";

/** Whom a brain's next state is predicted from: all brains, all but itself, or itself alone. */
export type Sight = "all" | "others" | "self";

/** Presentations in the order in which they happened. */
export interface States {
  readonly steps: number;
  readonly brains: number;
  readonly bins: number;
  readonly channels: number;
  readonly places: number;
  /** `[R, N, B, C]` spike counts, efference copies included. */
  readonly counts: Float32Array;
  /** `[R, N, P]` 1 where a place of the datum was pulsed. */
  readonly data: Float32Array;
  /** `[R, N]` 1 where the brain was written to. */
  readonly written: Float32Array;
}

/** In `classes` of babbling: no write, and a write of a pattern that stands for no class. */
export const NOTHING = -1;
export const STRANGE = -2;

/** Babbling: data and patterns in random order, independent of each other. */
export interface Babbled {
  readonly states: States;
  /** `[R, N]` the class that was written, `NOTHING` or `STRANGE`. */
  readonly classes: Int32Array;
}

/** What has been learned from so far: presentations, and what should have been said to each. */
export interface Past {
  readonly states: States;
  /** `[R, N]`, -1 for nothing. */
  readonly targets: Int32Array;
}

/** Losses of a fit: nats a window; squared error a latent. */
export interface FitLosses {
  readonly autoencoderLoss: number;
  readonly dynamicsLoss: number;
}

export interface Fitted<Models> {
  readonly models: Models;
  readonly losses: FitLosses;
}

/** What the emulator would have the cultures do. */
export interface Proposal {
  /** Expected counts `[N, B, C]` of the states to be written, and of cultures left alone. */
  readonly intended: Float32Array;
  readonly alone: Float32Array;
  /** Class probabilities `[N, K]` that the bridge reads off the improved states. */
  readonly probabilities: Float32Array;
  /** Flow matching error of the improved states under the prior, per latent: low where tissue has been seen to go. */
  readonly priorError: number;
}

/** One gradient step, as it is logged. */
export interface Descended {
  /** Mean cross entropy (nats). */
  readonly crossEntropy: number;
  /** Class probabilities `[N, K]` for the present data before it learned from them. */
  readonly forecast: Float64Array;
}

/** A descent in the course of a stretch of presentations. */
export interface Descent<Improved> {
  /** Descends on data `[N, P]` and what should be said to them `[N]`, and some of the past. */
  descend(data: Float32Array, targets: Int32Array, random: Random): Promise<Descended>;
  /** The states to follow the data that were descended on last. */
  propose(random: Random): Promise<Proposal>;
  /**
   * Hears the states `[N, B, C]` that came of it, efference copies included; null where nothing was done and its own
   * proposal stands for what would have come.
   */
  observe(states: Float32Array | null): Promise<void>;
  improved(): Improved;
  /** All that a descent needs to go on from here, as plain data. */
  state(): DescentState;
}

/** Kept as it is, and read by the emulator alone. */
export type DescentState = { readonly kind: "descent" } & Readonly<Record<string, unknown>>;

/** Where a descent begins. */
export interface DescentStart<Improved> {
  readonly improved: Improved;
  /** What it may draw on beside the present; none in the first cycle. */
  readonly past: Past | null;
  /** To go on with a descent that was interrupted: then `past` is not looked at. */
  readonly state?: DescentState | undefined;
}

/** The task loss of a state, and what one more spike would change it by: for methods that change synapses directly. */
export interface ReadingLoss {
  /** Of counts `[B, C]` as read and with the efference copy: loss (nats), slope `[B, C]`, whether the class was read. */
  of(
    counts: Float32Array,
    state: Float32Array,
    nextClass: number,
    random: Random,
  ): Promise<{ readonly loss: number; readonly worth: Float32Array; readonly right: boolean }>;
  dispose(): Promise<void>;
}

export interface Emulator<Models, Improved> {
  readonly latents: number;
  /**
   * Fresh models fitted on babbling. `classesOf` says of the patches `[R, N, Z]` which class each babbled state stands for: a
   * code may be chosen by what babbling evoked.
   */
  begin(
    states: States,
    random: Random,
    classesOf: (patches: Float32Array) => Int32Array,
  ): Promise<Fitted<Models>>;
  /** The models of the twin that is not connected: what a state is stays known, the dynamics are its own. */
  disconnect(models: Models, babbled: Babbled, random: Random): Promise<Models>;
  /** Learns from everything so far, from warm. */
  refit(
    models: Models,
    babbled: Babbled,
    recorded: readonly States[],
    random: Random,
  ): Promise<Fitted<Models>>;
  /** What states say: class probabilities `[R, N, K]`, and the patches `[R, N, Z]` that they were read off. */
  read(models: Models, states: States): Promise<{ probabilities: Float32Array; patches: Float32Array }>;
  /** Patches of what had come in before a write, where the emulator has them: for figures. */
  sensory?(models: Models, states: States): Promise<Float32Array>;
  /** The dynamics as fitted, from which a descent begins. */
  dynamicsOf(models: Models): Improved;
  descent(models: Models, start: DescentStart<Improved>): Promise<Descent<Improved>>;
  /** Of one culture: `patterns [K]` are the electrodes of each class. */
  readingLoss?(models: Models, patterns: readonly (readonly number[])[]): Promise<ReadingLoss>;
  /** The improved emulator by itself on data `[R, N, P]`, fed with its own states: probabilities `[R, N, K]`. */
  alone(models: Models, improved: Improved, data: Float32Array, random: Random): Promise<Float32Array>;
  /** All that is learned, as it goes to a safetensors file. */
  kept(models: Models, improved: Improved): TensorTree;
  dispose(): Promise<void>;
}

export type TensorTree = { readonly [name: string]: Tensor | TensorTree | readonly TensorTree[] };

/** States of several stretches, one after the other. */
export function concatenateStates(parts: readonly States[]): States {
  const join = (pick: (part: States) => Float32Array) => {
    const whole = new Float32Array(parts.reduce((sum, part) => sum + pick(part).length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(pick(part), at);
      at += pick(part).length;
    }
    return whole;
  };
  const { brains, bins, channels, places } = parts[0];
  return {
    steps: parts.reduce((sum, { steps }) => sum + steps, 0),
    brains,
    bins,
    channels,
    places,
    counts: join(({ counts }) => counts),
    data: join(({ data }) => data),
    written: join(({ written }) => written),
  };
}

/** The last presentation of a stretch. */
export function lastState(states: States): States {
  const { steps, brains, bins, channels, places } = states;
  const from = steps - 1;
  return {
    steps: 1,
    brains,
    bins,
    channels,
    places,
    counts: states.counts.slice(from * brains * bins * channels),
    data: states.data.slice(from * brains * places),
    written: states.written.slice(from * brains),
  };
}
