/** All arms of one seed: exam, babbling, and each arm's rounds from the brain as the babbling left it. */
import { Random } from "../../math/random.ts";
import type { StopFlag } from "../../tissue/stop-flag.ts";
import type { SymbolArm } from "./arms.ts";
import type { SymbolCircuit } from "./circuit.ts";
import { descend } from "./descend.ts";
import { LessonEmulator, type Seen } from "./emulator.ts";
import { type Babbled, fitEmulator } from "./fit.ts";
import { babbledDoses, School, type SchoolSettings } from "./school.ts";

export interface SymbolResult {
  readonly seed: number;
  /** Share of right answers after babbling, before anything is taught. */
  readonly before: number;
  /** By arm: after teaching, and exams on the way (a quarter of the rounds each). */
  readonly arms: Readonly<
    Partial<Record<SymbolArm, { readonly right: number; readonly course: readonly number[] }>>
  >;
  /** Of descent: mean squared error of what the emulator says of readings, and where it says that lessons change nothing. */
  readonly emulator: { readonly error: number; readonly errorWithoutChange: number } | null;
  /** Mean light of a lesson, in doses, by arm. */
  readonly doses: Readonly<Partial<Record<SymbolArm, number>>>;
}

/** Refits and exams on the way. */
const QUARTERS = 4;
const COURSE_TRIALS = 2;

export interface SymbolLesson {
  readonly circuit: SymbolCircuit;
  readonly seed: number;
  readonly arms: readonly SymbolArm[];
  readonly settings: SchoolSettings;
  readonly stop?: StopFlag | undefined;
  readonly onArm?: (arm: SymbolArm) => void;
}

export async function runSymbols({
  circuit,
  seed,
  arms,
  settings,
  stop,
  onArm,
}: SymbolLesson): Promise<SymbolResult> {
  const school = await School.open(circuit, seed, stop);
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
    const babbled = { first: first.roots, likeness: first.likeness, symbols: S, answers: S, lessons };
    const order = random.split("rounds");
    const given: { symbol: number; doses: Float64Array }[][] = [];
    const result: Record<string, { right: number; course: number[] }> = {};
    const doses: Record<string, number> = {};
    let emulator: SymbolResult["emulator"] = null;
    // The descent first: others replay it.
    for (const arm of [...arms].sort((a, b) => Number(b === "descent") - Number(a === "descent"))) {
      onArm?.(arm);
      await school.restore(beginning);
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
      const { right } = await school.exam(settings.trials);
      result[arm] = { right, course: [...course, right] };
      doses[arm] = light / count;
      emulator ??= teacher.error();
    }
    if (school.refused > 0)
      throw new Error(`symbols: expected light that the gate admits, ${school.refused} flashes were refused`);
    return { seed, before, arms: result, emulator, doses };
  } finally {
    await school.close();
  }
}

interface Teacher {
  doses(now: {
    readonly symbol: number;
    readonly answer: Float64Array;
    readonly round: number;
    readonly place: number;
  }): Float64Array;
  refit(): void;
  error(): SymbolResult["emulator"];
}

interface Classroom {
  readonly school: School;
  readonly babbled: Babbled;
  /** `[round]` what descent gave, in its order. */
  readonly given: { symbol: number; doses: Float64Array }[][];
  readonly random: Random;
}

function teacherOf(arm: SymbolArm, room: Classroom): Teacher {
  if (arm === "descent") return new Descent(room);
  const { school, given, random } = room;
  const S = school.symbols.length;
  const none = new Float64Array(S);
  const only = (k: number, dose: number, others: number) =>
    Float64Array.from({ length: S }, (_, j) => (j === k ? dose : others));
  const dealt = random.permutation(given.length * S);
  const choose: Record<Exclude<SymbolArm, "descent">, Teacher["doses"]> = {
    errors: ({ symbol, answer }) => {
      const said = school.said(answer);
      return said === school.right[symbol] ? none : only(said, 1, 0);
    },
    others: ({ symbol }) => only(school.right[symbol], 0, 1),
    // Rounds are dealt alike in all arms, so the place before is another symbol's.
    yoked: ({ round, place }) => given[round]?.[(place + 1 + (round % (S - 1))) % S]?.doses ?? none,
    random: ({ round, place }) => {
      const at = dealt[round * S + place];
      const doses = given[Math.floor(at / S)]?.[at % S]?.doses ?? none;
      return Float64Array.from(random.permutation(S), (k) => doses[k]);
    },
    frozen: ({ round, place }) => given[round]?.[place]?.doses ?? none,
    sham: () => none,
  };
  return { doses: choose[arm], refit() {}, error: () => null };
}

class Descent implements Teacher {
  private readonly lessons: Seen[];
  private emulator: LessonEmulator;
  private fitted: SymbolResult["emulator"];

  constructor(private readonly room: Classroom) {
    this.lessons = [...room.babbled.lessons];
    [this.emulator, this.fitted] = this.fit();
  }

  doses({ symbol, answer, round }: { symbol: number; answer: Float64Array; round: number }): Float64Array {
    const { school, given } = this.room;
    const read = answer.map(Math.sqrt);
    this.emulator.observe(symbol, read);
    const { doses } = descend(this.emulator, symbol, school.right);
    this.emulator.learn(symbol, doses);
    this.lessons.push({ symbol, read, doses });
    given[round] ??= [];
    given[round].push({ symbol, doses });
    return doses;
  }

  refit(): void {
    [this.emulator, this.fitted] = this.fit();
  }

  error(): SymbolResult["emulator"] {
    return this.fitted;
  }

  /** An emulator fitted on all lessons, which it has gone through. */
  private fit(): [LessonEmulator, SymbolResult["emulator"]] {
    const { babbled } = this.room;
    const { constants, ...errors } = fitEmulator({ ...babbled, lessons: this.lessons });
    const emulator = new LessonEmulator(babbled, babbled.first, babbled.likeness, constants);
    for (const { symbol, read, doses } of this.lessons) {
      emulator.observe(symbol, read);
      emulator.learn(symbol, doses);
    }
    return [emulator, errors];
  }
}
