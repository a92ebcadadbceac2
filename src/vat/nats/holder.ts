/**
 * Holds brains on the hosts of a NATS server: the coordinator's side. Each step's plans are written to the vat's log
 * and thereby sent; results come back brain by brain. A brain whose host is lost is brought up on another, from its
 * last snapshot by its log, to the same bits.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import {
  type BrainHolder,
  type BrainSpec,
  StepOutOfOrder,
  type StepPlan,
  type StepResult,
} from "../contract.ts";
import { connectNats, type NatsOptions } from "./connection.ts";
import type { Control, ControlOf } from "./control.ts";
import { Standing, superseded } from "./coordinator.ts";
import { Errands, HostLost } from "./errands.ts";
import { decodeMessage, encodeControl, encodeMessage, type Message, type ResultMessage } from "./messages.ts";
import { checkName, subjects } from "./names.ts";
import { chooseHost } from "./placing.ts";
import { Roster } from "./roster.ts";
import { type Place, Seat } from "./seat.ts";
import { StepLog } from "./step-log.ts";
import { openBucket, openVatStore, readSnapshot, type VatStore } from "./store.ts";

export interface NatsHolderOptions {
  readonly nats: NatsOptions;
  /** Name of the vat on the server; two runs of one name do not run at the same time. */
  readonly vat: string;
  /** How long the coordinator may be silent before another may take the vat over. */
  readonly leaseMs?: number;
  /** Steps from one snapshot of the brains to the next: no more than these are repeated after a loss. */
  readonly snapshotEvery?: number;
  readonly onEvent?: (event: VatEvent) => void;
}

export type VatEvent =
  /** Another run of the vat has ended without a word; its lease has to run out first. */
  | { readonly event: "waiting-for-vat"; readonly vat: string }
  | { readonly event: "waiting-for-hosts"; readonly brains: number; readonly placed: number }
  | { readonly event: "host"; readonly host: string; readonly brains: number }
  | { readonly event: "host-lost"; readonly host: string; readonly brains: number; readonly why: string }
  | { readonly event: "moved"; readonly brain: number; readonly host: string; readonly replayed: number }
  /** An answer under a token that is no longer valid. */
  | { readonly event: "discarded"; readonly brain: number; readonly step: number };

/** Time spent in steps, and the part of it in which the busiest host was in its brains. */
export interface StepTimes {
  steps: number;
  wholeMs: number;
  computeMs: number;
}

const DEFAULT_LEASE_MS = 10_000;
const DEFAULT_SNAPSHOT_EVERY = 50;
const RELEASE_MS = 3000;
const RECHECK_MS = 500;

export async function natsHolder(options: NatsHolderOptions): Promise<NatsHolder> {
  const vat = checkName(options.vat, "--vat");
  const connection = await connectNats({ name: `wetgrad vat ${vat}`, ...options.nats });
  return new NatsHolder(connection, options);
}

export class NatsHolder implements BrainHolder {
  readonly times: StepTimes = { steps: 0, wholeMs: 0, computeMs: 0 };
  private readonly seats = new Map<number, Seat>();
  private readonly errands = new Errands();
  private readonly full = new Set<string>();
  private readonly computeUs = new Map<string, number>();
  private standing: Standing | undefined;
  private roster: Roster | undefined;
  private store: VatStore | undefined;
  private log: StepLog | undefined;
  private over: Error | undefined;
  private closing: Promise<void> | undefined;
  private wake: (() => void)[] = [];
  private restores = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: NatsHolderOptions,
  ) {}

  async open(specs: readonly BrainSpec[], onGrown: (brain: number) => void = () => {}): Promise<void> {
    const { connection, options } = this;
    const { vat, leaseMs = DEFAULT_LEASE_MS } = options;
    for (const spec of specs) this.seats.set(spec.brain, new Seat(spec));
    const kv = await openBucket(connection);
    this.standing = await Standing.take(kv, {
      ...{ vat, leaseMs, brains: specs.length, onLost: (error) => this.end(error) },
      step: () => Math.max(0, ...[...this.seats.values()].map(({ next }) => next)),
      onWaiting: () => options.onEvent?.({ event: "waiting-for-vat", vat }),
    });
    await (await openVatStore(connection, vat)).destroy(); // what an earlier run left
    this.store = await openVatStore(connection, vat);
    this.log = new StepLog(this.store.log, vat, this.standing.name, () => this.over);
    connection.subscribe(subjects.answers(vat, this.standing.name), {
      callback: (_, { data }) => this.hear(data),
    });
    const roster = new Roster(connection, kv, {
      onHost: (offer) => this.onHost(offer),
      onLost: (host, session, why) => this.onLost(host, session, why),
    });
    this.roster = roster;
    await roster.heardAll();
    await Promise.all(
      [...this.seats.values()].map(async (seat) => {
        await this.place(seat);
        onGrown(seat.brain);
      }),
    );
  }

  async step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]> {
    this.assertOpen();
    const fresh = plans.filter(({ brain }) => this.seatOf(brain).last?.step !== step);
    for (const { brain } of fresh) {
      const { next } = this.seatOf(brain);
      if (next !== step) throw new StepOutOfOrder(`brain ${brain}: expected step ${next}, got step ${step}`);
    }
    if (fresh.length > 0) this.begin(step, fresh);
    return Promise.all(plans.map(({ brain }) => this.seatOf(brain).last!.result));
  }

  async snapshot(brains: readonly number[]): Promise<Uint8Array[]> {
    this.assertOpen();
    return Promise.all(brains.map((brain) => this.bytesOf(this.seatOf(brain))));
  }

  async restore(step: number, brains: readonly number[], snapshots: readonly Uint8Array[]): Promise<void> {
    this.assertOpen();
    await Promise.all(
      brains.map(async (brain, i) => {
        const seat = this.seatOf(brain);
        await seat.last?.result;
        const object = `${brain}/${this.standing!.name}/restored-${this.restores++}`;
        await this.store!.snapshots.putBlob({ name: object }, snapshots[i]!);
        seat.reset({ object, step });
        seat.home = seat.place?.session;
        seat.place = undefined;
        await this.place(seat);
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
    this.computeUs.clear();
    const { snapshotEvery = DEFAULT_SNAPSHOT_EVERY } = this.options;
    const snapshotAfter = (step + 1) % snapshotEvery === 0;
    const orders = plans.map((plan) => {
      const seat = this.seatOf(plan.brain);
      seat.doing = { step, plan };
      seat.next = step + 1;
      const result = this.resultOf(seat, step, plan, snapshotAfter);
      seat.last = { step, result: result.then(({ result }) => result) };
      return { seat, plan };
    });
    this.log!.append(step, snapshotAfter, orders);
    void Promise.all(orders.map(({ seat }) => seat.last!.result)).then(
      () => {
        this.times.steps++;
        this.times.wholeMs += performance.now() - began;
        this.times.computeMs += Math.max(0, ...this.computeUs.values()) / 1000;
      },
      () => undefined, // whoever asked hears of it
    );
  }

  /** Waits for a brain's result, wherever the brain has to go for it. */
  private async resultOf(
    seat: Seat,
    step: number,
    plan: StepPlan,
    snapshotAfter: boolean,
  ): Promise<ResultMessage> {
    const answer = await this.errand<ResultMessage>(
      seat,
      "step",
      ({ host, token }) => {
        const message = this.log!.messageOf(step, snapshotAfter, [{ token, plan }]);
        this.connection.publish(subjects.host(host), encodeMessage(message));
      },
      false,
    );
    seat.doing = undefined;
    await seat.logging;
    return answer;
  }

  /** Asks the host of a brain for something, and the next host if that one is lost. The log has asked the first time. */
  private async errand<Answer>(
    seat: Seat,
    kind: "step" | "snapshot",
    ask: (place: Place) => void,
    askNow: boolean,
  ): Promise<Answer> {
    for (let now = askNow; ; now = true) {
      if (!seat.place || seat.placing) {
        await this.place(seat);
        now = true;
      }
      const place = seat.place;
      if (!place) continue;
      try {
        return await this.errands.wait<Answer>(`${kind}.${seat.brain}`, place.session, () => ask(place), now);
      } catch (error) {
        if (!(error instanceof HostLost)) throw error;
      }
    }
  }

  private async bytesOf(seat: Seat): Promise<Uint8Array> {
    await seat.last?.result;
    if (seat.snapshot?.step !== seat.next) {
      const { vat } = this.options;
      const about = { kind: "snapshot", vat, brain: seat.brain } as const;
      await this.errand(seat, "snapshot", ({ host, token }) => this.tell(host, { ...about, token }), true);
    }
    return readSnapshot(this.store!, seat.snapshot!.object);
  }

  /** Gives a brain to a host and waits until it has come to where it was. */
  private place(seat: Seat): Promise<void> {
    seat.placing ??= this.givePlace(seat).finally(() => {
      seat.placing = undefined;
    });
    return seat.placing;
  }

  private async givePlace(seat: Seat): Promise<void> {
    await seat.logging;
    for (;;) {
      this.assertOpen();
      const offer = chooseHost(seat, this.seats.values(), this.roster!.present, this.full);
      if (!offer) {
        await this.change();
        continue;
      }
      const { host, session } = offer;
      const moved = seat.place === undefined && seat.home !== session && seat.next > 0;
      seat.home = undefined;
      seat.place = { host, session, token: 0 };
      try {
        const token = await this.standing!.assign(seat, host, session);
        if (!this.roster!.isPresent(host, session)) throw new HostLost(host);
        seat.place = { host, session, token };
        const replay = seat.replayTo(seat.target);
        const { vat } = this.options;
        const { spec, brain, snapshot, target: nextStep } = seat;
        const about = {
          kind: "adopt",
          vat,
          coordinator: this.standing!.name,
          session,
          brain,
          token,
        } as const;
        const adopt: Control = { ...about, spec, snapshot, replay, nextStep };
        await this.errands.wait(`adopt.${brain}`, session, () => this.tell(host, adopt));
        if (moved) this.options.onEvent?.({ event: "moved", brain, host, replayed: replay.length });
        return;
      } catch (error) {
        seat.place = undefined;
        if (!(error instanceof HostLost)) throw error;
      }
    }
  }

  /** Waits for a host to come, to go or to have room. */
  private change(): Promise<void> {
    const seats = [...this.seats.values()];
    const placed = seats.filter(({ place }) => place).length;
    this.options.onEvent?.({ event: "waiting-for-hosts", brains: seats.length, placed });
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RECHECK_MS);
      this.wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private changed(): void {
    for (const wake of this.wake.splice(0)) wake();
  }

  private onHost({ host, session, slots, used }: ControlOf<"offer">): void {
    if (used < slots) this.full.delete(session);
    this.options.onEvent?.({ event: "host", host, brains: slots });
    this.changed();
  }

  private onLost(host: string, session: string, why: string): void {
    const seats = [...this.seats.values()].filter(({ place }) => place?.session === session);
    this.options.onEvent?.({ event: "host-lost", host, brains: seats.length, why });
    for (const seat of seats) seat.place = undefined;
    this.errands.lose(session, new HostLost(`host ${host}: ${why}`));
    // Whoever waits for the brain next hears if this fails.
    for (const seat of seats) this.place(seat).catch(() => undefined);
    this.changed();
  }

  private hear(data: Uint8Array): void {
    let message: Message;
    try {
      message = decodeMessage(data);
    } catch {
      return; // no message of a host
    }
    if (message.type === "result") this.onResult(message);
    else if (message.type === "control") this.onControl(message.control);
  }

  private onResult(message: ResultMessage): void {
    const { brain } = message.result;
    const seat = this.seats.get(brain);
    if (!seat) return;
    const { place, doing } = seat;
    if (place?.token !== message.token) {
      this.options.onEvent?.({ event: "discarded", brain, step: message.step });
      return;
    }
    if (doing?.step !== message.step) return; // answered already
    this.computeUs.set(place.session, (this.computeUs.get(place.session) ?? 0) + message.computeUs);
    this.errands.answer(`step.${brain}`, message);
  }

  private onControl(control: Control): void {
    if (control.kind === "released") this.errands.answer(`release.${control.host}`, undefined);
    if (control.kind !== "adopted" && control.kind !== "snapshotted" && control.kind !== "refused") return;
    const seat = this.seats.get(control.brain);
    if (!seat || seat.place?.token !== control.token) return;
    if (control.kind === "adopted") this.errands.answer(`adopt.${control.brain}`, undefined);
    else if (control.kind === "snapshotted") this.onSnapshot(seat, control);
    else this.onRefused(seat, control);
  }

  private onSnapshot(seat: Seat, { object, step }: ControlOf<"snapshotted">): void {
    const before = seat.snapshot;
    if (step > (before?.step ?? -1)) {
      seat.advance({ object, step });
      const { snapshots } = this.store!;
      if (before) snapshots.delete(before.object).catch(() => undefined); // costs room, nothing else
      this.log?.forget(this.seats.values());
    }
    this.errands.answer(`snapshot.${seat.brain}`, undefined);
  }

  private onRefused(seat: Seat, { reason, text }: ControlOf<"refused">): void {
    if (reason === "stale") this.end(superseded(this.options.vat));
    if (reason === "full") {
      this.full.add(seat.place!.session);
      this.errands.fail(`adopt.${seat.brain}`, new HostLost("full"));
    }
    if (reason === "failed")
      for (const kind of ["adopt", "step", "snapshot"])
        this.errands.fail(`${kind}.${seat.brain}`, new Error(text));
  }

  private async letGo(): Promise<void> {
    const { connection, options, standing, store } = this;
    const hosts = new Map<string, string>();
    for (const { place } of this.seats.values()) if (place) hosts.set(place.host, place.session);
    this.end(new Error("the vat is closed"), false);
    if (standing) {
      const coordinator = standing.name;
      const release = { kind: "release", vat: options.vat, coordinator } as const;
      const released = [...hosts].map(([host, session]) =>
        this.errands.wait(`release.${host}`, session, () => this.tell(host, release)).catch(() => undefined),
      );
      const timer = setTimeout(() => this.errands.end(new Error("not released")), RELEASE_MS);
      await Promise.all(released);
      clearTimeout(timer);
      if ((await standing.close()) && store) {
        await standing.forget([...this.seats.keys()]).catch(() => undefined);
        await store.destroy().catch(() => undefined);
      }
    }
    this.errands.end(new Error("the vat is closed"));
    this.roster?.close();
    await connection.close();
  }

  /** Nothing is asked of any host any more. */
  private end(error: Error, forGood = true): void {
    this.over ??= error;
    if (forGood) this.errands.end(error);
    else this.errands.failAll(error);
    this.changed();
  }

  private tell(host: string, control: Control): void {
    if (!this.connection.isClosed()) this.connection.publish(subjects.host(host), encodeControl(control));
  }

  private assertOpen(): void {
    if (this.over) throw this.over;
    if (!this.store) throw new Error("the vat is not open");
  }

  private seatOf(brain: number): Seat {
    const seat = this.seats.get(brain);
    if (!seat) throw new RangeError(`no brain ${brain} in this vat`);
    return seat;
  }
}
