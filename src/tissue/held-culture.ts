/**
 * One culture of an experiment on its device, moved forward a step at a time. It remembers what it did last, so that a
 * step asked for twice is done once; a step that does not follow the last is refused.
 */
import type { SpikeTrain } from "../culture/culture.ts";
import type { Device } from "../device/contract.ts";
import { openDevice } from "../device/gate/open.ts";
import { homeostasisOf, quietByItself } from "../device/protocols/own-scaling.ts";
import { quietCulture } from "../device/protocols/quieting.ts";
import type { SimulatedControls } from "../device/simulated/controls.ts";
import { growSimulated } from "../device/simulated/grow.ts";
import { type AnswerOf, abilityFor, performOn, type TissueCommand } from "./commands.ts";
import { type CultureSpec, StepOutOfOrder, type StepPlan, type StepResult } from "./contract.ts";
import { liveStep } from "./live-step.ts";
import { type Ability, abilitiesOfWiring, type TissueProfile, tissueProfile } from "./profile.ts";
import { packCulture, unpackCulture } from "./snapshot.ts";
import type { StopFlag } from "./stop-flag.ts";
import { assertAble, assertPlan } from "./unable.ts";
import { wiredBrain } from "./wired/brain.ts";

/** Sees every spike of every cell of a culture. */
export type OnSpikes = (spikes: SpikeTrain) => void;

/** A culture lives this long before anything is asked of it. */
const SETTLE_SECONDS = 3;

/** Of every simulated culture; `reward` where it was grown with an eligibility. */
const ABILITIES_AS_GROWN: readonly Ability[] = ["restore", "plasticity", "scaling", "synapses"];

export class HeldCulture {
  readonly profile: TissueProfile;
  private next = 0;
  private last: { readonly step: number; readonly result: Promise<StepResult> } | undefined;

  private constructor(
    private readonly spec: CultureSpec,
    private readonly device: Device,
    private readonly stop?: StopFlag,
  ) {
    const reward = spec.eligibilityMs === undefined ? [] : (["reward"] as const);
    const abilities = spec.wiring ? abilitiesOfWiring(spec.wiring) : [...ABILITIES_AS_GROWN, ...reward];
    this.profile = tissueProfile(device.profile, abilities);
  }

  /** The culture of a spec as it is before step 0: grown, settled and, where it bursts when left alone, quieted. */
  static async grow(spec: CultureSpec, stop?: StopFlag, onSpikes?: OnSpikes): Promise<HeldCulture> {
    const device = openCulture(spec, stop, onSpikes);
    if (spec.wiring) return new HeldCulture(spec, device, stop); // at rest, it makes no spike
    await device.read(SETTLE_SECONDS * device.profile.framesPerSecond);
    if (spec.scaling) await quietByItself(device, spec.seed, spec.scaling);
    else if (spec.preset === "default") await quietCulture(device, { seed: spec.seed });
    return new HeldCulture(spec, device, stop);
  }

  /** The culture of a spec put back to a snapshot: grown only as far as the snapshot does not hold it. */
  static revive(spec: CultureSpec, step: number, snapshot: Uint8Array): HeldCulture {
    const brain = new HeldCulture(spec, openCulture(spec));
    brain.restore(step, snapshot);
    return brain;
  }

  /** Its index in the vat. */
  get brain(): number {
    return this.spec.brain;
  }

  get nextStep(): number {
    return this.next;
  }

  /** Throws `StepOutOfOrder` unless `step` is the next one, or the last one again. */
  async run(step: number, plan: StepPlan): Promise<StepResult> {
    if (this.last?.step === step) return this.last.result;
    if (step !== this.next)
      throw new StepOutOfOrder(`brain ${this.brain}: expected step ${this.next}, got step ${step}`);
    assertPlan(plan, this.profile);
    this.next++;
    this.last = { step, result: liveStep(this.device, plan, { stop: this.stop }) };
    return this.last.result;
  }

  /** After the step in progress; throws `Unable` where the culture lacks the ability that the command needs. */
  async perform<Command extends TissueCommand>(command: Command): Promise<AnswerOf<Command>> {
    assertAble(abilityFor(command), this.brain, this.profile);
    await this.last?.result.catch(() => undefined); // whoever asked for the step hears of it
    return performOn(this.controls(), command);
  }

  /** Its state after the last step. */
  snapshot(): Uint8Array {
    return packCulture(this.controls().snapshot());
  }

  /** Puts it back to a snapshot; the next step is `step`. */
  restore(step: number, snapshot: Uint8Array): void {
    this.controls().restore(unpackCulture(snapshot));
    this.next = step;
    this.last = undefined;
  }

  /** Stops stimulation at once and for good, then lets go of the device. */
  close(): Promise<void> {
    return this.device.close();
  }

  private controls(): SimulatedControls {
    const { simulated, profile } = this.device;
    if (!simulated)
      throw new Error(`brain ${this.brain}: expected a simulated culture on device ${profile.name}`);
    return simulated;
  }
}

function openCulture(spec: CultureSpec, stop?: StopFlag, onSpikes?: OnSpikes): Device {
  const { seed, neurons, div, scaffold, preset, rule, limits } = spec;
  const { maximumWeight, eligibilityMs, wiring, scaling } = spec;
  const plasticity = {
    ...(maximumWeight !== undefined && { maximumWeight }),
    ...(eligibilityMs !== undefined && { eligibility: { traceMs: eligibilityMs } }),
  };
  const stoppable: { isStopped?: () => boolean } = stop ? { isStopped: () => stop.mustRefuse() } : {};
  const options = { ...stoppable, ...(limits && { limits }) };
  if (wiring) return openDevice(wiredBrain(wiring, seed, stoppable.isStopped), options);
  const growth = {
    seed,
    neurons,
    div,
    scaffold,
    preset,
    ...(rule && { rule }),
    ...(scaling && { homeostasis: homeostasisOf(scaling) }),
  };
  return openDevice(growSimulated({ ...growth, plasticity, onSpikes, ...stoppable }), options);
}
