/**
 * The hands: who writes what, by rules that a person could follow. They know the answer that should follow.
 */
import type { Layout } from "../../protocol/layout.ts";
import type { Write } from "../../protocol/protocol.ts";
import { type Answer, leadOf } from "./needs.ts";

/** What a hand knows when it decides. */
export interface Seen {
  readonly layout: Layout;
  /** `[K]` the electrodes of each class. */
  readonly patterns: readonly (readonly number[])[];
  readonly answer: Answer;
  /** Spikes on an electrode in what was read. */
  readonly spikesOn: (channel: number) => number;
  /** Share of all training that is over. */
  readonly progress: number;
}

export type Hand = (seen: Seen) => Write | null;

/** Before the volley pairs of spikes are the wrong way round, and synapses weaken. */
const WEAKEN_MS = -4;
/** Just after the context's cells have fired: pairs of spikes strengthen most. */
const STRENGTHEN_MS = 1.2;
/** Answers must be large before any is weakened, or their electrodes fall silent for good. */
const SIGNED_FROM = 1 / 3;
/** Electrodes of the right class that are strengthened, and of the rival that are weakened. */
const SIGNED_ELECTRODES = 2;

/** Writes the right class to every datum, when the protocol writes. */
export const always = ({
  layout,
  patterns,
  answer: { target },
}: Pick<Seen, "layout" | "patterns" | "answer">): Write | null =>
  target < 0 ? null : { channels: patterns[target], amplitude: 1, delayFrames: layout.frames.write };

/** Writes the right class where it does not lead by `margin` spikes. */
export const hand =
  (margin: number): Hand =>
  ({ layout, patterns, answer }) =>
    leadOf(answer) < margin
      ? { channels: patterns[answer.target], amplitude: 1, delayFrames: STRENGTHEN_MS * layout.frames.perMs }
      : null;

/** As the hand, but where another class leads, its liveliest electrodes are weakened while those of the right class are strengthened. */
export const signedHand =
  (margin: number): Hand =>
  (seen) => {
    const { layout, patterns, answer, spikesOn, progress } = seen;
    const { scores, target, rival } = answer;
    if (progress < SIGNED_FROM || leadOf(answer) > 0 || scores[rival] === 0) return hand(margin)(seen);
    const liveliest = (k: number) =>
      [...patterns[k]].sort((a, b) => spikesOn(b) - spikesOn(a)).slice(0, SIGNED_ELECTRODES);
    const [right, wrong] = [liveliest(target), liveliest(rival)];
    const { perMs, volleys } = layout.frames;
    const each = <T>(one: T, other: T) => [...right.map(() => one), ...wrong.map(() => other)];
    return {
      channels: [...right, ...wrong],
      amplitude: 1,
      delayFrames: each(STRENGTHEN_MS * perMs, WEAKEN_MS * perMs),
      // Weakening is two to three times as strong.
      volleys: each(volleys.length, 1),
    };
  };
