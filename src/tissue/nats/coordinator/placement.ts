/**
 * Gives each culture a host, and another when that one is lost: from its last snapshot, by its log, to the same bits. A
 * dish has one host only: it is waited for.
 */

import type { Control, ControlOf } from "../wire/control.ts";
import { chooseHost } from "./choose-host.ts";
import type { VatContext } from "./context.ts";
import { HostLost } from "./pending-requests.ts";
import type { Place, Seat } from "./seat.ts";

const RECHECK_MS = 500;

export class Placement {
  /** Sessions of hosts that have refused a culture for want of room. */
  private readonly full = new Set<string>();

  constructor(private readonly context: VatContext) {}

  /** Gives a culture to a host and waits until it has come to where it was. */
  place(seat: Seat): Promise<void> {
    seat.placing ??= this.givePlace(seat).finally(() => {
      seat.placing = undefined;
    });
    return seat.placing;
  }

  /** Asks the host of a culture for something, and the next host if that one is lost; `askNow`: it has not been asked yet. */
  async ask<Answer>(
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
        return await this.context.pending.wait<Answer>(
          `${kind}.${seat.brain}`,
          place.session,
          () => ask(place),
          now,
        );
      } catch (error) {
        if (!(error instanceof HostLost)) throw error;
      }
    }
  }

  onHost({ host, session, slots, used }: ControlOf<"offer">): void {
    if (used < slots) this.full.delete(session);
    this.context.emit({ event: "host", host, brains: slots });
    this.context.changed();
  }

  onLost(host: string, session: string, why: string): void {
    const seats = [...this.context.seats.values()].filter(({ place }) => place?.session === session);
    this.context.emit({ event: "host-lost", host, brains: seats.length, why });
    for (const seat of seats) seat.place = undefined;
    this.context.pending.lose(session, new HostLost(`host ${host}: ${why}`));
    // Whoever waits for the culture next hears if this fails.
    for (const seat of seats) this.place(seat).catch(() => undefined);
    this.context.changed();
  }

  /** The host has no room for the culture. */
  onFull(seat: Seat): void {
    this.full.add(seat.place!.session);
    this.context.pending.fail(`adopt.${seat.brain}`, new HostLost("full"));
  }

  /** The host holds the culture no longer. */
  onUnknown(seat: Seat): void {
    if (seat.placing) return;
    seat.place = undefined;
    const gone = new HostLost("the host holds the brain no longer");
    for (const kind of ["step", "snapshot"]) this.context.pending.fail(`${kind}.${seat.brain}`, gone);
  }

  private async givePlace(seat: Seat): Promise<void> {
    await seat.logging;
    for (;;) {
      const { roster } = this.context.opened;
      const offer = chooseHost(seat, this.context.seats.values(), roster.present, this.full);
      if (!offer) {
        this.sayWaiting(seat);
        await this.context.change(RECHECK_MS);
        continue;
      }
      const { host, session } = offer;
      const moved = seat.place === undefined && seat.home !== session && seat.next > 0;
      seat.home = undefined;
      seat.place = { host, session, token: 0 };
      try {
        const replayed = await this.adopt(seat, host, session);
        if (seat.dish !== undefined)
          this.context.emit({ event: "dish", brain: seat.brain, host, step: seat.target });
        else if (moved) this.context.emit({ event: "moved", brain: seat.brain, host, replayed });
        return;
      } catch (error) {
        seat.place = undefined;
        if (!(error instanceof HostLost)) throw error;
      }
    }
  }

  /** Gives a culture to a host's session and waits until it is there; gives how many steps were repeated. */
  private async adopt(seat: Seat, host: string, session: string): Promise<number> {
    const { vat, pending } = this.context;
    const { coordinator, roster } = this.context.opened;
    const token = await coordinator.assign(seat, host, session);
    if (!roster.isPresent(host, session)) throw new HostLost(host);
    seat.place = { host, session, token };
    const { spec, brain, snapshot, target: nextStep } = seat;
    const replay = seat.replayTo(nextStep);
    const about = { kind: "adopt", vat, coordinator: coordinator.name, session, brain, token } as const;
    const adopt: Control = { ...about, spec, snapshot, replay, nextStep };
    await pending.wait(`adopt.${brain}`, session, () => this.context.tell(host, adopt));
    return replay.length;
  }

  private sayWaiting({ brain, dish }: Seat): void {
    const { emit } = this.context;
    if (dish !== undefined) {
      emit({ event: "waiting-for-dish", brain, host: dish });
      return;
    }
    const seats = [...this.context.seats.values()];
    const placed = seats.filter(({ place }) => place).length;
    emit({ event: "waiting-for-hosts", brains: seats.length, placed });
  }
}
