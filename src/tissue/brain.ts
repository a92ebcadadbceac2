/**
 * One brain of a vat: a culture on its device, moved forward a step at a time. It remembers what it did last, so
 * that a step asked for twice is done once; a step that does not follow the last is refused.
 */
import { Culture } from "../culture/culture.ts";
import { growCulture } from "../culture/presets.ts";
import type { Device, Pulse } from "../device/contract.ts";
import { openDevice } from "../device/gate/open.ts";
import { UnsafePulse } from "../device/gate/unsafe-pulse.ts";
import { quietCulture } from "../device/protocols/quieting.ts";
import { SimulatedMea } from "../device/simulated/driver.ts";
import type { RunControl } from "../experiment/control/control.ts";
import { type BrainSpec, StepOutOfOrder, type StepPlan, type StepResult } from "./contract.ts";
import { packBrain, unpackBrain } from "./snapshot.ts";

/** A culture lives this long before anything is asked of it. */
const SETTLE_SECONDS = 3;

export class Brain {
  private next = 0;
  private last: { readonly step: number; readonly result: Promise<StepResult> } | undefined;

  constructor(
    /** Its place in the vat. */
    readonly brain: number,
    private readonly device: Device,
    private readonly control?: RunControl,
  ) {}

  /** The brain of a spec as it is before step 0: grown, settled and, where it bursts when left alone, quieted. */
  static async grow(spec: BrainSpec, control?: RunControl): Promise<Brain> {
    const device = openBrain(spec, control);
    await device.read(SETTLE_SECONDS * device.profile.framesPerSecond);
    if (spec.preset === "default") await quietCulture(device, { seed: spec.seed });
    return new Brain(spec.brain, device, control);
  }

  /** The brain of a spec put back to a snapshot: grown only as far as the snapshot does not hold it. */
  static revive(spec: BrainSpec, step: number, snapshot: Uint8Array): Brain {
    const brain = new Brain(spec.brain, openBrain(spec));
    brain.restore(step, snapshot);
    return brain;
  }

  get nextStep(): number {
    return this.next;
  }

  /** Throws `StepOutOfOrder` unless `step` is the next one, or the last one again. */
  run(step: number, plan: StepPlan): Promise<StepResult> {
    if (this.last?.step === step) return this.last.result;
    if (step !== this.next)
      return Promise.reject(
        new StepOutOfOrder(`brain ${this.brain}: expected step ${this.next}, got step ${step}`),
      );
    this.next++;
    this.last = { step, result: liveStep(this.device, this.brain, plan, { control: this.control }) };
    return this.last.result;
  }

  /** Its state after the last step. */
  snapshot(): Uint8Array {
    return packBrain(this.controls().snapshot());
  }

  /** Puts it back to a snapshot; the next step is `step`. */
  restore(step: number, snapshot: Uint8Array): void {
    this.controls().restore(unpackBrain(snapshot));
    this.next = step;
    this.last = undefined;
  }

  /** Stops stimulation at once and for good, then lets go of the device. */
  close(): Promise<void> {
    return this.device.close();
  }

  private controls() {
    const { simulated, profile } = this.device;
    if (!simulated)
      throw new Error(
        `brain ${this.brain}: device ${profile.name} is tissue, of which no snapshot can be taken`,
      );
    return simulated;
  }
}

/** Gives a device the plan of one step, which begins `leadFrames` from now, and reads what it does. `control` hears of pulses. */
export async function liveStep(
  device: Device,
  brain: number,
  { pulses, durationFrames, plasticity }: StepPlan,
  {
    leadFrames = 0,
    control,
  }: { readonly leadFrames?: number; readonly control?: RunControl | undefined } = {},
): Promise<StepResult> {
  const start = device.now() + leadFrames;
  const late = pulses.find(({ frame }) => !(frame >= 0 && frame < durationFrames));
  if (late)
    throw new RangeError(
      `brain ${brain}: expected pulses at frames 0 to ${durationFrames - 1} of the step, got ${late.frame}`,
    );
  device.simulated?.plasticity(plasticity);
  const refused = await stimulateAllowed(
    device,
    pulses.map((pulse) => ({ ...pulse, frame: start + pulse.frame })),
    control,
  );
  if (leadFrames > 0) await device.read(start);
  const { frames, channels } = await device.read(start + durationFrames);
  return { brain, spikes: { frames: frames.map((frame) => frame - start), channels }, refused };
}

function openBrain({ seed, neurons, div, preset, maximumWeight }: BrainSpec, control?: RunControl): Device {
  const { anatomy, parameters } = growCulture({ seed, neurons, div, preset });
  const plasticity = { ...parameters.plasticity, ...(maximumWeight !== undefined && { maximumWeight }) };
  const culture = new Culture(anatomy, { ...parameters, plasticity }, seed);
  const stoppable = control ? { isStopped: () => control.isStopped } : {};
  return openDevice(new SimulatedMea(culture, { seed, ...stoppable }), stoppable);
}

/** Sends all pulses but those that the gate refuses; gives their number. */
async function stimulateAllowed(
  device: Device,
  pulses: readonly Pulse[],
  control?: RunControl,
): Promise<number> {
  let allowed = pulses;
  for (;;)
    try {
      await device.stimulate(allowed);
      if (allowed.length > 0) control?.passed();
      return pulses.length - allowed.length;
    } catch (error) {
      if (!(error instanceof UnsafePulse) || error.rule === "stopped" || error.rule === "clock") throw error;
      const at = allowed.findLastIndex(
        ({ frame, channel }) => frame === error.frame && channel === error.channel,
      );
      allowed = allowed.filter((_, i) => i !== at);
    }
}
