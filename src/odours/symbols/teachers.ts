/** Who teaches symbols: descent, hands, and replays of descent's doses. */
import type { Random } from "../../math/random.ts";
import type { Babbled } from "../descent/fit.ts";
import { DescentTeacher, type FitErrors } from "../descent/teacher.ts";
import type { ChangedAfter, SymbolArm } from "./arms.ts";
import { crossEntropy } from "./objective.ts";
import type { School } from "./school.ts";

export interface Teacher {
  doses(now: {
    readonly symbol: number;
    readonly answer: Float64Array;
    readonly round: number;
    readonly place: number;
  }): Float64Array;
  refit(): void;
  errors(): FitErrors | null;
}

export type TaughtArm = Exclude<SymbolArm, ChangedAfter>;

export interface Classroom {
  readonly school: School;
  readonly babbled: Babbled;
  /** `[round]` what descent gave, in its order. */
  readonly given: Float64Array[][];
  readonly random: Random;
}

export function teacherOf(arm: TaughtArm, room: Classroom): Teacher {
  const { school, given, random } = room;
  if (arm === "descent") return descentIn(room);
  const S = school.symbols.length;
  const none = new Float64Array(S);
  const only = (k: number, dose: number, others: number) =>
    Float64Array.from({ length: S }, (_, j) => (j === k ? dose : others));
  const dealt = random.permutation(given.length * S);
  const choose: Record<Exclude<TaughtArm, "descent">, Teacher["doses"]> = {
    errors: ({ symbol, answer }) => {
      const said = school.said(answer);
      return said === school.right[symbol] ? none : only(said, 1, 0);
    },
    others: ({ symbol }) => only(school.right[symbol], 0, 1),
    // Rounds are dealt alike in all arms, so the place before is another symbol's.
    yoked: ({ round, place }) => given[round]?.[(place + 1 + (round % (S - 1))) % S] ?? none,
    random: ({ round, place }) => {
      const at = dealt[round * S + place];
      const doses = given[Math.floor(at / S)]?.[at % S] ?? none;
      return Float64Array.from(random.permutation(S), (k) => doses[k]);
    },
    frozen: ({ round, place }) => given[round]?.[place] ?? none,
    sham: () => none,
  };
  return { doses: choose[arm], refit() {}, errors: () => null };
}

function descentIn({ school, babbled, given }: Classroom): Teacher {
  const teacher = new DescentTeacher(babbled, crossEntropy(school.right, school.circuit.outputs.length));
  return {
    doses({ symbol, answer, round }) {
      const doses = teacher.doses(symbol, answer);
      given[round] ??= [];
      given[round].push(doses);
      return doses;
    },
    refit: () => teacher.refit(),
    errors: () => teacher.errors(),
  };
}
