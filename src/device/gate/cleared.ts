/** What the safety gate hands to a driver: pulses it has judged, and a last question before each of them is sent. */
import type { Pulse } from "../signals.ts";

declare const seal: unique symbol;

/**
 * Pulses that passed the gate of one device: frozen copies, in frame order. Only that device's driver can take them
 * (`takeCleared`, gate/open.ts), and only once.
 */
export type ClearedPulses = readonly Pulse[] & { readonly [seal]: true };

export interface Delivery {
  readonly pulses: readonly Pulse[];
  /**
   * Asked by a driver of a live clock just before it sends a pulse, `lateUs` after the pulse's frame. "send": now, and
   * it counts as sent. "wait": not yet, ask again soon. "drop": never; the gate has counted and told it.
   */
  admit(pulse: Pulse, lateUs: number): "send" | "wait" | "drop";
}
