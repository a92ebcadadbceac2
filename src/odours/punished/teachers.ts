/** Who teaches: descent on an emulator, the hand that speaks after errors, and those who replay one of them. */
import type { Random } from "../../math/random.ts";
import type { Readout } from "../circuit.ts";
import type { Babbled } from "../descent/fit.ts";
import { DescentTeacher, type FitErrors } from "../descent/teacher.ts";
import type { ArmName, Lead } from "./arms.ts";
import { likedLess } from "./objective.ts";
import type { Stimuli } from "./stimuli.ts";

/** Light on the circuit's classes `[M]`, 0 to 1. */
export type Doses = readonly number[];

export interface Trial {
  readonly number: number;
  readonly odour: number;
  readonly liking: number;
  /** Spikes of each part of the readout `[K]`. */
  readonly answer: Float64Array;
}

export interface Teacher {
  /** What is given after a trial. */
  after(trial: Trial): Doses;
  refit(): void;
  errors(): FitErrors | null;
}

export interface Classroom {
  readonly lead: Lead;
  readonly stimuli: Stimuli;
  readonly readout: Readout;
  readonly punish: Doses;
  readonly reward: Doses;
  /** How much an odour may be liked beside what is usual before the hand speaks. */
  readonly margin: number;
  /** What the emulator is first fitted on; where descent teaches. */
  readonly babbled?: Babbled | undefined;
  /** What who leads gave on this unit. */
  readonly leadGave?: readonly Doses[] | undefined;
  readonly random: Random;
}

export function teacherOf(arm: ArmName, room: Classroom): Teacher {
  const { lead, leadGave = [], random, punish } = room;
  const none = punish.map(() => 0);
  const still = (after: Teacher["after"]): Teacher => ({ after, refit() {}, errors: () => null });
  if (arm === "paired" || arm === "sham") return still(() => none);
  if (arm === "yoked") return still(({ number }) => leadGave[number] ?? none);
  if (arm === "random") {
    const at = random.permutation(leadGave.length);
    return still(({ number }) => leadGave[at[number]] ?? none);
  }
  return arm === "teacher" || lead === "teacher" ? still(handIn(room, none)) : descentIn(room);
}

/** Punishes where a punished odour is liked, rewards where another is not, beside what is usual. */
function handIn({ stimuli, punish, reward, margin }: Classroom, none: Doses): Teacher["after"] {
  let usual = 0.5;
  return ({ odour, liking }) => {
    const isPunished = stimuli.isPunished[odour];
    const isWrong = isPunished ? liking > usual - margin : liking < usual + margin;
    usual += 0.2 * (liking - usual);
    return isWrong ? (isPunished ? punish : reward) : none;
  };
}

function descentIn({ babbled, stimuli, readout }: Classroom): Teacher {
  if (!babbled) throw new Error("lesson: expected a babbling for descent, got none");
  const teacher = new DescentTeacher(
    babbled,
    likedLess(
      stimuli.isPunished,
      readout.parts.map(({ isApproach }) => isApproach),
    ),
  );
  return {
    after: ({ odour, answer }) => Array.from(teacher.doses(odour, answer)),
    refit: () => teacher.refit(),
    errors: () => teacher.errors(),
  };
}
