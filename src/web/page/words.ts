/** What the page says at each moment, in plain words. */
import type { Lab } from "./lab.ts";
import { TWINS } from "./lab.ts";

/** Rounds of the tune that a lesson has, and notes that are played alone. */
export const LESSON_ROUNDS = 10;
export const PLAYED_NOTES = 32;

export function headline(lab: Lab | null, last: string | null): { title: string; text: string } {
  if (!lab?.isGrown)
    return {
      title: "Brain tissue is growing in this tab",
      text: "A thousand simulated neurons, 21 days in three seconds. Cells send out fibres, connect, and start to fire in bursts, as cultures in a dish do.",
    };
  if (lab.failure) return { title: "Something went wrong", text: lab.failure };
  if (last === "teach" && lab.isBusy)
    return {
      title: "Teaching",
      text: "A note goes in (blue); the next note is written by stimulation (orange). Nothing is sped up: these are eight seconds of the tissue’s life.",
    };
  const { played } = lab;
  if (lab.progress !== null)
    return {
      title: "Ten minutes pass",
      text: `The dishes are left alone. ${Math.round(100 * lab.progress)} % of ten minutes, as fast as this machine can.`,
    };
  if (lab.deeds.length === 0)
    return {
      title: "A thousand neurons, alive in this tab",
      text: "They know nothing. Tap any note to hear what they make of it, or teach them the tune: eight notes, ten times.",
    };
  if (!played || last === "teach")
    return {
      title: "Now you stop",
      text: "Writing has ended. Tap one note: the tissue plays on alone, each answer fed back to it as its next note.",
    };
  if (lab.isBusy && last === "play")
    return {
      title: "The tissue plays alone",
      text: "Green: the note that comes next in the tune. Red: another.",
    };
  const after: Readonly<Record<string, string>> = {
    scramble: "Its synapses were scrambled: each cell kept the same strengths, in other places.",
    cut: "A region was cut out: every connection into it and out of it is gone.",
    freeze: lab.isFrozen
      ? "Its synapses are frozen: nothing can be learned now."
      : "Its synapses can change again.",
    rest: "Ten minutes passed with nothing asked.",
    tune: "A new tune: the dish has to be taught again.",
  };
  const { taught, twins } = played;
  const share = taught.right / taught.notes;
  const title =
    taught.right === taught.notes
      ? "It plays the tune, alone"
      : share > 0.7
        ? "It plays most of the tune"
        : share > 0.4
          ? "It has half of the tune"
          : lab.taughtNotes === 0
            ? "Untaught, it plays noise"
            : "The tune is lost";
  const gesture = lastGesture(lab);
  return {
    title,
    text: `${gesture ? `${after[gesture]} ` : ""}${taught.right} of ${taught.notes} notes right${
      twins.length > 0
        ? `; its untaught twins ${meanOf(twins.map(({ right }) => right)).toFixed(1)} on average.`
        : "."
    }`,
  };
}

/** The deed before the last play, if it was none that teaches or plays. */
function lastGesture({ deeds }: Lab): string | null {
  const before = deeds.at(-2);
  return before && before.kind !== "teach" && before.kind !== "play" ? before.kind : null;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export const TWINS_SAID = `Mean of ${TWINS} untaught dishes: this dish’s own twin and three of other seeds. They hear every note that the taught dish hears; nothing is written to them. By chance one note in eight is right.`;
