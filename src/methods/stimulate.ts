/**
 * Method `stimulate`, the organoid cycle: writes are pulses, chosen by gradient descent on the emulator, and what learns is the
 * tissue, by its own plasticity.
 */
import { type Walked, walk } from "../session/walk.ts";
import { type Effort, type Method, NO_EFFORT, type Trained, type Training } from "./contract.ts";
import { descendAndWrite } from "./descend.ts";
import { DESCRIPTIONS } from "./descriptions.ts";
import { giveFeedback } from "./feedback.ts";
import { FROZEN } from "./plasticity.ts";
import { isVariation } from "./variation-names.ts";
import { variationWrites } from "./variations.ts";

export const stimulate: Method = { ...DESCRIPTIONS.stimulate, train };

async function train<M, I>(training: Training<M, I>): Promise<Trained<M, I>> {
  const { arm, plan, cycle, cultures, beginning } = training;
  if (arm === "descent" || arm === "unconnected") {
    const { walked, writes, descended } = await descendAndWrite(training);
    const { pulses, refused, events } = walked;
    return { pulses, refused, events, writes, descended, effort: effortOf(walked) };
  }
  let feedback = 0;
  const writes = variationWrites(isVariation(arm) ? arm : "sham", training);
  const walked = await walk(cultures, {
    world: training.task.world("train", cycle, training.connected),
    steps: plan.presentations,
    plasticity: arm === "frozen" ? FROZEN : training.plasticity,
    patterns: beginning.patterns,
    act: (moment) => ({ writes: writes(moment) }),
    watch: (event, world) => training.watch({ event, game: world.game?.() ?? null, crossEntropy: null }),
    ...(arm === "feedback"
      ? {
          onEvent: async (event, index) => {
            feedback += await giveFeedback(training, event, index);
          },
        }
      : {}),
  });
  const { pulses, refused, events } = walked;
  return { pulses: pulses + feedback, refused, events, effort: effortOf(walked) };
}

/** Each datum is shown once, so that `written` says nothing. */
function effortOf({ effort: { presentations, writePulses } }: Walked): Effort {
  return { ...NO_EFFORT, presentations, writePulses };
}
