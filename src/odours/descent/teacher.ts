/** Descent as a teacher: an emulator of this brain, fitted on all lessons that it has had, and the doses that descent on it finds. */
import { descend, type Objective } from "./descend.ts";
import { LessonEmulator, type Seen } from "./emulator.ts";
import { type Babbled, type Fit, fitEmulator } from "./fit.ts";

/** Mean squared error of what the emulator says of readings, and where it says that lessons change nothing. */
export type FitErrors = Omit<Fit, "constants">;

export class DescentTeacher {
  private readonly lessons: Seen[];
  private emulator: LessonEmulator;
  private fitted: FitErrors;

  constructor(
    private readonly babbled: Babbled,
    private readonly objective: Objective,
  ) {
    this.lessons = [...babbled.lessons];
    [this.emulator, this.fitted] = this.fit();
  }

  /** The doses `[M]` after a symbol was answered with `answer` `[K]` spikes. */
  doses(symbol: number, answer: Float64Array): Float64Array {
    const read = answer.map(Math.sqrt);
    this.emulator.observe(symbol, read);
    const { doses } = descend(this.emulator, symbol, this.objective);
    this.emulator.learn(symbol, doses);
    this.lessons.push({ symbol, read, doses });
    return doses;
  }

  refit(): void {
    [this.emulator, this.fitted] = this.fit();
  }

  /** Of the last fit. */
  errors(): FitErrors {
    return this.fitted;
  }

  /** An emulator fitted on all lessons, which it has gone through. */
  private fit(): [LessonEmulator, FitErrors] {
    const { babbled } = this;
    const { constants, ...errors } = fitEmulator({ ...babbled, lessons: this.lessons });
    const emulator = new LessonEmulator(babbled, babbled.first, babbled.likeness, constants);
    for (const { symbol, read, doses } of this.lessons) {
      emulator.observe(symbol, read);
      emulator.learn(symbol, doses);
    }
    return [emulator, errors];
  }
}
