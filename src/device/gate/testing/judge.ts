/**
 * An independent judge of delivered pulses, for tests: every rule by brute force over the whole history, sharing no
 * code with the gate.
 */
import type { DeviceProfile, Pulse } from "../../contract.ts";
import type { StimulationLimits } from "../limits.ts";

/** Which pulses of a history are judged: those from index `from` on, which may begin at frame `now` or later. */
export interface Judged {
  readonly from: number;
  readonly now: number;
}

/** The first rule that the judged pulses break, given all before them; false if they break none. */
export function firstViolation(
  pulses: readonly Pulse[],
  profile: DeviceProfile,
  limits: StimulationLimits,
  { from, now }: Judged,
): string | false {
  for (const pulse of pulses.slice(from)) {
    if (!(pulse.frame >= now && Number.isInteger(pulse.frame))) return "frame";
    const fault = pulseViolation(pulse, profile, limits);
    if (fault) return fault;
  }
  const charged = pulses.map((pulse) => ({ ...pulse, ...charges(pulse) }));
  const inWindow = (start: number, seconds: number) =>
    charged.filter(({ frame }) => frame >= start && frame < start + seconds * profile.framesPerSecond);
  const { budget } = limits;
  for (const { frame, channel, phases } of charged) {
    const here = charged.filter((other) => other.channel === channel);
    const durationUs = phases.reduce((total, phase) => total + phase.durationUs, 0);
    const wait = (Math.max(limits.minIntervalUs, durationUs) / 1e6) * profile.framesPerSecond;
    if (here.filter((other) => other.frame >= frame && other.frame < frame + wait).length > 1)
      return "interval";
    if (inWindow(frame, 1).length > limits.maxPulsesPerSecondOnArray) return "array-rate";
    const lastsFrames = (other: Pulse) =>
      (other.phases.reduce((total, phase) => total + phase.durationUs, 0) / 1e6) * profile.framesPerSecond;
    const underWay = charged.filter(
      (other) => other.frame <= frame && frame < other.frame + lastsFrames(other),
    );
    if (
      new Set(underWay.map((other) => other.channel)).size >
      (profile.hardware?.maxElectrodesAtOnce ?? Infinity)
    )
      return "at-once";
    const second = inWindow(frame, 1).filter((other) => other.channel === channel);
    if (second.length > limits.maxPulsesPerSecondPerElectrode) return "rate";
    const window = inWindow(frame, budget.windowS).filter((other) => other.channel === channel);
    if (window.length > budget.maxPulses) return "budget-pulses";
    if (window.reduce((sum, { peakNc }) => sum + peakNc, 0) > budget.maxChargeNc) return "budget-charge";
    if (window.reduce((sum, { netNc }) => sum + Math.abs(netNc), 0) > budget.maxNetChargeNc)
      return "budget-net";
  }
  return false;
}

/** The first rule that a pulse breaks by itself. */
export function pulseViolation(
  { channel, phases }: Pulse,
  profile: DeviceProfile,
  limits: StimulationLimits,
) {
  const electrode = profile.electrodes.find((candidate) => candidate.channel === channel);
  if (!electrode) return "electrode";
  if (profile.reservedChannels.includes(channel)) return "reserved";
  if (phases.length < 2 || phases.length > limits.maxPhases) return "phases";
  for (const { currentUa, durationUs } of phases) {
    if (!(Math.abs(currentUa) <= limits.maxCurrentUa)) return "current";
    if (!(durationUs >= limits.minPhaseUs && durationUs <= limits.maxPhaseUs)) return "duration";
  }
  const { peakNc, netNc } = charges({ phases });
  if (!(peakNc > 0 && peakNc <= limits.maxChargePerPhaseNc)) return "charge";
  if (Math.abs(netNc) > limits.chargeBalanceTolerance * peakNc) return "balance";
  const positiveFirst = phases.find(({ currentUa }) => currentUa !== 0)!.currentUa > 0;
  if (positiveFirst && limits.cathodicFirst.includes(electrode.material as never)) return "polarity";
  const density = limits.maxChargeDensityUcPerCm2[electrode.material];
  const perCm2 = (peakNc * 1e-3) / (electrode.areaUm2 * 1e-8);
  if (density === null || perCm2 > density) return "density";
  return perCm2 * peakNc * 1e-3 > 10 ** limits.maxShannonK && "shannon";
}

/** The largest |charge| over stretches of phases of one sign, and over beginnings of the pulse; and the net charge. */
export function charges({ phases }: Pick<Pulse, "phases">): { peakNc: number; netNc: number } {
  let peakNc = 0;
  let netNc = 0;
  for (let first = 0; first < phases.length; first++)
    for (let last = first; last < phases.length; last++) {
      const stretch = phases.slice(first, last + 1);
      const charge = stretch.reduce(
        (sum, { currentUa, durationUs }) => sum + currentUa * durationUs * 1e-3,
        0,
      );
      const oneSign = stretch.every((p) => p.currentUa >= 0) || stretch.every((p) => p.currentUa <= 0);
      if (first === 0 || oneSign) peakNc = Math.max(peakNc, Math.abs(charge));
      if (first === 0 && last === phases.length - 1) netNc = charge;
    }
  return { peakNc, netNc };
}
