/** Where a brain's roles lie on its scaffold, and one step's way there and back: pulses in, neural state out. */

import { binSpikes } from "../device/binning.ts";
import type { Pulse, Spikes } from "../device/contract.ts";
import { simulatedProfile } from "../device/simulated/array.ts";
import { pulsesFor } from "../device/stimulation.ts";
import type { Given } from "../tasks/worlds/contract.ts";
import { divideScaffold } from "../tasks/zones.ts";
import { BIN_FRAMES, BINS, VOLLEY_FRAMES, type Write } from "./protocol.ts";
import { addEfference } from "./trial.ts";

/** Electrodes of a write. */
export const PATTERN = 4;

export interface Body {
  /** Channel of every role: the sensory zone's places first, then the prediction zone. */
  readonly channelOf: readonly number[];
  /** Roles of each class's pattern in the prediction zone. */
  readonly patterns: readonly (readonly number[])[];
  /** Roles of the prediction zone. */
  readonly prediction: readonly number[];
}

export function bodyOf(seed: number, classes: number): Body {
  const { sensory, prediction } = divideScaffold(simulatedProfile.electrodes, seed, { classCount: classes });
  const first = sensory.length;
  return {
    channelOf: [...sensory, ...prediction],
    patterns: Array.from({ length: classes }, (_, k) =>
      Array.from({ length: PATTERN }, (_, i) => first + k * PATTERN + i),
    ),
    prediction: prediction.map((_, i) => first + i),
  };
}

/** A write, in roles. */
export type RoleWrite = Omit<Write, "channels"> & { readonly roles: readonly number[] };

/** The pulses of a step: the datum's volleys, each followed by the write. */
export function pulsesOf({ channelOf }: Body, { places, volleys }: Given, write: RoleWrite | null): Pulse[] {
  const channels = (roles: readonly number[]) => roles.map((role) => channelOf[role]);
  return VOLLEY_FRAMES.slice(0, volleys).flatMap((volley) => [
    ...pulsesFor(channels(places), 1, volley, simulatedProfile),
    ...(write
      ? pulsesFor(channels(write.roles), write.amplitude, volley + write.delayFrames, simulatedProfile)
      : []),
  ]);
}

/** Counts `[BINS, C]` in roles, summed over the volleys, as read; of fewer volleys than three as if of three. */
export function readState({ channelOf }: Body, spikes: Spikes, { volleys }: Given): Float32Array {
  const channels = channelOf.length;
  const state = new Float32Array(BINS * channels);
  const scale = VOLLEY_FRAMES.length / volleys;
  for (const volley of VOLLEY_FRAMES.slice(0, volleys)) {
    const counts = binSpikes(spikes, volley, BIN_FRAMES, BINS, channels);
    for (let bin = 0; bin < BINS; bin++)
      channelOf.forEach((channel, role) => {
        state[bin * channels + role] += scale * counts[bin * channels + channel];
      });
  }
  return state;
}

/** The state with the pulses themselves in the place of the spikes that their artifacts hide. Changes `state`. */
export function withEfference(
  state: Float32Array,
  { places }: Given,
  write: RoleWrite | null,
  writeShare = 1,
): Float32Array {
  return addEfference(state, places, write ? { ...write, channels: write.roles } : undefined, writeShare);
}

/** The class with most spikes in its pattern, outside the bin of the datum's pulse; ties go round with `turn`. */
export function saidByHand({ patterns }: Body, state: Float32Array, turn: number): number {
  const channels = state.length / BINS;
  let best = -1;
  let most = -1;
  for (let i = 0; i < patterns.length; i++) {
    const k = (i + turn) % patterns.length;
    let sum = 0;
    for (let bin = 1; bin < BINS; bin++) for (const role of patterns[k]) sum += state[bin * channels + role];
    if (sum > most) [best, most] = [k, sum];
  }
  return best;
}
