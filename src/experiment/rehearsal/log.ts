/** What an experiment on paper came to, stage by stage and electrode by electrode. */
import type { LedgerReport } from "../../device/gate/ledger.ts";
import type { SafetyRule } from "../../device/gate/unsafe-pulse.ts";
import type { StimulableProfile } from "../../device/profile.ts";
import type { Roles } from "../../protocol/roles.ts";
import type { PaperTissue } from "../../tissue/dish/paper.ts";

export interface RehearsedStage {
  readonly name: string;
  /** On the device's clock; null where the culture is left alone for as long as the machine takes. */
  readonly startsAtSeconds: number;
  readonly seconds: number | null;
  readonly pulses: number;
  readonly refused: number;
}

export interface RehearsedElectrode {
  readonly channel: number;
  readonly role: "place" | "prediction" | "none" | "reserved";
  readonly pulses: number;
  readonly chargeNc: number;
  readonly refused: number;
}

/** Plain data. */
export interface Rehearsal {
  readonly device: string;
  readonly stages: readonly RehearsedStage[];
  /** Of the device's clock: what the machine takes to fit models comes on top. */
  readonly seconds: number;
  readonly pulses: number;
  readonly chargeNc: number;
  readonly electrodes: readonly RehearsedElectrode[];
  readonly refusedByRule: Readonly<Partial<Record<SafetyRule, number>>>;
}

/** Sums of the ledger, some of them counted more than once. */
class Tally {
  readonly electrodes = new Map<number, { pulses: number; chargeNc: number; refused: number }>();
  readonly rules = new Map<SafetyRule, number>();

  /** Adds what has come to the ledger between two reports, `times`. */
  add(before: LedgerReport, after: LedgerReport, times: number): { pulses: number; refused: number } {
    let [pulses, refused] = [0, 0];
    after.electrodes.forEach((now, i) => {
      const was = before.electrodes[i];
      const sum = this.electrodes.get(now.channel) ?? { pulses: 0, chargeNc: 0, refused: 0 };
      sum.pulses += times * (now.pulses - was.pulses);
      sum.chargeNc += times * (now.chargeNc - was.chargeNc);
      sum.refused += times * (now.refusals - was.refusals);
      this.electrodes.set(now.channel, sum);
      pulses += times * (now.pulses - was.pulses);
      refused += times * (now.refusals - was.refusals);
    });
    for (const [rule, count] of Object.entries(after.refusedByRule) as [SafetyRule, number][]) {
      const more = count - (before.refusedByRule[rule] ?? 0);
      if (more > 0) this.rules.set(rule, (this.rules.get(rule) ?? 0) + times * more);
    }
    return { pulses, refused };
  }
}

export class RehearsalLog {
  private readonly stages: RehearsedStage[] = [];
  private readonly tally = new Tally();
  private seconds = 0;

  constructor(
    private readonly tissue: PaperTissue,
    private readonly profile: StimulableProfile,
    private readonly roles: Roles,
  ) {}

  /** Does a stage, which counts `times`. */
  async stage(name: string, work: () => Promise<unknown>, times = 1): Promise<void> {
    const [before, from] = [this.tissue.ledger(), this.tissue.now()];
    await work();
    const seconds = (times * (this.tissue.now() - from)) / this.profile.framesPerSecond;
    const counted = this.tally.add(before, this.tissue.ledger(), times);
    this.stages.push({ name, startsAtSeconds: this.seconds, seconds, ...rounded(counted) });
    this.seconds += seconds;
  }

  /** The culture is left alone for as long as the machine takes. */
  pause(name: string): void {
    this.stages.push({ name, startsAtSeconds: this.seconds, seconds: null, pulses: 0, refused: 0 });
  }

  finish(): Rehearsal {
    const { profile, roles, tally } = this;
    const none = { pulses: 0, chargeNc: 0, refused: 0 };
    const electrodes = profile.electrodes.map(({ channel }): RehearsedElectrode => {
      const { chargeNc, ...counts } = tally.electrodes.get(channel) ?? none;
      return {
        channel,
        role: roleOf(channel, profile, roles),
        chargeNc: round(chargeNc, 3),
        ...rounded(counts),
      };
    });
    const charges = [...tally.electrodes.values()];
    return {
      device: profile.name,
      stages: this.stages,
      seconds: this.seconds,
      pulses: this.stages.reduce((sum, stage) => sum + stage.pulses, 0),
      chargeNc: round(
        charges.reduce((sum, { chargeNc }) => sum + chargeNc, 0),
        3,
      ),
      electrodes,
      refusedByRule: Object.fromEntries([...tally.rules].map(([rule, count]) => [rule, Math.round(count)])),
    };
  }
}

function roleOf(
  channel: number,
  { reservedChannels }: StimulableProfile,
  roles: Roles,
): RehearsedElectrode["role"] {
  if (reservedChannels.includes(channel)) return "reserved";
  if (roles.sensory.includes(channel)) return "place";
  return roles.prediction.includes(channel) ? "prediction" : "none";
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
const rounded = ({ pulses, refused }: { pulses: number; refused: number }) => ({
  pulses: Math.round(pulses),
  refused: Math.round(refused),
});
