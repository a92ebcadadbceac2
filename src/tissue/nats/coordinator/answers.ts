/** What hosts answer, brought to whoever waits for it. Answers under a token that is no longer valid are discarded. */

import { type Control, type ControlOf, defined } from "../wire/control.ts";
import { decodeMessage, type Message } from "../wire/messages.ts";
import type { StepAnswer } from "../wire/results.ts";
import type { VatContext } from "./context.ts";
import { superseded } from "./coordinator-lease.ts";
import type { Placement } from "./placement.ts";
import type { Seat } from "./seat.ts";

export class Answers {
  /** Time that each host has spent in its cultures since the last `reset`, in microseconds. */
  private readonly computeUs = new Map<string, number>();

  constructor(
    private readonly context: VatContext,
    private readonly placement: Placement,
  ) {}

  reset(): void {
    this.computeUs.clear();
  }

  /** Time that the busiest host has spent in its cultures. */
  get busiestMs(): number {
    return Math.max(0, ...this.computeUs.values()) / 1000;
  }

  hear(data: Uint8Array): void {
    let message: Message;
    try {
      message = decodeMessage(data);
    } catch {
      return; // no message of a host
    }
    if (message.type === "results") for (const answer of message.answers) this.onAnswer(message.step, answer);
    else if (message.type === "control") this.onControl(message.control);
  }

  private onAnswer(step: number, { token, computeUs, result }: StepAnswer): void {
    const seat = this.context.seats.get(result.brain);
    if (!seat) return;
    const { place, doing } = seat;
    if (place?.token !== token) {
      this.context.emit({ event: "discarded", brain: result.brain, step });
      return;
    }
    if (doing?.step !== step) return; // answered already
    this.computeUs.set(place.session, (this.computeUs.get(place.session) ?? 0) + computeUs);
    this.context.pending.answer(`step.${result.brain}`, result);
  }

  private onControl(control: Control): void {
    const { pending, seats } = this.context;
    if (control.kind === "released") pending.answer(`release.${control.host}`, undefined);
    if (control.kind !== "adopted" && control.kind !== "snapshotted" && control.kind !== "refused") return;
    const seat = seats.get(control.brain);
    if (!seat || seat.place?.token !== control.token) return;
    if (control.kind === "adopted") {
      seat.profile = defined(control.profile);
      pending.answer(`adopt.${control.brain}`, undefined);
    } else if (control.kind === "snapshotted") this.onSnapshot(seat, control);
    else this.onRefused(seat, control);
  }

  private onSnapshot(seat: Seat, { object, step }: ControlOf<"snapshotted">): void {
    const { parts, seats, pending } = this.context;
    const before = seat.snapshot;
    if (step > (before?.step ?? -1)) {
      seat.advance({ object, step });
      if (before) parts?.store.snapshots.delete(before.object).catch(() => undefined); // costs room, nothing else
      parts?.log.forget(seats.values());
    }
    pending.answer(`snapshot.${seat.brain}`, undefined);
  }

  private onRefused(seat: Seat, { reason, text }: ControlOf<"refused">): void {
    const { context, placement } = this;
    if (reason === "stale") context.end(superseded(context.vat));
    else if (reason === "full") placement.onFull(seat);
    else if (reason === "unknown") placement.onUnknown(seat);
    else if (reason === "claimed") this.onClaimed(seat);
    else
      for (const kind of ["adopt", "step", "snapshot"])
        context.pending.fail(`${kind}.${seat.brain}`, new Error(text));
  }

  /** A dish's step of which nothing is known: it goes on as one without spikes. */
  private onClaimed({ brain, doing, place, clock: startFrame }: Seat): void {
    if (!doing) return;
    this.context.emit({ event: "step-lost", brain, host: place!.host, step: doing.step });
    const spikes = { frames: new Float64Array(), channels: new Uint16Array() };
    this.context.pending.answer(`step.${brain}`, { brain, startFrame, spikes, refused: [], isLost: true });
  }
}
