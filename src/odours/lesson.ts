/**
 * The lesson: two odours, of which one is punished (by the parity of the seed, so that what was liked before counts for nothing).
 * Liking is approach / (approach + avoid) of the readout's output neurons; right is the share of comparisons in which the punished odour
 * is liked less, ties a half; measured without learning, before and after.
 */
import { Random } from "../math/random.ts";
import type { StopFlag } from "../tissue/stop-flag.ts";
import type { ArmName } from "./arms.ts";
import type { Circuited, Readout } from "./circuit.ts";
import { Nose, odourOf, sumOver, type Teaching } from "./nose.ts";
import { cosine } from "./working-point.ts";

export interface LessonSettings {
  /** Of each odour, in training and in each test. */
  readonly trials: number;
  /** How much an odour may be liked beside what is usual before the teacher speaks. */
  readonly margin: number;
}

export const LESSON: LessonSettings = { trials: 10, margin: 0.1 };

export interface Unit {
  readonly pair: number;
  readonly seed: number;
}

export interface LessonResult extends Unit {
  readonly rightBefore: number;
  readonly rightAfter: number;
  readonly kenyonShare: number;
  readonly overlapBefore: number;
  readonly overlapAfter: number;
  readonly outputSpikes: number;
  /** What was given after each trial of training. */
  readonly given: readonly (Teaching | null)[];
}

export interface Lesson {
  readonly brain: Circuited;
  readonly readout: Readout;
  readonly arm: ArmName;
  readonly unit: Unit;
  readonly settings?: LessonSettings;
  /** What the teacher gave on this unit, for arms that replay it. */
  readonly teacherGave?: readonly (Teaching | null)[];
  readonly stop?: StopFlag | undefined;
}

export async function runLesson(lesson: Lesson): Promise<LessonResult> {
  const { brain, readout, unit, settings = LESSON, stop } = lesson;
  const { pair, seed } = unit;
  const nose = await Nose.open(brain, 1000 * pair + seed, stop);
  try {
    const odours = [0, 1].map((k) => odourOf(2 * pair + k, brain.circuit.glomeruli.length));
    const random = Random.of(seed, "lesson", pair);
    const likingOf = (counts: Uint32Array) => {
      const [approach, avoid] = [sumOver(counts, readout.approach), sumOver(counts, readout.avoid)];
      return approach + avoid > 0 ? approach / (approach + avoid) : 0.5;
    };
    const before = await test({ nose, odours, random, settings, likingOf, punished: seed % 2 });
    const given = await train(lesson, { nose, odours, random, likingOf });
    const after = await test({ nose, odours, random, settings, likingOf, punished: seed % 2 });
    if (nose.refused > 0)
      throw new Error(`lesson: expected light that the gate admits, ${nose.refused} flashes were refused`);
    return {
      ...unit,
      rightBefore: before.right,
      rightAfter: after.right,
      kenyonShare: before.kenyonShare,
      overlapBefore: before.overlap,
      overlapAfter: after.overlap,
      outputSpikes: before.outputSpikes,
      given,
    };
  } finally {
    await nose.close();
  }
}

interface Trial {
  readonly nose: Nose;
  readonly odours: readonly (readonly number[])[];
  readonly random: Random;
  readonly likingOf: (counts: Uint32Array) => number;
}

/** What is given in each trial of training. */
async function train(
  { arm, unit, settings = LESSON, teacherGave }: Lesson,
  { nose, odours, random, likingOf }: Trial,
) {
  const punished = unit.seed % 2;
  const order = random.permutation(2 * settings.trials).map((k) => k % 2);
  // Yoked: the same pulses at the same trials, the odours dealt out anew.
  const smelt = arm === "yoked" ? random.permutation(order.length).map((k) => order[k]) : order;
  const replayed = arm === "random" ? dealt(teacherGave, random) : teacherGave;
  const learns = arm !== "frozen";
  const given: (Teaching | null)[] = [];
  let usual = 0.5;
  for (const [trial, odour] of smelt.entries()) {
    const isPaired = arm === "paired" && odour === punished;
    const during = isPaired ? { what: "punish" as const, fromMs: 200, toMs: 500 } : undefined;
    const liking = likingOf(
      await nose.present({ durationMs: 500, odour: odours[odour], teaching: during, learns }),
    );
    const isWrong = odour === punished ? liking > usual - settings.margin : liking < usual + settings.margin;
    const asTeacher: Teaching | null = isWrong ? (odour === punished ? "punish" : "reward") : null;
    const replay = replayed?.[trial] ?? null;
    const afterwards: Readonly<Record<ArmName, Teaching | null>> = {
      ...{ teacher: asTeacher, frozen: asTeacher, paired: null, sham: null },
      ...{ yoked: replay, random: replay },
    };
    const after = afterwards[arm];
    usual += 0.2 * (liking - usual);
    given.push(isPaired ? "punish" : after);
    await nose.present({
      durationMs: 300,
      teaching: after ? { what: after, fromMs: 0, toMs: 300 } : undefined,
      learns,
    });
    await nose.present({ durationMs: 300, learns });
  }
  return given;
}

/** As many of each kind, at other trials. */
function dealt(given: readonly (Teaching | null)[] = [], random: Random): (Teaching | null)[] {
  return random.permutation(given.length).map((k) => given[k]);
}

interface Test extends Trial {
  readonly settings: LessonSettings;
  readonly punished: number;
}

async function test({ nose, odours, random, settings, likingOf, punished }: Test) {
  const { kenyon, outputs } = nose.brain.circuit;
  const liking: number[][] = [[], []];
  const codes = [0, 1].map(() => new Array<number>(kenyon.length).fill(0));
  let [share, outputSpikes] = [0, 0];
  for (let k = 0; k < settings.trials; k++)
    for (const odour of random.permutation(2)) {
      const counts = await nose.present({ durationMs: 500, odour: odours[odour], learns: false });
      liking[odour].push(likingOf(counts));
      const code = kenyon.map((channel) => counts[channel]);
      code.forEach((count, i) => {
        codes[odour][i] += count;
      });
      share += code.filter((count) => count > 0).length / code.length / settings.trials / 2;
      outputSpikes += sumOver(counts, outputs) / outputs.length / settings.trials / 2;
      await nose.present({ durationMs: 300, learns: false });
    }
  const right = liking[punished].map((value, k) => {
    const other = liking[1 - punished][k];
    return value === other ? 0.5 : Number(value < other);
  });
  return {
    right: right.reduce((sum, value) => sum + value, 0) / right.length,
    overlap: cosine(codes[0], codes[1]),
    kenyonShare: share,
    outputSpikes,
  };
}
