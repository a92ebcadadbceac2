/**
 * Simulated cells behind the device contract, whatever model they live by. A pulse acts from the first step of the cells that
 * begins at or after its frame; a spike falls on a random frame of its step. Open it with `openDevice`.
 */
import type { Places } from "../../culture/anatomy.ts";
import type { SpikeTrain } from "../../culture/culture.ts";
import type { Driver, Frame, Pulse, Spikes, StimulableProfile } from "../contract.ts";
import type { ClearedPulses } from "../gate/cleared.ts";
import { measurePulse } from "../gate/measure.ts";
import { takeCleared } from "../gate/open.ts";
import { assertReadable } from "../reading.ts";
import { simulatedProfile } from "./array.ts";
import type { PendingPulse } from "./controls.ts";
import { type ElectrodeReach, reachOfElectrodes } from "./coupling.ts";
import { type Sensing, SpikeDetector, sensingOf } from "./detector.ts";
import { type SimulatedMeaParameters, simulatedMeaDefaults, simulatedMeaSchema } from "./parameters.ts";

/** Cells that live step by step and can be depolarised. */
export interface LivingCells {
  /** Steps lived. */
  readonly step: number;
  advance(steps: number): SpikeTrain;
  /** Depolarises cells at once, before the next step. */
  depolarise(cells: ArrayLike<number>, millivolts: ArrayLike<number>): void;
}

/** What is known of the cells beside their life. */
export interface CellsAbout {
  /** Length of a step in frames of the array. */
  readonly stepFrames: number;
  readonly places: Places;
}

export interface SimulatedMeaOptions {
  /** Seed of detection and noise. */
  readonly seed: number;
  readonly parameters?: SimulatedMeaParameters;
  readonly profile?: StimulableProfile;
  /** True once no further pulse may act, also of those already delivered; asked before each. */
  readonly isStopped?: () => boolean;
  /** Sees every spike of every cell, as no array does: for those who draw. */
  readonly onSpikes?: ((spikes: SpikeTrain) => void) | undefined;
}

/** Steps simulated at once, to bound the culture's spike buffer. */
const STEPS_AT_ONCE = 1000;

export class CellsOnArray implements Driver {
  readonly profile: StimulableProfile;
  protected readonly reach: readonly ElectrodeReach[];
  protected readonly sensing: Sensing;
  protected readonly detector: SpikeDetector;
  protected frame: Frame;
  /** Pulses not yet applied, or recent enough to blind the array; in frame order. */
  protected pulses: PendingPulse[] = [];
  private readonly reachByChannel: ReadonlyMap<number, ElectrodeReach>;
  private readonly parameters: SimulatedMeaParameters;
  private readonly isStopped: () => boolean;
  private readonly onSpikes: SimulatedMeaOptions["onSpikes"];
  private readonly stepFrames: number;
  private closed = false;

  constructor(
    private readonly cells: LivingCells,
    { stepFrames, places }: CellsAbout,
    { seed, parameters, profile, isStopped = () => false, onSpikes }: SimulatedMeaOptions,
  ) {
    this.isStopped = isStopped;
    this.onSpikes = onSpikes;
    this.stepFrames = stepFrames;
    this.profile = profile ?? simulatedProfile;
    this.parameters = simulatedMeaSchema.parse(parameters ?? simulatedMeaDefaults);
    this.frame = cells.step * stepFrames;
    const { detection, stimulation } = this.parameters;
    this.reach = reachOfElectrodes(this.profile, places, stimulation);
    this.reachByChannel = new Map(this.reach.map((each) => [each.channel, each]));
    this.sensing = sensingOf(this.profile, places, stepFrames, detection);
    this.detector = new SpikeDetector(this.sensing, seed, this.frame);
  }

  get tissue(): object {
    return this.cells;
  }

  now(): Frame {
    return this.frame;
  }

  async read(untilFrame: Frame): Promise<Spikes> {
    assertReadable(this, this.closed, this.frame, untilFrame);
    this.simulateTo(Math.ceil(untilFrame / this.stepFrames));
    const spikes = this.detector.emit(
      untilFrame,
      this.pulses.map(({ frame }) => frame),
    );
    this.frame = untilFrame;
    this.pulses = this.pulses.filter(
      ({ frame }) => this.stepOf(frame) >= this.cells.step || frame + this.detector.blindFrames > untilFrame,
    );
    return spikes;
  }

  async deliver(pulses: ClearedPulses): Promise<void> {
    takeCleared(this, pulses);
    if (this.closed) throw new Error(`deliver: device ${this.profile.name} is closed`);
    for (const { frame, channel, phases } of pulses)
      this.pulses.push({ frame, channel, strength: this.strength(phases) });
    this.pulses.sort((a, b) => a.frame - b.frame || a.channel - b.channel);
  }

  async cancel(): Promise<void> {
    this.pulses = this.pulses.filter(({ frame }) => frame < this.frame);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** The step from which a pulse acts. */
  private stepOf(frame: Frame): number {
    return Math.ceil(frame / this.stepFrames);
  }

  /** Depolarisation is proportional to the charge of a phase: the pulse is short beside the membrane's time constant. */
  private strength(phases: Pulse["phases"]): number {
    return measurePulse(phases, 1).chargeNc / this.parameters.stimulation.fullChargeNc;
  }

  private simulateTo(endStep: number): void {
    const { cells } = this;
    let next = 0;
    while (cells.step < endStep) {
      while (next < this.pulses.length && this.stepOf(this.pulses[next].frame) < cells.step) next++;
      for (; next < this.pulses.length; next++) {
        const { frame, channel, strength } = this.pulses[next];
        if (this.stepOf(frame) !== cells.step) break;
        if (this.isStopped()) continue; // A read of the simulation holds its thread: the gate cannot cancel.
        const { neurons, millivolts } = this.reachByChannel.get(channel)!;
        cells.depolarise(neurons, strength === 1 ? millivolts : millivolts.map((mv) => mv * strength));
      }
      const nextPulse = next < this.pulses.length ? this.stepOf(this.pulses[next].frame) : endStep;
      const stop = Math.min(endStep, nextPulse, cells.step + STEPS_AT_ONCE);
      const train = cells.advance(stop - cells.step);
      this.onSpikes?.(train);
      const { steps, neurons } = train;
      for (let i = 0; i < steps.length; i++) this.detector.sense(steps[i], neurons[i]);
    }
  }
}
