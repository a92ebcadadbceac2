/** Which vat of which NATS server: plain data. */
import type { NatsOptions } from "../server/connection.ts";

export interface NatsPlace {
  readonly nats: NatsOptions;
  /** Name of the vat on the server; two runs of one name do not run at the same time. */
  readonly vat: string;
  /** How long the coordinator may be silent before another may take the vat over. */
  readonly leaseMs?: number;
  /** Steps from one snapshot of the cultures to the next: no more than these are repeated after a loss. */
  readonly snapshotEvery?: number;
  /** Cultures that are dishes, and the host of each (`wetgrad vat host --dish`). */
  readonly dishes?: readonly DishPlace[];
}

export interface DishPlace {
  readonly brain: number;
  readonly host: string;
}
