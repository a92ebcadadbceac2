/**
 * The time of the books: milliseconds since 1970, told by the machine's monotonic clock from the last entry on, so that
 * nobody makes a window shorter by setting the wall clock. Only where the machine was started again in between is the wall
 * clock asked alone; otherwise whichever clock says that less time has passed, for a container may have a monotonic clock of its
 * own. It never goes back behind the last entry.
 */
import type { Time } from "../time.ts";
import type { EntryOf } from "./entries.ts";

export class Epoch {
  private readonly offsetMs: number;

  /** `last`: when the latest entry was written, and where the clocks stood when its process began. */
  constructor(
    private readonly time: Time,
    last?: { readonly atMs: number; readonly open: Pick<EntryOf<"open">, "atMs" | "boot" | "bootMs"> },
  ) {
    const bootMs = time.bootMs();
    const onBoot = last && time.boot !== "" && last.open.boot === time.boot;
    const wallMs = time.wallMs();
    const told = onBoot ? Math.min(last.open.atMs - last.open.bootMs + bootMs, wallMs) : wallMs;
    this.offsetMs = Math.max(told, last?.atMs ?? Number.NEGATIVE_INFINITY) - bootMs;
  }

  nowMs(): number {
    return this.offsetMs + this.time.bootMs();
  }
}
