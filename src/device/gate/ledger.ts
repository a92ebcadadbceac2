/** The gate's books: what every electrode has received since the beginning, recent pulses, and what was refused. */
import type { Frame } from "../signals.ts";
import { Timeline, type TimelineEntry } from "./timeline.ts";
import type { Refusal, SafetyRule } from "./unsafe-pulse.ts";

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
  timeline: Timeline;
}

const FC_PER_NC = 1e6;

export class Ledger {
  private accounts = new Map<number, Account>();
  private array = new Timeline();
  private refusedByRule: Partial<Record<SafetyRule, number>> = {};
  private recentRefusals: Refusal[] = [];
  /** The latest now() that the gate has seen. */
  clock: Frame = Number.NEGATIVE_INFINITY;

  constructor(
    channels: readonly number[],
    private readonly logSize: number,
  ) {
    for (const channel of channels)
      this.accounts.set(channel, {
        pulses: 0,
        chargeFc: 0,
        netFc: 0,
        cancelled: 0,
        refusals: 0,
        timeline: new Timeline(),
      });
  }

  timelineOf(channel: number): Timeline {
    return this.account(channel).timeline;
  }

  get arrayTimeline(): Timeline {
    return this.array;
  }

  /** Books an accepted pulse; returns a function that takes it back. */
  accept(channel: number, entry: TimelineEntry): { at: number; arrayAt: number; undo: () => void } {
    const account = this.account(channel);
    const at = account.timeline.insert(entry);
    const arrayAt = this.array.insert(entry);
    account.pulses++;
    account.chargeFc += entry.chargeFc;
    account.netFc += entry.netFc;
    const undo = () => {
      account.timeline.remove(entry);
      this.array.remove(entry);
      account.pulses--;
      account.chargeFc -= entry.chargeFc;
      account.netFc -= entry.netFc;
    };
    return { at, arrayAt, undo };
  }

  /** Moves pulses that had not begun at `now` from received to cancelled. They stay in the rolling windows. */
  cancelFrom(now: Frame): void {
    for (const account of this.accounts.values())
      for (const entry of account.timeline.all)
        if (entry.frame >= now && !entry.cancelled) {
          entry.cancelled = true;
          account.pulses--;
          account.chargeFc -= entry.chargeFc;
          account.netFc -= entry.netFc;
          account.cancelled++;
        }
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
      recent: account.timeline.all.map(
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
    for (const {
      channel,
      pulses,
      chargeNc,
      netChargeNc,
      cancelled,
      refusals,
      recent,
    } of snapshot.electrodes) {
      const timeline = Timeline.of(
        recent.map(([frame, durationUs, chargeFc, netFc, cancelled]) => ({
          frame,
          durationUs,
          chargeFc,
          netFc,
          cancelled,
        })),
      );
      this.accounts.set(channel, {
        pulses,
        cancelled,
        refusals,
        timeline,
        chargeFc: Math.round(chargeNc * FC_PER_NC),
        netFc: Math.round(netChargeNc * FC_PER_NC),
      });
    }
    this.array = Timeline.of([...this.accounts.values()].flatMap(({ timeline }) => timeline.all));
    this.refusedByRule = { ...snapshot.refusedByRule };
    this.recentRefusals = [...snapshot.recentRefusals];
    this.clock = snapshot.clock;
  }

  private account(channel: number): Account {
    const account = this.accounts.get(channel);
    if (!account) throw new Error(`internal: Ledger has no channel ${channel}`);
    return account;
  }
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
