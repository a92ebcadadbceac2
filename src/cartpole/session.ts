/**
 * A session as published: windows of 200 ms in which the pole's angle is given as two rates of pulses and the motor electrodes are
 * listened to, a step of the game after each; three seconds of wait after a fall; a train of stimulation where the last five episodes were
 * no better than the last twenty.
 */
import type { Device, Pulse } from "../device/contract.ts";
import { pulsesFor } from "../device/stimulation.ts";
import type { Random } from "../math/random.ts";
import { mean } from "../math/statistics.ts";
import { newClock, pulsesDue } from "./due.ts";
import { hasFallen, move, type State, sensoryHz, start } from "./game.ts";
import type { Places } from "./places.ts";

export const WINDOW_MS = 200;
const WAIT_MS = 3000;
/** From the last sensory pulse to a train: the gate refuses two pulses on an electrode within 2 ms. */
const GUARD_MS = 5;
/** Of the spikes of earlier windows. */
export const SMOOTHING = 0.2;
const LAG_MS = 10;
const TRAIN_MS = 400;
const [RECENT, OLDER] = [5, 20];

/** Electrodes that are pulsed one after the other, `LAG_MS` apart. */
export type Pair = readonly [first: readonly number[], second: readonly number[]];

/** What was seen in a window. */
export interface Window {
  /** Pulses on each sensory side, spikes on each motor side. */
  readonly pulses: readonly [number, number];
  readonly heard: readonly [number, number];
  readonly state: State;
}

export interface Trainer {
  /** Asked after a bad episode; `change`: mean of the last five scores over that of the last twenty. */
  train(episode: {
    readonly change: number;
    readonly sinceMs: number;
    readonly windows: readonly Window[];
  }): Promise<Pair | null>;
  /** Hears of an episode that asked for no training. */
  spared?(change: number): void;
}

export interface SessionOptions {
  readonly seconds: number;
  readonly gain: number;
  readonly trainHz: number;
  readonly isStopped?: () => boolean;
}

export interface Played {
  /** Steps of each episode; the last one was ended by the clock. */
  readonly steps: readonly number[];
  readonly isLastOver: boolean;
  readonly trains: readonly { readonly sinceMs: number; readonly pair: Pair }[];
}

export async function play(
  device: Device,
  { sensory, motor }: Places,
  trainer: Trainer | null,
  { random, ...options }: SessionOptions & { readonly random: Random },
): Promise<Played> {
  const { profile } = device;
  const perMs = profile.framesPerSecond / 1000;
  const began = device.now();
  const end = began + options.seconds * profile.framesPerSecond;
  const sideOf = new Map(motor.flatMap((group, side) => group.map((channel) => [channel, side] as const)));
  const clock = newClock(profile.framesPerSecond);
  const scores: number[] = [];
  const trains: { sinceMs: number; pair: Pair }[] = [];
  let windows: Window[] = [];
  let rates: readonly number[] = [0, 0];
  let state = start(random);
  // Nothing is given before the first step.
  let hz: readonly number[] = [0, 0];

  /** Pulses that fall due until `until`. */
  const given = (from: number, until: number) => {
    const due = pulsesDue(clock, hz, [from, until]);
    const pulses = due.flatMap((frames, side) =>
      frames.flatMap((frame) => pulsesFor(sensory[side], 1, frame, profile)),
    );
    const counts: [number, number] = [due[0].length, due[1].length];
    return { pulses: pulses.sort((one, other) => one.frame - other.frame), counts };
  };

  const trainWith = async (pair: Pair) => {
    const from = device.now() + GUARD_MS * perMs;
    const every = Math.round(profile.framesPerSecond / options.trainHz);
    const pulses: Pulse[] = [];
    for (let at = from; at < from + TRAIN_MS * perMs; at += every)
      pulses.push(
        ...pulsesFor(pair[0], 1, at, profile),
        ...pulsesFor(pair[1], 1, at + LAG_MS * perMs, profile),
      );
    await device.stimulate(pulses.sort((one, other) => one.frame - other.frame));
    trains.push({ sinceMs: (from - began) / perMs, pair });
    await device.read(from + TRAIN_MS * perMs);
  };

  while (device.now() < end && !options.isStopped?.()) {
    const from = device.now();
    const until = from + WINDOW_MS * perMs;
    const { pulses, counts } = given(from, until);
    if (pulses.length > 0) await device.stimulate(pulses);
    const spikes = await device.read(until);
    const heard: [number, number] = [0, 0];
    for (const channel of spikes.channels) {
      const side = sideOf.get(channel);
      if (side !== undefined) heard[side]++;
    }
    windows.push({ pulses: counts, heard, state });
    rates = rates.map((rate, side) => SMOOTHING * rate + (1 - SMOOTHING) * heard[side]);
    state = move(state, Math.max(-1, Math.min(1, options.gain * (rates[1] - rates[0]))));
    hz = sensoryHz(state[2]);
    if (!hasFallen(state)) continue;
    scores.push(windows.length);
    const change = mean(scores.slice(-RECENT)) - mean(scores.slice(-OLDER));
    if (change <= 0) {
      const pair = await trainer?.train({ change, sinceMs: (device.now() - began) / perMs, windows });
      if (pair) await trainWith(pair);
    } else trainer?.spared?.(change);
    windows = [];
    state = start(random);
    hz = sensoryHz(state[2]);
    await device.read(device.now() + WAIT_MS * perMs);
  }
  const isLastOver = windows.length === 0;
  return { steps: isLastOver ? scores : [...scores, windows.length], isLastOver, trains };
}
