/**
 * Holds cultures on the hosts of a NATS server: the coordinator's side. Each step's plans are written to the vat's log
 * and thereby sent; results come back host by host.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { WiringError } from "../../../wiring/contract.ts";
import { type AnswerOf, abilityFor, type TissueCommand } from "../../commands.ts";
import {
  type CultureSpec,
  StepOutOfOrder,
  type StepPlan,
  type StepResult,
  type Tissue,
} from "../../contract.ts";
import { dishMark, isDishMark } from "../../dish/mark.ts";
import type { TissueProfile } from "../../profile.ts";
import type { StopFlag } from "../../stop-flag.ts";
import { Stopped } from "../../stopped.ts";
import { assertPlan, Unable } from "../../unable.ts";
import { whileAway } from "../server/away.ts";
import { connectNats } from "../server/connection.ts";
import { checkName, subjects } from "../server/names.ts";
import { openBucket, openVatStore, readSnapshot } from "../server/store.ts";
import { encodeMessage } from "../wire/messages.ts";
import { Answers } from "./answers.ts";
import { VatContext } from "./context.ts";
import { CoordinatorLease } from "./coordinator-lease.ts";
import type { VatEvent } from "./events.ts";
import type { NatsPlace } from "./place.ts";
import { Placement } from "./placement.ts";
import { Roster } from "./roster.ts";
import { Seat } from "./seat.ts";
import { StepLog } from "./step-log.ts";

export type { VatEvent } from "./events.ts";

export interface NatsTissueOptions extends NatsPlace {
  /** Once it is stopped no plan is sent any more. */
  readonly stop?: StopFlag;
  readonly onEvent?: (event: VatEvent) => void;
}

/** Time spent in steps, and the part of it in which the busiest host was in its cultures. */
export interface StepTimes {
  steps: number;
  wholeMs: number;
  computeMs: number;
}

const DEFAULT_LEASE_MS = 10_000;
/** A snapshot costs as much of a core as some 30 steps and as much room as the plans of a thousand. */
const DEFAULT_SNAPSHOT_EVERY = 500;
const RELEASE_MS = 3000;

export async function natsTissue(options: NatsTissueOptions): Promise<NatsTissue> {
  const vat = checkName(options.vat, "--vat");
  for (const { host } of options.dishes ?? []) checkName(host, "--dishes");
  const connection = await connectNats({ name: `wetgrad vat ${vat}`, ...options.nats });
  return new NatsTissue(connection, options);
}

export class NatsTissue implements Tissue {
  readonly times: StepTimes = { steps: 0, wholeMs: 0, computeMs: 0 };
  private readonly context: VatContext;
  private readonly placement: Placement;
  private readonly answers: Answers;
  private closing: Promise<void> | undefined;
  private restores = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: NatsTissueOptions,
  ) {
    this.context = new VatContext(connection, options.vat, options.onEvent ?? (() => {}));
    this.placement = new Placement(this.context);
    this.answers = new Answers(this.context, this.placement);
  }

  async open(specs: readonly CultureSpec[], onGrown: (brain: number) => void = () => {}): Promise<void> {
    const { connection, context, placement, options } = this;
    const { vat, leaseMs = DEFAULT_LEASE_MS, dishes = [] } = options;
    if (specs.some(({ wiring }) => wiring !== undefined))
      throw new WiringError(
        "hosts of a NATS server hold grown cultures and dishes; brains of a wiring diagram are held in this process or on threads",
      );
    const dishOf = (brain: number) => dishes.find((dish) => dish.brain === brain)?.host;
    for (const spec of specs) context.seats.set(spec.brain, new Seat(spec, dishOf(spec.brain)));
    const kv = await openBucket(connection);
    const coordinator = await whileAway(() =>
      CoordinatorLease.take(kv, {
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
    const log = new StepLog(store.log, vat, coordinator.name, () => context.over);
    connection.subscribe(subjects.answers(vat, coordinator.name), {
      callback: (_, { data }) => this.answers.hear(data),
    });
    const roster = new Roster(connection, kv, {
      onHost: (offer) => placement.onHost(offer),
      onLost: (host, session, why) => placement.onLost(host, session, why),
    });
    context.parts = { coordinator, store, log, roster };
    await roster.heardAll();
    await Promise.all(
      [...context.seats.values()].map(async (seat) => {
        await placement.place(seat);
        onGrown(seat.brain);
      }),
    );
  }

  profile(brain: number): TissueProfile {
    const { profile } = this.context.seatOf(brain);
    if (!profile) throw new Error(`brain ${brain}: expected a vat that is open, got one that is not`);
    return profile;
  }

  async step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]> {
    const { context } = this;
    void context.opened;
    for (const plan of plans) assertPlan(plan, this.profile(plan.brain));
    const fresh = plans.filter(({ brain }) => context.seatOf(brain).last?.step !== step);
    for (const { brain } of fresh) {
      const { next } = context.seatOf(brain);
      if (next !== step) throw new StepOutOfOrder(`brain ${brain}: expected step ${next}, got step ${step}`);
    }
    if (fresh.length > 0) {
      if (this.options.stop?.isStopped) throw new Stopped();
      this.begin(step, fresh);
      if (fresh.some(({ pulses }) => pulses.length > 0)) this.options.stop?.passed();
    }
    return Promise.all(plans.map(({ brain }) => context.seatOf(brain).last!.result));
  }

  /** Hosts are asked for nothing that their tissue does not do in a step. */
  async perform<Command extends TissueCommand>(brain: number, command: Command): Promise<AnswerOf<Command>> {
    void this.context.opened;
    throw new Unable(abilityFor(command), brain, this.profile(brain));
  }

  async snapshot(brains: readonly number[]): Promise<Uint8Array[]> {
    void this.context.opened;
    return Promise.all(brains.map((brain) => this.bytesOf(this.context.seatOf(brain))));
  }

  async restore(step: number, brains: readonly number[], snapshots: readonly Uint8Array[]): Promise<void> {
    const { coordinator, store } = this.context.opened;
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
          const object = `${brain}/${coordinator.name}/restored-${this.restores++}`;
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

  /** Sends a step to the hosts of its cultures. */
  private begin(step: number, plans: readonly StepPlan[]): void {
    const began = performance.now();
    this.answers.reset();
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
        this.times.computeMs += this.answers.busiestMs;
      },
      () => undefined, // whoever asked hears of it
    );
  }

  /** Waits for a culture's result, wherever the culture has to go for it. The log has asked the first time. */
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
    seat.clock = result.startFrame + plan.durationFrames;
    await seat.logging;
    return result;
  }

  private async bytesOf(seat: Seat): Promise<Uint8Array> {
    await seat.last?.result;
    if (seat.dish !== undefined) return dishMark(seat.dish, seat.next, seat.clock);
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
      const { coordinator, store } = context.parts;
      const release = { kind: "release", vat: options.vat, coordinator: coordinator.name } as const;
      const released = [...hosts].map(([host, session]) =>
        context.pending
          .wait(`release.${host}`, session, () => context.tell(host, release))
          .catch(() => undefined),
      );
      const timer = setTimeout(() => context.pending.end(new Error("not released")), RELEASE_MS);
      await Promise.all(released);
      clearTimeout(timer);
      if (await coordinator.close()) {
        await coordinator.forget([...context.seats.keys()]).catch(() => undefined);
        await store.destroy().catch(() => undefined);
      }
    }
    context.pending.end(new Error("the vat is closed"));
    context.parts?.roster.close();
    await connection.close();
  }
}
