/** Which sessions do not count, by the rules that the plan fixed before the first pulse. */
import type { Outcome } from "../job/outcome.ts";
import type { ExclusionRules } from "./file.ts";

/** The first rule that a session breaks, in words; undefined where it keeps all. */
export function exclusionOf(rules: ExclusionRules, outcome: Outcome, electrodes: number): string | undefined {
  const [arm] = Object.values(outcome.arms);
  const { lateSpikesAbove, earlySpikesBelow, refusedShareAbove, begunAgainAbove } = rules;
  // A simulated dish is not looked at.
  if (outcome.dish) {
    const { early, late } = outcome.dish.evoked;
    const [earlyEach, lateEach] = [early / electrodes, late / electrodes];
    if (lateSpikesAbove !== undefined && lateEach > lateSpikesAbove)
      return `${lateEach.toFixed(2)} late spikes for each electrode, above ${lateSpikesAbove}`;
    if (earlySpikesBelow !== undefined && earlyEach < earlySpikesBelow)
      return `${earlyEach.toFixed(2)} spikes for each electrode soon after a volley, below ${earlySpikesBelow}`;
  }
  const refused = arm.refused / Math.max(1, arm.refused + arm.pulses);
  if (refusedShareAbove !== undefined && refused > refusedShareAbove)
    return `${(100 * refused).toFixed(1)} % of its pulses refused, above ${100 * refusedShareAbove} %`;
  const again = outcome.dish?.begunAgain ?? 0;
  if (begunAgainAbove !== undefined && again > begunAgainAbove)
    return `${again} stages begun again, above ${begunAgainAbove}`;
  return undefined;
}
