/**
 * A brain of a wiring diagram behind the device contract: light on named groups of cells in place of current on electrodes, and named
 * groups read in place of electrodes. A frame is a step of the simulation, 0.1 ms. Open it with `openDevice`.
 *
 * Channels: first the groups that light reaches (data, then answers), then those that are read, which are reserved. A spike is on the channel of every group
 * that its cell is in; cells in no group are not seen.
 */

import { Brain, type BrainOptions } from "../../wiring/brain/brain.ts";
import type { Group } from "../../wiring/brain/groups.ts";
import type { Wiring } from "../../wiring/contract.ts";
import type { Driver, Frame, Pulse, Spikes, StimulableProfile } from "../contract.ts";
import type { ClearedPulses } from "../gate/cleared.ts";
import { takeCleared } from "../gate/open.ts";
import { DeviceError } from "../lost.ts";
import { assertReadable } from "../reading.ts";
import type { SimulatedControls, SimulatedSnapshot } from "../simulated/controls.ts";
import { pack, unpack } from "./state.ts";

export interface WiredBrainOptions extends BrainOptions {
  /** Groups that are read. */
  readonly read: readonly Group[];
  /**
   * How many of the groups that light reaches, the last ones, answer; then the others carry data and are not read, and an answer is not
   * read while it is lit, as an electrode is not while it is pulsed.
   */
  readonly answers?: number | undefined;
  /** What its cells fire at under 1 mW/mm2. */
  readonly hzPerMwPerMm2?: number;
  /** True once no further light may act, also of what was delivered; asked before each flash. */
  readonly isStopped?: () => boolean;
}

export const STEPS_PER_SECOND = 10_000;
/** Receptor cells of larvae fire at up to some 150 Hz. */
const HZ_PER_MW_PER_MM2 = 150;
/** Groups lie on a grid where nothing says where they are. */
const PITCH_UM = 10;

export class WiredBrain implements Driver {
  readonly profile: StimulableProfile;
  readonly simulated: SimulatedControls;
  readonly brain: Brain;
  private readonly seenBy: readonly (readonly number[] | undefined)[];
  private readonly hzPerMwPerMm2: number;
  private readonly isStopped: () => boolean;
  /** By channel that is not read while it is lit: the step in which its light ends. */
  private readonly litUntil: Int32Array;
  private pending: Pulse[] = [];
  private closed = false;

  constructor(
    private readonly wiring: Wiring,
    options: WiredBrainOptions,
  ) {
    const { lit, hzPerMwPerMm2 = HZ_PER_MW_PER_MM2, isStopped = () => false } = options;
    this.brain = new Brain(wiring, options);
    this.hzPerMwPerMm2 = hzPerMwPerMm2;
    this.isStopped = isStopped;
    this.profile = wiredProfile(wiring, options);
    const seenBy = new Array<number[] | undefined>(wiring.names.length);
    const data = options.answers === undefined ? 0 : lit.length - options.answers;
    [...lit, ...options.read].forEach(({ cells }, channel) => {
      if (channel < data) return;
      for (const cell of cells) (seenBy[cell] ??= []).push(channel);
    });
    this.seenBy = seenBy;
    this.litUntil = new Int32Array(options.answers === undefined ? 0 : lit.length);
    const cannot = (what: string) => (): never => {
      throw new DeviceError(
        `${this.profile.name}: ${what} is of a grown culture; a wiring diagram has no such thing`,
      );
    };
    this.simulated = {
      plasticity: (scale) => {
        if (this.brain.learning) this.brain.learning.scale = scale;
      },
      snapshot: () => this.snapshot(),
      restore: (snapshot) => this.restore(snapshot),
      reward: cannot("a reward"),
      scaleExcitation: cannot("scaling"),
      hurryHomeostasis: cannot("homeostasis"),
      limitScaling: cannot("scaling by itself"),
      readTissue: cannot("an image of its tissue"),
      readStrengths: cannot("its synapses' strengths"),
      writeSynapses: cannot("writing synapses"),
      permuteSynapses: cannot("permuting synapses"),
      writeCells: cannot("writing cells"),
      ...(this.brain.learning && {
        learned: {
          read: () => this.brain.learning!.factors(),
          write: (factors) => this.brain.learning!.setFactors(factors),
        },
      }),
    };
  }

  get tissue(): object {
    return this.brain;
  }

  now(): Frame {
    return this.brain.step;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    assertReadable(this, this.closed, this.now(), untilFrame);
    const frames: number[] = [];
    const channels: number[] = [];
    while (this.brain.step < untilFrame) {
      const step = this.brain.step;
      this.light(step);
      const count = this.brain.advance();
      const { fired } = this.brain;
      for (let i = 0; i < count; i++)
        for (const channel of this.seenBy[fired[i]] ?? []) {
          if (step < this.litUntil[channel]) continue;
          frames.push(step);
          channels.push(channel);
        }
    }
    return { frames: Float64Array.from(frames), channels: Uint16Array.from(channels) };
  }

  async deliver(pulses: ClearedPulses): Promise<void> {
    takeCleared(this, pulses);
    if (this.closed) throw new Error(`deliver: device ${this.profile.name} is closed`);
    this.pending.push(...pulses);
    this.pending.sort((a, b) => a.frame - b.frame || a.channel - b.channel);
  }

  async cancel(): Promise<void> {
    this.pending = this.pending.filter(({ frame }) => frame < this.now());
    this.brain.light.cancel(this.now());
    this.litUntil.fill(0);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** Begins the flashes of a step. */
  private light(step: number): void {
    let begun = 0;
    for (; begun < this.pending.length && this.pending[begun].frame <= step; begun++) {
      const { channel, light } = this.pending[begun];
      if (!light || this.isStopped()) continue;
      const rateHz = light.irradianceMwPerMm2 * this.hzPerMwPerMm2;
      const toStep = step + Math.round((light.durationUs / 1e6) * STEPS_PER_SECOND);
      this.brain.light.flash({ group: channel, fromStep: step, toStep, rateHz });
      if (channel < this.litUntil.length) this.litUntil[channel] = Math.max(this.litUntil[channel], toStep);
    }
    if (begun > 0) this.pending = this.pending.slice(begun);
  }

  private snapshot(): SimulatedSnapshot {
    return {
      version: 1,
      frame: this.now(),
      culture: pack(this.wiring, { brain: this.brain.snapshot(), pending: this.pending }),
      detector: { waiting: [], lastDetected: [], noise: [] },
      pending: [],
    };
  }

  private restore({ culture }: SimulatedSnapshot): void {
    const { brain, pending } = unpack(this.wiring, culture);
    this.brain.restore(brain);
    this.litUntil.fill(0);
    for (const { group, toStep } of brain.light.flashes)
      if (group < this.litUntil.length) this.litUntil[group] = Math.max(this.litUntil[group], toStep);
    this.pending = [...pending];
  }
}

/** What a brain is read and written by, without making it. */
export function wiredProfile(
  wiring: Wiring,
  { lit, read, answers }: Pick<WiredBrainOptions, "lit" | "read" | "answers">,
): StimulableProfile {
  const all = [...lit, ...read];
  const columns = Math.ceil(Math.sqrt(all.length));
  const electrodes = all.map((group, channel) => ({
    channel,
    ...placeOf(wiring, group, [PITCH_UM * (channel % columns), PITCH_UM * Math.floor(channel / columns)]),
    areaUm2: 1,
    material: "unknown" as const,
  }));
  const lightChannels = [...lit.keys()];
  return {
    name: `wiring: ${wiring.facts.source}`,
    preparation: "simulated",
    framesPerSecond: STEPS_PER_SECOND,
    electrodes,
    lightChannels,
    ...(answers !== undefined && {
      zones: {
        sensory: lightChannels.slice(0, lit.length - answers),
        prediction: lightChannels.slice(lit.length - answers),
      },
    }),
    reservedChannels: read.map((_, i) => lit.length + i),
  };
}

/** The mean of its cells' positions, or the place on a grid. */
function placeOf({ positionsUm }: Wiring, { cells }: Group, [x, y]: readonly [number, number]) {
  const placed = positionsUm
    ? Array.from(cells).filter((cell) => Number.isFinite(positionsUm[3 * cell]))
    : [];
  if (placed.length === 0 || !positionsUm) return { xUm: x, yUm: y };
  const mean = (axis: number) =>
    placed.reduce((sum, cell) => sum + positionsUm[3 * cell + axis], 0) / placed.length;
  return { xUm: mean(0), yUm: mean(1) };
}
