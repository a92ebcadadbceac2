/** All arms of one seed: exam, babbling, and each arm's rounds from the brain as the babbling left it. */
import { scrambledFactors } from "../../device/simulated/scramble.ts";
import { Random } from "../../math/random.ts";
import type { StopFlag } from "../../tissue/stop-flag.ts";

import { babbledDoses } from "../descent/babble.ts";
import type { Seen } from "../descent/emulator.ts";
import type { FitErrors } from "../descent/teacher.ts";
import { type ChangedAfter, isChangedAfter, type SymbolArm } from "./arms.ts";
import type { SymbolPupil } from "./circuit.ts";
import { School, type SchoolSettings } from "./school.ts";
import { teacherOf } from "./teachers.ts";

export interface ArmResult {
  readonly right: number;
  /** Exams on the way (a quarter of the rounds each), and `right`; of brains that were changed after, nothing. */
  readonly course: readonly number[];
  /** Mean light of a lesson, in doses. */
  readonly doses: number;
  /** Spikes of dopamine cells in all lessons. */
  readonly dopamineSpikes: number;
}

export interface SymbolResult {
  readonly seed: number;
  /** Share of right answers after babbling, before anything is taught. */
  readonly before: number;
  readonly arms: Readonly<Partial<Record<SymbolArm, ArmResult>>>;
  /** Of descent. */
  readonly emulator: FitErrors | null;
}

/** Refits and exams on the way. */
const QUARTERS = 4;
const COURSE_TRIALS = 2;

export interface SymbolLesson {
  readonly pupil: SymbolPupil;
  readonly seed: number;
  readonly arms: readonly SymbolArm[];
  readonly settings: SchoolSettings;
  /** Of arm `rewired after`: who is examined in the pupil's place, and what becomes of what it has learnt. */
  readonly heir?: { readonly pupil: SymbolPupil; carry(factors: Float64Array): Float64Array };
  readonly stop?: StopFlag | undefined;
  readonly onArm?: (arm: SymbolArm) => void;
}

export async function runSymbols(lesson: SymbolLesson): Promise<SymbolResult> {
  const { pupil, seed, arms, settings, stop, onArm } = lesson;
  const school = await School.open(pupil, seed, stop);
  try {
    const random = Random.of(seed, "symbols");
    const first = await school.exam(settings.trials);
    const lessons: Seen[] = [];
    const S = school.symbols.length;
    for (let round = 0; round < settings.babbleRounds; round++)
      for (const symbol of random.permutation(S)) {
        const read = (await school.ask(symbol, true)).map(Math.sqrt);
        const doses = babbledDoses(random, S);
        await school.teach(doses, true);
        lessons.push({ symbol, read, doses });
      }
    const { right: before } = await school.exam(settings.trials);
    const beginning = await school.snapshot();
    const shape = { symbols: S, answers: S, classes: S };
    const babbled = { first: first.roots, likeness: first.likeness, ...shape, lessons };
    const order = random.split("rounds");
    const given: Float64Array[][] = [];
    const result: Partial<Record<SymbolArm, ArmResult>> = {};
    let emulator: FitErrors | null = null;
    // Descent first: others replay it. Those that are its own brain, changed, right after it.
    const rank = (arm: SymbolArm) => (arm === "descent" ? 0 : isChangedAfter(arm) ? 1 : 2);
    for (const arm of [...arms].sort((a, b) => rank(a) - rank(b))) {
      onArm?.(arm);
      if (isChangedAfter(arm)) {
        const right = await changedAfter(arm, school, lesson);
        result[arm] = { ...result.descent!, right, course: [] };
        continue;
      }
      await school.restore(beginning);
      school.dopamineSpikes = 0;
      const teacher = teacherOf(arm, { school, babbled, given, random: random.split(arm) });
      const course: number[] = [];
      let [light, count] = [0, 0];
      for (let round = 0; round < settings.rounds; round++) {
        for (const [place, symbol] of order.split(round).permutation(S).entries()) {
          const learns = arm !== "frozen";
          const answer = await school.ask(symbol, learns);
          const chosen = teacher.doses({ symbol, answer, round, place });
          await school.teach(chosen, learns);
          light += chosen.reduce((sum, dose) => sum + dose, 0);
          count++;
        }
        if ((round + 1) % Math.ceil(settings.rounds / QUARTERS) === 0) {
          teacher.refit();
          if (round + 1 < settings.rounds) course.push((await school.exam(COURSE_TRIALS)).right);
        }
      }
      const { dopamineSpikes } = school;
      const { right } = await school.exam(settings.trials);
      result[arm] = { right, course: [...course, right], doses: light / count, dopamineSpikes };
      emulator ??= teacher.errors();
    }
    const { refused } = school.brain;
    if (refused > 0)
      throw new Error(`symbols: expected light that the gate admits, ${refused} flashes were refused`);
    return { seed, before, arms: result, emulator };
  } finally {
    await school.close();
  }
}

/** Share of right answers of what the school has learnt, scrambled or in another wiring; the school's brain is left as it was. */
async function changedAfter(
  arm: ChangedAfter,
  school: School,
  { seed, settings, heir, stop }: SymbolLesson,
): Promise<number> {
  const factors = await school.brain.learned();
  if (arm === "scrambled") {
    const taught = await school.snapshot();
    await school.brain.setLearned(scrambledFactors(factors, Random.of(seed, "scramble")));
    const { right } = await school.exam(settings.trials);
    await school.restore(taught);
    return right;
  }
  if (!heir) throw new Error(`symbols: expected an heir for arm ${arm}, got none`);
  const other = await School.open(heir.pupil, seed, stop);
  try {
    await other.brain.setLearned(heir.carry(factors));
    return (await other.exam(settings.trials)).right;
  } finally {
    await other.close();
  }
}
