/** The rules that need nothing but a pulse and the array that it is for. */
import type { DeviceProfile, Electrode, Pulse } from "../contract.ts";
import type { StimulationLimits } from "./limits.ts";
import { faultOfLight, faultOfPulse, measurePulse } from "./measure.ts";
import { FC_PER_NC } from "./rolling.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { Fault } from "./unsafe-pulse.ts";

export class PulseRules {
  /** Those given, lowered to those of the hardware. */
  readonly limits: StimulationLimits;
  /** Electrodes on which a pulse may be under way at one moment. */
  readonly maxAtOnce: number;
  private readonly electrodes: ReadonlyMap<number, Electrode>;
  private readonly reserved: ReadonlySet<number>;
  readonly lightChannels: ReadonlySet<number>;

  constructor(profile: DeviceProfile, limits: StimulationLimits) {
    const { electrodes, reservedChannels, lightChannels = [] } = structuredClone(profile);
    this.limits = lower(limits, profile);
    this.electrodes = new Map(electrodes.map((electrode) => [electrode.channel, electrode]));
    if (this.electrodes.size !== electrodes.length)
      throw new Error(`device ${profile.name}: expected one electrode per channel, got a channel twice`);
    this.reserved = new Set(reservedChannels);
    this.lightChannels = new Set(lightChannels);
    const groups = lightChannels.length > 0 ? limits.light?.maxGroupsAtOnce : undefined;
    const { maxElectrodesAtOnce = groups ?? Number.POSITIVE_INFINITY } = profile.hardware ?? {};
    this.maxAtOnce =
      maxElectrodesAtOnce < this.electrodes.size ? maxElectrodesAtOnce : Number.POSITIVE_INFINITY;
  }

  get channels(): number[] {
    return [...this.electrodes.keys()];
  }

  /** What a pulse of finite numbers weighs, or the first rule that it breaks by itself. */
  judge(pulse: Pulse): { fault: Fault } | { entry: TimelineEntry } {
    const { channel, frame, phases } = pulse;
    const electrode = this.electrodes.get(channel);
    if (electrode === undefined) return { fault: { rule: "electrode", measured: 0, limit: 0 } };
    if (this.reserved.has(channel)) return { fault: { rule: "reserved", measured: 0, limit: 0 } };
    const isLit = this.lightChannels.has(channel);
    if (pulse.light || isLit) {
      const light = pulse.light && isLit && phases.length === 0 ? pulse.light : undefined;
      const fault = faultOfLight(light, this.limits.light);
      if (fault || !light) return { fault: fault ?? { rule: "light", measured: 0, limit: 0 } };
      return { entry: { frame, durationUs: light.durationUs, chargeFc: 0, netFc: 0, cancelled: false } };
    }
    const measure = measurePulse(phases, electrode.areaUm2);
    const fault = faultOfPulse(pulse, electrode, measure, this.limits);
    if (fault) return { fault };
    const { durationUs, chargeNc, netChargeNc } = measure;
    const chargeFc = Math.round(chargeNc * FC_PER_NC);
    const netFc = Math.round(Math.abs(netChargeNc) * FC_PER_NC);
    return { entry: { frame, durationUs, chargeFc, netFc, cancelled: false } };
  }
}

function lower(limits: StimulationLimits, { name, hardware }: DeviceProfile): StimulationLimits {
  if (!hardware) return limits;
  const { maxCurrentUa, maxChargePerPhaseNc, maxElectrodesAtOnce = 1 } = hardware;
  if (!(maxCurrentUa > 0 && maxChargePerPhaseNc > 0 && maxElectrodesAtOnce > 0))
    throw new Error(`device ${name}: expected hardware limits > 0, got ${JSON.stringify(hardware)}`);
  return {
    ...limits,
    maxCurrentUa: Math.min(limits.maxCurrentUa, maxCurrentUa),
    maxChargePerPhaseNc: Math.min(limits.maxChargePerPhaseNc, maxChargePerPhaseNc),
  };
}
