/**
 * Holds brains on the hosts of a NATS server: the coordinator's side. Each step's plans are written to the vat's log
 * and thereby sent; results come back host by host.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import {
  type BrainHolder,
  type BrainSpec,
  StepOutOfOrder,
  type StepPlan,
  type StepResult,
} from "../contract.ts";
import { whileAway } from "./away.ts";
import { connectNats, type NatsOptions } from "./connection.ts";
import { VatContext } from "./context.ts";
import { Standing } from "./coordinator.ts";
import { dishMark, isDishMark } from "./dish-mark.ts";
import type { VatEvent } from "./events.ts";
import { Hearing } from "./hearing.ts";
import { encodeMessage } from "./messages.ts";
import { checkName, subjects } from "./names.ts";
import { Placement } from "./placement.ts";
import { Roster } from "./roster.ts";
import { Seat } from "./seat.ts";
import { StepLog } from "./step-log.ts";
import { openBucket, openVatStore, readSnapshot } from "./store.ts";

export type { VatEvent } from "./events.ts";

export interface NatsHolderOptions {
  readonly nats: NatsOptions;
  /** Name of the vat on the server; two runs of one name do not run at the same time. */
  readonly vat: string;
  /** How long the coordinator may be silent before another may take the vat over. */
  readonly leaseMs?: number;
  /** Steps from one snapshot of the brains to the next: no more than these are repeated after a loss. */
  readonly snapshotEvery?: number;
  /** Brains that are dishes, and the host of each (`wetgrad vat host --device`). */
  readonly dishes?: ReadonlyMap<number, string>;
  readonly onEvent?: (event: VatEvent) => void;
}

/** Time spent in steps, and the part of it in which the busiest host was in its brains. */
export interface StepTimes {
  steps: number;
  wholeMs: number;
  computeMs: number;
}

const DEFAULT_LEASE_MS = 10_000;
/** A snapshot costs as much of a core as some 30 steps and as much room as the plans of a thousand. */
const DEFAULT_SNAPSHOT_EVERY = 500;
const RELEASE_MS = 3000;

export async function natsHolder(options: NatsHolderOptions): Promise<NatsHolder> {
  const vat = checkName(options.vat, "--vat");
  for (const host of options.dishes?.values() ?? []) checkName(host, "--dishes");
  const connection = await connectNats({ name: `wetgrad vat ${vat}`, ...options.nats });
  return new NatsHolder(connection, options);
}

export class NatsHolder implements BrainHolder {
  readonly times: StepTimes = { steps: 0, wholeMs: 0, computeMs: 0 };
  private readonly context: VatContext;
  private readonly placement: Placement;
  private readonly hearing: Hearing;
  private closing: Promise<void> | undefined;
  private restores = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: NatsHolderOptions,
  ) {
    this.context = new VatContext(connection, options.vat, options.onEvent ?? (() => {}));
    this.placement = new Placement(this.context);
    this.hearing = new Hearing(this.context, this.placement);
  }

  async open(specs: readonly BrainSpec[], onGrown: (brain: number) => void = () => {}): Promise<void> {
    const { connection, context, placement, options } = this;
    const { vat, leaseMs = DEFAULT_LEASE_MS, dishes } = options;
    for (const spec of specs) context.seats.set(spec.brain, new Seat(spec, dishes?.get(spec.brain)));
    const kv = await openBucket(connection);
    const standing = await whileAway(() =>
      Standing.take(kv, {
        vat,
        leaseMs,
        brains: specs.length,
        onLost: (error) => context.end(error),
        step: () => Math.max(0, ...[...context.seats.values()].map(({ next }) => next)),
        onWaiting: () => context.emit({ event: "waiting-for-vat", vat }),
      }),
    );
    await whileAway(async () => (await openVatStore(connection, vat)).destroy()); // what an earlier run left
    const store = await whileAway(() => openVatStore(connection, vat));
    const log = new StepLog(store.log, vat, standing.name, () => context.over);
    connection.subscribe(subjects.answers(vat, standing.name), {
      callback: (_, { data }) => this.hearing.hear(data),
    });
    const roster = new Roster(connection, kv, {
      onHost: (offer) => placement.onHost(offer),
      onLost: (host, session, why) => placement.onLost(host, session, why),
    });
    context.parts = { standing, store, log, roster };
    await roster.heardAll();
    await Promise.all(
      [...context.seats.values()].map(async (seat) => {
        await placement.place(seat);
        onGrown(seat.brain);
      }),
    );
  }

  async step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]> {
    const { context } = this;
    void context.opened;
    const fresh = plans.filter(({ brain }) => context.seatOf(brain).last?.step !== step);
    for (const { brain } of fresh) {
      const { next } = context.seatOf(brain);
      if (next !== step) throw new StepOutOfOrder(`brain ${brain}: expected step ${next}, got step ${step}`);
    }
    if (fresh.length > 0) this.begin(step, fresh);
    return Promise.all(plans.map(({ brain }) => context.seatOf(brain).last!.result));
  }

  async snapshot(brains: readonly number[]): Promise<Uint8Array[]> {
    void this.context.opened;
    return Promise.all(brains.map((brain) => this.bytesOf(this.context.seatOf(brain))));
  }

  async restore(step: number, brains: readonly number[], snapshots: readonly Uint8Array[]): Promise<void> {
    const { standing, store } = this.context.opened;
    await Promise.all(
      brains.map(async (brain, i) => {
        const seat = this.context.seatOf(brain);
        await seat.last?.result;
        const bytes = snapshots[i];
        if (isDishMark(bytes) !== (seat.dish !== undefined))
          throw new Error(
            seat.dish === undefined
              ? `brain ${brain}: expected a snapshot of a simulated brain, got the mark of a dish`
              : `brain ${brain} is a dish, which cannot be put back to the snapshot of a simulated brain`,
          );
        if (seat.dish === undefined) {
          const object = `${brain}/${standing.name}/restored-${this.restores++}`;
          await whileAway(() => store.snapshots.putBlob({ name: object }, bytes));
          seat.reset(step, { object, step });
        } else seat.reset(step, null);
        seat.home = seat.place?.session;
        seat.place = undefined;
        await this.placement.place(seat);
      }),
    );
  }

  close(): Promise<void> {
    this.closing ??= this.letGo();
    return this.closing;
  }

  /** Sends a step to the hosts of its brains. */
  private begin(step: number, plans: readonly StepPlan[]): void {
    const began = performance.now();
    this.hearing.reset();
    const { snapshotEvery = DEFAULT_SNAPSHOT_EVERY } = this.options;
    const snapshotAfter = (step + 1) % snapshotEvery === 0;
    const orders = plans.map((plan) => {
      const seat = this.context.seatOf(plan.brain);
      seat.doing = { step, plan };
      seat.next = step + 1;
      seat.last = { step, result: this.resultOf(seat, step, plan, snapshotAfter) };
      return { seat, plan };
    });
    this.context.opened.log.append(step, snapshotAfter, orders);
    void Promise.all(orders.map(({ seat }) => seat.last!.result)).then(
      () => {
        this.times.steps++;
        this.times.wholeMs += performance.now() - began;
        this.times.computeMs += this.hearing.busiestMs;
      },
      () => undefined, // whoever asked hears of it
    );
  }

  /** Waits for a brain's result, wherever the brain has to go for it. The log has asked the first time. */
  private async resultOf(
    seat: Seat,
    step: number,
    plan: StepPlan,
    snapshotAfter: boolean,
  ): Promise<StepResult> {
    const { connection, placement } = this;
    const { log } = this.context.opened;
    const result = await placement.ask<StepResult>(
      seat,
      "step",
      ({ host, token }) => {
        const message = log.messageOf(step, snapshotAfter, [{ token, plan }]);
        if (!connection.isClosed()) connection.publish(subjects.host(host), encodeMessage(message));
      },
      false,
    );
    seat.doing = undefined;
    await seat.logging;
    return result;
  }

  private async bytesOf(seat: Seat): Promise<Uint8Array> {
    await seat.last?.result;
    if (seat.dish !== undefined) return dishMark(seat.dish, seat.next);
    if (seat.snapshot?.step !== seat.next) {
      const about = { kind: "snapshot", vat: this.options.vat, brain: seat.brain } as const;
      const ask = ({ host, token }: { host: string; token: number }) =>
        this.context.tell(host, { ...about, token });
      await this.placement.ask(seat, "snapshot", ask, true);
    }
    return readSnapshot(this.context.opened.store, seat.snapshot!.object);
  }

  private async letGo(): Promise<void> {
    const { connection, context, options } = this;
    const hosts = new Map<string, string>();
    for (const { place } of context.seats.values()) if (place) hosts.set(place.host, place.session);
    context.end(new Error("the vat is closed"), false);
    if (context.parts) {
      const { standing, store } = context.parts;
      const release = { kind: "release", vat: options.vat, coordinator: standing.name } as const;
      const released = [...hosts].map(([host, session]) =>
        context.errands
          .wait(`release.${host}`, session, () => context.tell(host, release))
          .catch(() => undefined),
      );
      const timer = setTimeout(() => context.errands.end(new Error("not released")), RELEASE_MS);
      await Promise.all(released);
      clearTimeout(timer);
      if (await standing.close()) {
        await standing.forget([...context.seats.keys()]).catch(() => undefined);
        await store.destroy().catch(() => undefined);
      }
    }
    context.errands.end(new Error("the vat is closed"));
    context.parts?.roster.close();
    await connection.close();
  }
}
