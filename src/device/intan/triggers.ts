/**
 * Stimulation by RHX: what a pulse is must be uploaded while the controller is stopped; while it runs, a key (F1 to
 * F8) sets off the pulses of all channels that listen to it. So a pulse can be delivered only if it is, with all
 * others of its key, one that the device file has.
 */
import type { Phase, Pulse } from "../contract.ts";
import type { Trigger } from "../device-file.ts";
import { DeviceError } from "../lost.ts";

/** Amplitudes are whole steps, at most so many. */
export const MAX_STEPS = 255;
export const MAX_PHASE_US = 5000;

/** The parameters that make one channel send a trigger's pulse. Throws where RHX cannot. */
export function stimulationParameters(
  trigger: Trigger,
  stepUa: number,
): readonly (readonly [string, string | number | boolean])[] {
  const { first, gap, second } = shapeOf(trigger);
  for (const { currentUa, durationUs } of [first, second]) {
    const steps = Math.abs(currentUa) / stepUa;
    if (Math.abs(steps - Math.round(steps)) > 1e-6 || steps > MAX_STEPS)
      throw new DeviceError(
        `device file: trigger ${trigger.key}: expected a current of whole steps of ${stepUa} uA, at most ${MAX_STEPS}, got ${currentUa} uA`,
      );
    if (durationUs > MAX_PHASE_US)
      throw new DeviceError(
        `device file: trigger ${trigger.key}: expected phases of at most ${MAX_PHASE_US} us, got ${durationUs}`,
      );
  }
  return [
    ["Source", `KeyPress${trigger.key}`],
    ["TriggerEdgeOrLevel", "Edge"],
    ["TriggerHighOrLow", "High"],
    ["PostTriggerDelayMicroseconds", 0],
    ["PulseOrTrain", "SinglePulse"],
    ["Shape", gap ? "BiphasicWithInterphaseDelay" : "Biphasic"],
    ["Polarity", first.currentUa < 0 ? "NegativeFirst" : "PositiveFirst"],
    ["FirstPhaseDurationMicroseconds", first.durationUs],
    ["SecondPhaseDurationMicroseconds", second.durationUs],
    ["FirstPhaseAmplitudeMicroAmps", Math.abs(first.currentUa)],
    ["SecondPhaseAmplitudeMicroAmps", Math.abs(second.currentUa)],
    ...(gap ? ([["InterphaseDelayMicroseconds", gap.durationUs]] as const) : []),
    ["StimEnabled", true],
  ];
}

/** Pulses that one key sets off. */
export interface KeyPress {
  readonly key: string;
  readonly pulses: readonly Pulse[];
}

/** The keys that send exactly these pulses, which all begin at one frame; throws if none do. */
export function keysFor(pulses: readonly Pulse[], triggers: readonly Trigger[]): KeyPress[] {
  const keys: KeyPress[] = [];
  const covered = new Set<Pulse>();
  for (const { key, channels, phases } of triggers) {
    const matching = channels.flatMap(
      (channel) => pulses.find((one) => one.channel === channel && samePhases(one.phases, phases)) ?? [],
    );
    if (matching.length < channels.length) continue;
    for (const pulse of matching) covered.add(pulse);
    keys.push({ key, pulses: matching });
  }
  const left = pulses.find((pulse) => !covered.has(pulse));
  if (left)
    throw new DeviceError(
      `RHX sends only the pulses that its device file gives to keys: ${triggers.map(describe).join("; ") || "none"}; got channel ${left.channel}, ${phasesText(left.phases)}`,
    );
  return keys;
}

/** A channel listens to one key only. */
export function checkTriggers(triggers: readonly Trigger[]): void {
  const seen = new Map<number, string>();
  const keys = new Set<string>();
  for (const { key, channels } of triggers) {
    if (keys.has(key)) throw new DeviceError(`device file: trigger ${key} is there twice`);
    keys.add(key);
    for (const channel of channels) {
      const other = seen.get(channel);
      if (other !== undefined)
        throw new DeviceError(`device file: channel ${channel} has two triggers, ${other} and ${key}`);
      seen.set(channel, key);
    }
  }
}

function shapeOf({ key, phases }: Trigger): { first: Phase; gap?: Phase; second: Phase } {
  const [first, middle, last] = phases as [Phase, Phase, Phase | undefined];
  const second = last ?? middle;
  if (!(first.currentUa * second.currentUa < 0) || (last && middle.currentUa !== 0))
    throw new DeviceError(
      `device file: trigger ${key}: expected two phases of opposite sign, or those with a gap of 0 uA between, got ${phasesText(phases)}`,
    );
  return last ? { first, gap: middle, second } : { first, second };
}

function samePhases(a: readonly Phase[], b: readonly Phase[]): boolean {
  return (
    a.length === b.length &&
    a.every((phase, i) => phase.currentUa === b[i].currentUa && phase.durationUs === b[i].durationUs)
  );
}

function describe({ key, channels, phases }: Trigger): string {
  return `${key} on ${channels.join(",")}: ${phasesText(phases)}`;
}

function phasesText(phases: readonly Phase[]): string {
  return phases.map(({ currentUa, durationUs }) => `${currentUa} uA for ${durationUs} us`).join(", ");
}
