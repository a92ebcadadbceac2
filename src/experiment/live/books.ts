/** What the electrodes of one culture have received, kept from what was delivered and refused: for those who watch. */
import type { Electrode } from "../../device/contract.ts";
import type { ElectrodeAccount } from "../../device/gate/ledger.ts";
import { measurePulse } from "../../device/gate/measure.ts";
import type { Refusal, SafetyRule } from "../../device/gate/unsafe-pulse.ts";
import { deliveredPulses, type StepPlan, type StepResult } from "../../tissue/contract.ts";

type Account = { -readonly [Key in keyof ElectrodeAccount]: ElectrodeAccount[Key] };

/** A refusal as a step tells of it: not by how much a limit was passed. */
export type RefusalSeen = Pick<Refusal, "atFrame" | "channel" | "frame" | "rule">;

export interface BooksReport {
  readonly electrodes: readonly ElectrodeAccount[];
  readonly refusals: number;
  readonly refusedByRule: Readonly<Partial<Record<SafetyRule, number>>>;
  /** The latest, oldest first. */
  readonly recentRefusals: readonly RefusalSeen[];
}

/** Refusals that are kept one by one. */
const KEPT = 50;

export class Books {
  private readonly accounts: Map<number, Account>;
  private readonly refusedByRule: Partial<Record<SafetyRule, number>> = {};
  private readonly recent: RefusalSeen[] = [];
  private refusals = 0;

  constructor(electrodes: readonly Electrode[]) {
    this.accounts = new Map(
      electrodes.map(({ channel }) => [
        channel,
        { channel, pulses: 0, chargeNc: 0, netChargeNc: 0, cancelled: 0, refusals: 0 },
      ]),
    );
  }

  add(plan: StepPlan, result: StepResult): void {
    for (const { channel, phases } of deliveredPulses(plan, result)) {
      const account = this.accounts.get(channel);
      if (!account) continue;
      const { chargeNc, netChargeNc } = measurePulse(phases, 1);
      account.pulses++;
      account.chargeNc += chargeNc;
      account.netChargeNc += Math.abs(netChargeNc);
    }
    for (const { pulse, rule } of result.refused) {
      const { channel, frame } = plan.pulses[pulse];
      const account = this.accounts.get(channel);
      if (account) account.refusals++;
      this.refusals++;
      this.refusedByRule[rule] = (this.refusedByRule[rule] ?? 0) + 1;
      this.recent.push({ channel, rule, frame: result.startFrame + frame, atFrame: result.startFrame });
      if (this.recent.length > KEPT) this.recent.shift();
    }
  }

  report(): BooksReport {
    return {
      electrodes: [...this.accounts.values()].map((account) => ({ ...account })),
      refusals: this.refusals,
      refusedByRule: { ...this.refusedByRule },
      recentRefusals: this.recent.map((refusal) => ({ ...refusal })),
    };
  }
}
