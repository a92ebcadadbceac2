/** The gate's books: what every electrode has received since the beginning, recent pulses, and what was refused. */
import type { Frame } from "../signals.ts";
import { FC_PER_NC, type RollingRules } from "./rolling.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { Fault, Refusal, SafetyRule } from "./unsafe-pulse.ts";

/** What one electrode has received. */
export interface ElectrodeAccount {
  readonly channel: number;
  /** Pulses accepted, less those cancelled before they began. */
  readonly pulses: number;
  /** Sum of the pulses' largest phases. */
  readonly chargeNc: number;
  /** Sum of the pulses' absolute net charges. */
  readonly netChargeNc: number;
  readonly cancelled: number;
  readonly refusals: number;
}

export interface LedgerReport {
  readonly electrodes: readonly ElectrodeAccount[];
  readonly pulses: number;
  readonly refusals: number;
  readonly refusedByRule: Readonly<Partial<Record<SafetyRule, number>>>;
  /** The latest refusals, oldest first. */
  readonly recentRefusals: readonly Refusal[];
}

/** The whole ledger as plain data (JSON-safe). */
export interface LedgerSnapshot {
  readonly version: 1;
  readonly clock: Frame;
  readonly electrodes: readonly (ElectrodeAccount & {
    /** Recent pulses: frame, duration (us), charge (fC), absolute net charge (fC), whether cancelled. */
    readonly recent: readonly (readonly [number, number, number, number, boolean])[];
  })[];
  readonly refusedByRule: Readonly<Partial<Record<SafetyRule, number>>>;
  readonly recentRefusals: readonly Refusal[];
}

interface Account {
  pulses: number;
  chargeFc: number;
  netFc: number;
  cancelled: number;
  refusals: number;
}

export class Ledger {
  private accounts = new Map<number, Account>();
  private refusedByRule: Partial<Record<SafetyRule, number>> = {};
  private recentRefusals: Refusal[] = [];
  /** Pulses of a call that is still being judged: they weigh, but are not booked. */
  private readonly undecided = new Set<TimelineEntry>();
  /** Pulses that were sent: those of this frame, too, cannot be cancelled any more. */
  private readonly begun = new WeakSet<TimelineEntry>();
  /** The latest now() that the gate has seen. */
  clock: Frame = Number.NEGATIVE_INFINITY;

  constructor(
    channels: readonly number[],
    private readonly rolling: RollingRules,
    private readonly logSize: number,
  ) {
    for (const channel of channels)
      this.accounts.set(channel, { pulses: 0, chargeFc: 0, netFc: 0, cancelled: 0, refusals: 0 });
  }

  /** Weighs a pulse; `undo` takes it back, in the reverse order of weighing. It counts from `accept` on. */
  weigh(channel: number, entry: TimelineEntry): { fault: Fault | undefined; undo: () => void } {
    const { fault, takeBack } = this.rolling.weigh(channel, entry);
    this.undecided.add(entry);
    const undo = () => {
      takeBack();
      this.undecided.delete(entry);
    };
    return { fault, undo };
  }

  /** Books a pulse that was weighed. */
  accept(channel: number, entry: TimelineEntry): void {
    this.undecided.delete(entry);
    const account = this.account(channel);
    account.pulses++;
    account.chargeFc += entry.chargeFc;
    account.netFc += entry.netFc;
  }

  /** A driver of a live clock has sent it. */
  begin(entry: TimelineEntry): void {
    this.begun.add(entry);
  }

  /** Moves an accepted pulse that will not begin from received to cancelled. It stays in the rolling windows. */
  cancel(channel: number, entry: TimelineEntry): void {
    if (entry.cancelled || this.begun.has(entry)) return;
    entry.cancelled = true;
    const account = this.account(channel);
    account.pulses--;
    account.chargeFc -= entry.chargeFc;
    account.netFc -= entry.netFc;
    account.cancelled++;
  }

  /** Cancels every pulse that had not begun at `now`. */
  cancelFrom(now: Frame): void {
    for (const channel of this.accounts.keys())
      for (const entry of this.booked(channel)) if (entry.frame >= now) this.cancel(channel, entry);
  }

  refuse(refusal: Refusal): void {
    const account = this.accounts.get(refusal.channel);
    if (account) account.refusals++;
    this.refusedByRule[refusal.rule] = (this.refusedByRule[refusal.rule] ?? 0) + 1;
    this.recentRefusals.push(refusal);
    if (this.recentRefusals.length > this.logSize) this.recentRefusals.shift();
  }

  report(): LedgerReport {
    const electrodes = [...this.accounts].map(([channel, account]) => accountReport(channel, account));
    return {
      electrodes,
      pulses: electrodes.reduce((sum, { pulses }) => sum + pulses, 0),
      refusals: Object.values(this.refusedByRule).reduce((sum, count) => sum + count, 0),
      refusedByRule: { ...this.refusedByRule },
      recentRefusals: [...this.recentRefusals],
    };
  }

  snapshot(): LedgerSnapshot {
    const electrodes = [...this.accounts].map(([channel, account]) => ({
      ...accountReport(channel, account),
      recent: this.booked(channel).map(
        (e) => [e.frame, e.durationUs, e.chargeFc, e.netFc, e.cancelled] as const,
      ),
    }));
    const { clock, refusedByRule, recentRefusals } = this;
    return {
      version: 1,
      electrodes,
      refusedByRule: { ...refusedByRule },
      recentRefusals: [...recentRefusals],
      clock: Number.isFinite(clock) ? clock : 0,
    };
  }

  restore(snapshot: LedgerSnapshot): void {
    if (snapshot.version !== 1)
      throw new Error(`ledger: expected a snapshot of version 1, got ${snapshot.version}; start a new run`);
    const saved = new Set(snapshot.electrodes.map(({ channel }) => channel));
    const missing = [...this.accounts.keys()].find((channel) => !saved.has(channel));
    if (missing !== undefined || saved.size !== this.accounts.size)
      throw new Error("ledger: the snapshot is of a device with other channels; start a new run");
    const recent = new Map<number, TimelineEntry[]>();
    for (const electrode of snapshot.electrodes) {
      const { channel, pulses, chargeNc, netChargeNc, cancelled, refusals } = electrode;
      recent.set(channel, electrode.recent.map(entryOf));
      this.accounts.set(channel, {
        pulses,
        cancelled,
        refusals,
        chargeFc: Math.round(chargeNc * FC_PER_NC),
        netFc: Math.round(netChargeNc * FC_PER_NC),
      });
    }
    this.rolling.restore(recent);
    this.refusedByRule = { ...snapshot.refusedByRule };
    this.recentRefusals = [...snapshot.recentRefusals];
    this.clock = snapshot.clock;
  }

  private booked(channel: number): TimelineEntry[] {
    return this.rolling.timelineOf(channel).all.filter((entry) => !this.undecided.has(entry));
  }

  private account(channel: number): Account {
    const account = this.accounts.get(channel);
    if (!account) throw new Error(`internal: Ledger has no channel ${channel}`);
    return account;
  }
}

type Recent = LedgerSnapshot["electrodes"][number]["recent"][number];

function entryOf([frame, durationUs, chargeFc, netFc, cancelled]: Recent): TimelineEntry {
  return { frame, durationUs, chargeFc, netFc, cancelled };
}

function accountReport(channel: number, account: Account): ElectrodeAccount {
  const { pulses, cancelled, refusals, chargeFc, netFc } = account;
  return {
    channel,
    pulses,
    cancelled,
    refusals,
    chargeNc: chargeFc / FC_PER_NC,
    netChargeNc: netFc / FC_PER_NC,
  };
}
