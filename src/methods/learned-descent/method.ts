/**
 * Method `learned-descent`: gradient descent on what is learned, not only on what is said. A model of how presentations change the
 * tissue's later answers (filter.ts) is fitted on recordings of the teacher's own lessons, and writes are chosen by descent through
 * it, on the expected loss over all past data: on which electrodes, before or after the volley, on how many volleys, or none.
 *
 * In the first third of all lessons a hand varies what it writes, at first without weakening anything; from then on descent chooses, and the model is fitted again
 * whenever the recordings have grown by half.
 */
import { Random } from "../../math/random.ts";
import type { Write } from "../../protocol/protocol.ts";
import { type Moment, walk } from "../../session/walk.ts";
import { type Method, NO_EFFORT, type Trained, type Training } from "../contract.ts";
import { DESCRIPTIONS } from "../descriptions.ts";
import { train as trainByHand } from "../error-correcting/method.ts";
import { answerOf } from "../error-correcting/needs.ts";
import { marginOf } from "../plasticity.ts";
import { chooseWrite } from "./choose.ts";
import { START } from "./constants.ts";
import { type ElectrodeWrite, explore } from "./explore.ts";
import { fitConstants } from "./fit.ts";
import { addPredictedChanges } from "./predicted-changes.ts";
import { isWritten } from "./presented.ts";
import { type Lesson, Pupil } from "./pupil.ts";

/** Share of all lessons in which the hand varies. */
const EXPLORE = 1 / 3;
/** The model is fitted again once the recordings are this many times as long. */
const GROWN = 1.5;
const [FIRST_STEPS, LATER_STEPS] = [8, 3];

export const learnedDescent: Method = {
  ...DESCRIPTIONS.learnedDescent,
  train: (training) => (training.arm === "descent" ? train(training) : trainByHand(training)),
};

/** What teaching needs of a cycle: no emulator. */
type Lessons = Parameters<typeof trainByHand>[0] &
  Pick<Training<unknown, unknown>, "code" | "before" | "pause">;

interface Memory {
  readonly constants: Float64Array;
  /** Presentations, of all brains, on which the constants were fitted; none: 0. */
  readonly fittedOn: number;
  /** `[N]` this cycle's. */
  readonly lessons: readonly (readonly Lesson[])[];
}

export async function train(training: Lessons): Promise<Trained<never, never>> {
  const { plan, seed, code, task, cycle, cultures, beginning, before, plasticity, connected } = training;
  const memories = before.map(({ memory }) => memory as Memory);
  let { constants, fittedOn } = memories.at(-1) ?? { constants: START, fittedOn: 0 };
  const pupils = cultures.layouts.map((layout, brain) => {
    const pupil = new Pupil(layout, beginning.patterns[brain], constants);
    for (const { lessons } of memories) pupil.lessons.push(...lessons[brain]);
    for (const { places, target } of firstPass(pupil.lessons, plan)) pupil.past.add(places, target);
    pupil.believe(constants);
    return pupil;
  });
  const had = pupils.map(({ lessons }) => lessons.length);
  const total = plan.cycles * plan.presentations;
  const random = Random.of(seed, "learned descent", code, cycle);
  const reading = plasticity * (plan.reading ?? 1);
  const predictions: ReturnType<Pupil["changePrediction"]["found"]>[] = [];
  let logLikelihood = Number.NaN;

  const fitWhereGrown = () => {
    const recorded = pupils.reduce((sum, { lessons }) => sum + lessons.length, 0);
    if (recorded < GROWN * fittedOn) return;
    if (fittedOn > 0) predictions.push(...pupils.map(({ changePrediction }) => changePrediction.found()));
    const all = pupils.map(({ distances, lessons }) => ({ distances, presented: lessons }));
    const steps = fittedOn === 0 ? FIRST_STEPS : LATER_STEPS;
    ({ constants, logLikelihood } = fitConstants(all, constants, steps, training.pause));
    fittedOn = recorded;
    for (const pupil of pupils) pupil.believe(constants);
  };

  const chosen = (
    pupil: Pupil,
    brain: number,
    { index, data, targets }: Moment,
    read: Float32Array,
  ): Write | null => {
    const { places } = data[brain];
    const target = targets[brain];
    const lesson = pupil.presentedAs(read, { places, write: null, plasticity: reading });
    pupil.saw({ ...lesson, target });
    if (target < 0) return null;
    const number = cycle * plan.presentations + index;
    if (number < firstPassLength(plan)) pupil.past.add(places, target);
    if (number < EXPLORE * total) {
      const answer = answerOf(read, pupil.layout, beginning.patterns[brain], target);
      const margin = marginOf(plan, pupil.layout.protocol);
      const mayWeaken = number >= (EXPLORE * total) / 2;
      return pupil.writeOf(explore(answer, { classes: pupil.classes, margin, mayWeaken }, random));
    }
    const { filter, past, layout } = pupil;
    const write = chooseWrite({ filter, past, places, plasticity, size: layout.protocol.patternSize });
    const each = (write?.electrodes ?? []).map(
      (electrode, i): ElectrodeWrite => ({ electrode, delay: write?.delays[i] ?? 0, dose: write?.dose ?? 0 }),
    );
    return pupil.writeOf(each);
  };

  const writes: (readonly (Write | null)[])[] = [];
  const { pulses, refused, events, effort } = await walk(cultures, {
    world: task.world("train", cycle, connected),
    steps: plan.presentations,
    plasticity,
    reading,
    patterns: beginning.patterns,
    act: (moment, read) => {
      if (cycle * plan.presentations + moment.index >= EXPLORE * total) fitWhereGrown();
      const row = pupils.map((pupil, brain) =>
        chosen(pupil, brain, moment, read?.[brain] ?? new Float32Array(0)),
      );
      writes.push(row);
      return { writes: row };
    },
    seen: ({ index, data, targets }, presented) => {
      pupils.forEach((pupil, brain) => {
        const write = writes[index][brain];
        if (!write) return;
        const shown = pupil.presentedAs(presented.read[brain], {
          places: data[brain].places,
          write,
          plasticity,
        });
        pupil.saw({ ...shown, target: targets[brain] });
      });
    },
    watch: (event, world) => training.watch({ event, game: world.game?.() ?? null, crossEntropy: null }),
  });
  if (fittedOn > 0) predictions.push(...pupils.map(({ changePrediction }) => changePrediction.found()));
  const memory: Memory = {
    constants,
    fittedOn,
    lessons: pupils.map(({ lessons }, brain) => lessons.slice(had[brain])),
  };
  return {
    pulses,
    refused,
    events,
    writes,
    effort: { ...NO_EFFORT, ...effort },
    ...(predictions.length > 0 ? { predictedChanges: addPredictedChanges(predictions) } : {}),
    notes: {
      written: effort.written / plan.presentations,
      ...(Number.isNaN(logLikelihood) ? {} : { logLikelihood }),
    },
    memory,
  };
}

type Passes = Pick<Training<unknown, unknown>["plan"], "cycles" | "presentations" | "passes">;

/** Data of the first pass: later ones bring nothing new. */
const firstPassLength = ({ cycles, presentations, passes = 1 }: Passes) => (cycles * presentations) / passes;

function firstPass(lessons: readonly Lesson[], plan: Passes): Lesson[] {
  return lessons
    .filter((lesson) => !isWritten(lesson))
    .slice(0, firstPassLength(plan))
    .filter(({ target }) => target >= 0);
}
