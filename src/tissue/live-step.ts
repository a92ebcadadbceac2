/** One step of the tissue on a device: the plan's pulses through the safety gate, and what the tissue does. */
import type { Device, Frame, Pulse } from "../device/contract.ts";
import { type Refusal, UnsafePulse } from "../device/gate/unsafe-pulse.ts";
import type { RefusedPulse, StepPlan, StepResult } from "./contract.ts";
import type { StopFlag } from "./stop-flag.ts";

export interface LiveStepOptions {
  /** The step begins this long from now. */
  readonly leadFrames?: Frame;
  /** Takes out what the gate has dropped after it had let it pass (`onRefused`): pulses that came to be late. */
  readonly takeDropped?: () => Refusal[];
  /** Is told when pulses have passed the gate. */
  readonly stop?: StopFlag | undefined;
}

/** Gives a device the plan of one step, and reads what it does. */
export async function liveStep(
  device: Device,
  { brain, pulses, durationFrames, plasticity, reward }: StepPlan,
  { leadFrames = 0, takeDropped, stop }: LiveStepOptions = {},
): Promise<StepResult> {
  const startFrame = device.now() + leadFrames;
  const late = pulses.find(({ frame }) => !(frame >= 0 && frame < durationFrames));
  if (late)
    throw new RangeError(
      `brain ${brain}: expected pulses at frames 0 to ${durationFrames - 1} of the step, got ${late.frame}`,
    );
  // What the last step earned comes before the plasticity of this one.
  if (reward !== undefined) device.simulated?.reward(reward);
  device.simulated?.plasticity(plasticity);
  takeDropped?.();
  const placed = pulses.map((pulse) => ({ ...pulse, frame: startFrame + pulse.frame }));
  const refused = await stimulateAllowed(device, placed);
  if (refused.length < pulses.length) stop?.passed();
  if (leadFrames > 0) await device.read(startFrame);
  const { frames, channels } = await device.read(startFrame + durationFrames);
  for (const { channel, frame, rule } of takeDropped?.() ?? []) {
    const pulse = placed.findIndex((one) => one.channel === channel && one.frame === frame);
    if (pulse >= 0) refused.push({ pulse, rule });
  }
  refused.sort((a, b) => a.pulse - b.pulse);
  return {
    brain,
    startFrame,
    spikes: { frames: frames.map((frame) => frame - startFrame), channels },
    refused,
  };
}

/** Sends all pulses but those that the gate refuses, which it gives in the order of `pulses`. */
async function stimulateAllowed(device: Device, pulses: readonly Pulse[]): Promise<RefusedPulse[]> {
  const refused: RefusedPulse[] = [];
  let allowed = [...pulses.keys()];
  for (;;)
    try {
      await device.stimulate(allowed.map((i) => pulses[i]));
      return refused;
    } catch (error) {
      if (!(error instanceof UnsafePulse) || error.rule === "stopped" || error.rule === "clock") throw error;
      const { frame, channel, rule } = error;
      const pulse = allowed.findLast((i) => pulses[i].frame === frame && pulses[i].channel === channel);
      if (pulse === undefined) throw error;
      refused.push({ pulse, rule });
      allowed = allowed.filter((i) => i !== pulse);
    }
}
