/** What the safety gate hands to a driver: pulses it has judged, and a last question before each of them is sent. */
import type { Pulse } from "../signals.ts";
import type { TimelineEntry } from "./timeline.ts";

declare const seal: unique symbol;

/**
 * Pulses that passed the gate of one device: frozen copies, in frame order. Only that device's driver can take them
 * (`takeCleared`, gate/open.ts), and only once.
 */
export type ClearedPulses = readonly Pulse[] & { readonly [seal]: true };

/** An accepted pulse and its place in the books. */
export interface Booked {
  readonly pulse: Pulse;
  readonly entry: TimelineEntry;
}

export interface Delivery {
  readonly pulses: readonly Pulse[];
  /**
   * Asked by a driver of a live clock just before it sends pulses that begin together, `lateUs` after their frame.
   * "send": now, and they count as sent. "wait": not yet, ask again soon. "drop": none of them, never; the gate has
   * counted and told it.
   */
  admit(pulses: readonly Pulse[], lateUs: number): "send" | "wait" | "drop";
  /** These pulses will not be sent: the device is stopped or lost. */
  withdraw(pulses: readonly Pulse[]): void;
}
