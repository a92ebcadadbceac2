/**
 * Method `error-correcting`: each datum is read before it is taught, and shown again with a write only where the culture does not
 * say what should follow. The cycles may go through the same data several times.
 */
import type { Write } from "../../protocol/protocol.ts";
import { type Moment, walk } from "../../session/walk.ts";
import { type Method, NO_EFFORT, type Trained, type Training } from "../contract.ts";
import { DESCRIPTIONS } from "../descriptions.ts";
import { FROZEN, marginOf } from "../plasticity.ts";
import { isVariation } from "../variation-names.ts";
import { variationWrites } from "../variations.ts";
import { always, type Hand, hand, signedHand } from "./hands.ts";
import { answerOf, readElectrodes } from "./needs.ts";

export const errorCorrecting: Method = { ...DESCRIPTIONS.errorCorrecting, train };

/** What teaching needs of a cycle: no emulator. */
export type Lessons = Pick<
  Training<unknown, unknown>,
  | "plan"
  | "seed"
  | "task"
  | "arm"
  | "cycle"
  | "cultures"
  | "beginning"
  | "descent"
  | "plasticity"
  | "connected"
  | "watch"
>;

export async function train(lessons: Lessons): Promise<Trained<never, never>> {
  const { arm, plan, task, cycle, cultures, beginning, connected } = lessons;
  const plasticity = arm === "frozen" ? FROZEN : lessons.plasticity;
  const decide = deciderOf(lessons);
  const writes: (readonly (Write | null)[])[] = [];
  const { pulses, refused, events, effort } = await walk(cultures, {
    world: task.world("train", cycle, connected),
    steps: plan.presentations,
    plasticity,
    reading: plasticity * (plan.reading ?? 1),
    patterns: beginning.patterns,
    act: (moment, read) => {
      const row = decide(moment, read ?? []);
      writes.push(row);
      return { writes: row };
    },
    watch: (event, world) => lessons.watch({ event, game: world.game?.() ?? null, crossEntropy: null }),
  });
  return {
    pulses,
    refused,
    events,
    writes,
    effort: { ...NO_EFFORT, ...effort },
    notes: { written: effort.written / plan.presentations },
  };
}

/** `[N]` what is written to a datum that was read as `[N]` counts. */
type Decider = (moment: Moment, read: readonly Float32Array[]) => readonly (Write | null)[];

function deciderOf(lessons: Lessons): Decider {
  const { arm, plan, cycle, cultures, beginning } = lessons;
  const margin = marginOf(plan, cultures.layouts[0].protocol);
  const total = plan.cycles * plan.presentations;
  const eachBrain =
    (of: Hand): Decider =>
    ({ index, targets }, read) =>
      cultures.layouts.map((layout, brain) => {
        const patterns = beginning.patterns[brain];
        const counts = read[brain];
        return of({
          layout,
          patterns,
          answer: answerOf(counts, layout, patterns, targets[brain]),
          spikesOn: (channel) => readElectrodes(counts, layout, [channel])[0],
          progress: (cycle * plan.presentations + index) / total,
        });
      });
  switch (arm) {
    case "descent":
    case "hand":
      return eachBrain(hand(margin));
    case "signed-hand":
      return eachBrain(signedHand(margin));
    case "always":
      return eachBrain(always);
    default:
      return variationWrites(isVariation(arm) ? arm : "sham", lessons);
  }
}
