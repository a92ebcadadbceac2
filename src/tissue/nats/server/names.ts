/** Names on the NATS server: docs/vat-hosts.md has the table of them. */
import { NetworkError } from "./connection.ts";

/** The key-value bucket of all hosts and vats. */
export const BUCKET = "wetgrad";

export const subjects = {
  /** Commands to one host. */
  host: (host: string) => `wetgrad.host.${host}`,
  /** Plans of a vat for one host; the vat's stream keeps them. */
  plans: (vat: string, host: string) => `wetgrad.plan.${vat}.${host}`,
  /** Answers to one coordinator of a vat. */
  answers: (vat: string, coordinator: string) => `wetgrad.vat.${vat}.${coordinator}`,
  /** What hosts offer. */
  offers: "wetgrad.offers",
  /** A coordinator asks what hosts offer. */
  call: "wetgrad.call",
} as const;

export const keys = {
  host: (host: string) => `host.${host}`,
  vat: (vat: string) => `vat.${vat}`,
  brain: (vat: string, brain: number) => `brain.${vat}.${brain}`,
} as const;

/** The stream with a vat's plans since the last snapshots. */
export const planStream = (vat: string) => `wetgrad-${vat}`;

/** The object store with a vat's snapshots. */
export const snapshotStore = (vat: string) => `wetgrad-${vat}`;

/** A name of a host or a vat, which becomes part of subjects, keys and buckets. */
export function checkName(name: string, what: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
    throw new NetworkError(
      `${what}: expected 1 to 64 letters, digits, - or _, got ${JSON.stringify(name)}; choose another name`,
    );
  return name;
}
