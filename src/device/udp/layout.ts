/**
 * What trainers of the CL1's UDP interface take for granted: which port carries what, and which electrodes are
 * which group. https://github.com/SeanCole02/doom-neuron (USAGE.md and the packet table of its protocol module).
 */

export interface InterfacePorts {
  /** The interface listens here for stimulation, events and feedback; the trainer for spikes. */
  readonly stimulation: number;
  readonly spikes: number;
  readonly events: number;
  readonly feedback: number;
}

export const DEFAULT_PORTS: InterfacePorts = {
  stimulation: 12_345,
  spikes: 12_346,
  events: 12_347,
  feedback: 12_348,
};

/** Spikes are counted per group; the eight electrodes of the first take the eight rates of a stimulation packet. */
export const GROUPS: readonly (readonly number[])[] = [
  [8, 9, 10, 17, 18, 25, 27, 28], // encoding
  [41, 42, 49], // move forward
  [50, 51, 58], // move backward
  [13, 14, 21], // move left
  [45, 46, 53], // move right
  [29, 30, 31, 37], // turn left
  [59, 60, 61, 62], // turn right
  [32, 33, 34], // attack
];

export const ENCODING = GROUPS[0];
