/**
 * The seal that the safety gate puts on pulses it has judged. A driver's `deliver` takes only sealed pulses (by
 * type) and checks the seal when it runs, so a pulse that went past the gate does not reach an electrode.
 */
import type { Pulse } from "../signals.ts";

declare const seal: unique symbol;

/** Pulses that passed the gate: frozen copies, in frame order. */
export type ClearedPulses = readonly Pulse[] & { readonly [seal]: true };

const sealed = new WeakSet<readonly Pulse[]>();

/** Freezes and seals judged pulses. For the gate only. */
export function sealPulses(pulses: Pulse[]): ClearedPulses {
  for (const pulse of pulses) {
    for (const phase of pulse.phases) Object.freeze(phase);
    Object.freeze(pulse.phases);
    Object.freeze(pulse);
  }
  Object.freeze(pulses);
  sealed.add(pulses);
  return pulses as readonly Pulse[] as ClearedPulses;
}

/** Throws unless the gate has judged exactly this list of pulses. */
export function assertCleared(pulses: readonly Pulse[]): asserts pulses is ClearedPulses {
  if (!sealed.has(pulses))
    throw new Error(
      "deliver: expected pulses cleared by the safety gate; stimulate through openDevice(driver)",
    );
}
