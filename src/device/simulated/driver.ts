/**
 * A simulated culture behind the device contract. A pulse acts from the first step of the culture that begins at
 * or after its frame; a spike falls on a random frame of its step. Open it with `openDevice`.
 */
import type { Culture, SpikeTrain } from "../../culture/culture.ts";
import type { Driver, Frame, Pulse, Spikes, StimulableProfile } from "../contract.ts";
import type { ClearedPulses } from "../gate/cleared.ts";
import { measurePulse } from "../gate/measure.ts";
import { takeCleared } from "../gate/open.ts";
import { assertReadable } from "../reading.ts";
import { simulatedProfile } from "./array.ts";
import type { PendingPulse, SimulatedControls, SimulatedSnapshot } from "./controls.ts";
import { couplingOf, type ElectrodeCoupling, type ElectrodeReach, reachOfElectrodes } from "./coupling.ts";
import { SpikeDetector, sensingOf } from "./detector.ts";
import { type SimulatedMeaParameters, simulatedMeaDefaults, simulatedMeaSchema } from "./parameters.ts";
import { Ultrastructure } from "./ultrastructure.ts";

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

export class SimulatedMea implements Driver {
  readonly profile: StimulableProfile;
  readonly simulated: SimulatedControls;
  private readonly culture: Culture;
  private readonly stepFrames: number;
  private readonly parameters: SimulatedMeaParameters;
  private readonly reach = new Map<number, ElectrodeReach>();
  private readonly detector: SpikeDetector;
  private frame: Frame;
  /** Pulses not yet applied, or recent enough to blind the array; in frame order. */
  private pulses: PendingPulse[] = [];
  private closed = false;
  private readonly isStopped: () => boolean;
  private readonly onSpikes: SimulatedMeaOptions["onSpikes"];

  constructor(culture: Culture, options: SimulatedMeaOptions) {
    const { seed, parameters, profile, isStopped = () => false, onSpikes } = options;
    this.isStopped = isStopped;
    this.onSpikes = onSpikes;
    this.profile = profile ?? simulatedProfile;
    this.parameters = simulatedMeaSchema.parse(parameters ?? simulatedMeaDefaults);
    this.culture = culture;
    this.stepFrames = culture.parameters.stepFrames;
    this.frame = culture.step * this.stepFrames;
    const { positionsMm } = culture.anatomy;
    const { detection, stimulation } = this.parameters;
    const reach = reachOfElectrodes(this.profile, positionsMm, stimulation);
    for (const each of reach) this.reach.set(each.channel, each);
    const sensing = sensingOf(this.profile, positionsMm, this.stepFrames, detection);
    this.detector = new SpikeDetector(sensing, seed, this.frame);
    let coupling: ElectrodeCoupling | undefined;
    const ultrastructure = new Ultrastructure(culture);
    this.simulated = {
      plasticity: (scale) => culture.setPlasticity(scale),
      reward: (amount) => culture.reward(amount),
      scaleExcitation: (factor) => culture.scaleExcitation(factor),
      hurryHomeostasis: (fold) => culture.hurryHomeostasis(fold),
      limitScaling: (share) => culture.limitScaling(share),
      snapshot: () => this.snapshot(),
      restore: (snapshot) => this.restore(snapshot),
      readTissue: () => {
        coupling ??= couplingOf(this.profile, positionsMm, reach, sensing);
        return ultrastructure.read(coupling);
      },
      readStrengths: () => ultrastructure.strengths(),
      writeSynapses: (write) => ultrastructure.writeSynapses(write),
      permuteSynapses: (from) => ultrastructure.permute(from),
      writeCells: (write) => ultrastructure.writeCells(write),
    };
  }

  get tissue(): object {
    return this.culture;
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
      ({ frame }) =>
        this.stepOf(frame) >= this.culture.step || frame + this.detector.blindFrames > untilFrame,
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
    const culture = this.culture;
    let next = 0;
    while (culture.step < endStep) {
      while (next < this.pulses.length && this.stepOf(this.pulses[next].frame) < culture.step) next++;
      for (; next < this.pulses.length; next++) {
        const { frame, channel, strength } = this.pulses[next];
        if (this.stepOf(frame) !== culture.step) break;
        if (this.isStopped()) continue; // A read of the simulation holds its thread: the gate cannot cancel.
        const { neurons, millivolts } = this.reach.get(channel)!;
        culture.depolarise(neurons, strength === 1 ? millivolts : millivolts.map((mv) => mv * strength));
      }
      const nextPulse = next < this.pulses.length ? this.stepOf(this.pulses[next].frame) : endStep;
      const stop = Math.min(endStep, nextPulse, culture.step + STEPS_AT_ONCE);
      const train = culture.advance(stop - culture.step);
      this.onSpikes?.(train);
      const { steps, neurons } = train;
      for (let i = 0; i < steps.length; i++) this.detector.sense(steps[i], neurons[i]);
    }
  }

  private snapshot(): SimulatedSnapshot {
    return {
      version: 1,
      frame: this.frame,
      culture: this.culture.snapshot(),
      detector: this.detector.snapshot(),
      pending: [...this.pulses],
    };
  }

  private restore(snapshot: SimulatedSnapshot): void {
    if (snapshot.version !== 1)
      throw new Error(
        `restore: expected a snapshot of version 1, got ${snapshot.version}; grow the culture again`,
      );
    this.culture.restore(snapshot.culture);
    this.detector.restore(snapshot.detector);
    this.frame = snapshot.frame;
    this.pulses = [...snapshot.pending];
  }
}
