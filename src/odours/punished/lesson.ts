/**
 * The lesson: odours, of which some are punished (./stimuli.ts). Liking is approach / (approach + avoid) of the readout's output
 * neurons; right is the share of comparisons of a punished odour with another in which it is liked less, ties a half; measured without
 * learning, before and after.
 */
import { Random } from "../../math/random.ts";
import { mean } from "../../math/statistics.ts";
import type { StopFlag } from "../../tissue/stop-flag.ts";
import type { Circuit, Readout } from "../circuit.ts";
import { scrambled } from "../controls.ts";
import { Nose, sumOver, type Teaching } from "../subject/nose.ts";
import type { Subject } from "../subject/subject.ts";
import { cosine } from "../working-point.ts";
import type { ArmName } from "./arms.ts";
import type { Stimuli, Unit } from "./stimuli.ts";

export interface LessonSettings {
  /** Of each odour, in training. */
  readonly trials: number;
  /** Of each odour, in each test. */
  readonly testTrials: number;
  /** How much an odour may be liked beside what is usual before the teacher speaks. */
  readonly margin: number;
}

export const LESSON: LessonSettings = { trials: 10, testTrials: 10, margin: 0.1 };

/** How odours are answered. */
export interface Answers {
  readonly right: number;
  /** Mean over the punished odours, and over the others. */
  readonly liking: { readonly punished: number; readonly others: number };
  /** Cosine of the Kenyon cells' answers, mean over pairs of odours. */
  readonly overlap: number;
  readonly kenyonShare: number;
  readonly outputSpikes: number;
}

export interface LessonResult extends Unit {
  readonly before: Answers;
  readonly after: Answers;
  /** What was given after each trial of training. */
  readonly given: readonly (Teaching | null)[];
  /** Spikes of dopamine cells in training. */
  readonly dopamineSpikes: number;
  /** By output neuron, mean factor of the synapses that learn onto it; 1 where there are none. */
  readonly learned: readonly number[];
}

/** What can be taught: a subject and its channels. */
export interface Pupil {
  readonly circuit: Circuit;
  open(seed: number, stop?: StopFlag): Promise<Subject>;
}

export interface Lesson {
  readonly pupil: Pupil;
  readonly stimuli: Stimuli;
  readonly readout: Readout;
  readonly arm: ArmName;
  readonly unit: Unit;
  readonly settings?: LessonSettings;
  /** What the teacher gave on this unit, for arms that replay it. */
  readonly teacherGave?: readonly (Teaching | null)[];
  /** Of arm `rewired after`: who is tested in the pupil's place, and what becomes of what it has learnt. */
  readonly heir?: { readonly pupil: Pupil; carry(factors: Float64Array): Float64Array };
  readonly stop?: StopFlag | undefined;
}

export async function runLesson(lesson: Lesson): Promise<LessonResult> {
  const { pupil, unit, arm, heir, settings = LESSON, stop } = lesson;
  const seed = 1000 * unit.pair + unit.seed;
  const nose = new Nose(await pupil.open(seed, stop), pupil.circuit);
  try {
    const random = Random.of(unit.seed, "lesson", unit.pair);
    const trial = { lesson, nose, random, settings };
    const before = await test(trial);
    const { given, dopamineSpikes } = await train(trial);
    const factors = await nose.subject.learned();
    if (arm === "scrambled")
      await nose.subject.setLearned(scrambled(factors, Random.of(unit.seed, "scramble", unit.pair)));
    const after = arm === "rewired after" && heir ? await inHeir(trial, heir, factors) : await test(trial);
    if (nose.subject.refused > 0)
      throw new Error(
        `lesson: expected light that the gate admits, ${nose.subject.refused} flashes were refused`,
      );
    return { ...unit, before, after, given, dopamineSpikes, learned: byOutput(pupil.circuit, factors) };
  } finally {
    await nose.subject.close();
  }
}

interface Trial {
  readonly lesson: Lesson;
  readonly nose: Nose;
  readonly random: Random;
  readonly settings: LessonSettings;
}

async function inHeir(
  trial: Trial,
  { pupil, carry }: NonNullable<Lesson["heir"]>,
  factors: Float64Array,
): Promise<Answers> {
  const { unit, stop } = trial.lesson;
  const nose = new Nose(await pupil.open(1000 * unit.pair + unit.seed, stop), pupil.circuit);
  try {
    await nose.subject.setLearned(carry(factors));
    return await test({ ...trial, nose });
  } finally {
    await nose.subject.close();
  }
}

function byOutput({ outputs, learnsOnto }: Circuit, factors: Float64Array): number[] {
  const sums = outputs.map(() => ({ sum: 0, count: 0 }));
  factors.forEach((factor, i) => {
    sums[learnsOnto[i]].sum += factor;
    sums[learnsOnto[i]].count++;
  });
  return sums.map(({ sum, count }) => (count > 0 ? sum / count : 1));
}

function likingOf({ approach, avoid }: Readout, counts: Uint32Array): number {
  const [toward, away] = [sumOver(counts, approach), sumOver(counts, avoid)];
  return toward + away > 0 ? toward / (toward + away) : 0.5;
}

async function train({ lesson, nose, random, settings }: Trial) {
  const { arm, readout, teacherGave, stimuli } = lesson;
  const { odours, isPunished } = stimuli;
  const order = random.permutation(odours.length * settings.trials).map((k) => k % odours.length);
  // Yoked: the same pulses at the same trials, the odours dealt out anew.
  const smelt = arm === "yoked" ? random.permutation(order.length).map((k) => order[k]) : order;
  const replayed = arm === "random" ? dealt(teacherGave, random) : teacherGave;
  const learns = arm !== "frozen";
  const given: (Teaching | null)[] = [];
  let [usual, dopamineSpikes] = [0.5, 0];
  const present = async (presentation: Parameters<Nose["present"]>[0]) => {
    const counts = await nose.present(presentation);
    dopamineSpikes += sumOver(counts, nose.circuit.dopamine);
    return counts;
  };
  for (const [trial, odour] of smelt.entries()) {
    const isPaired = arm === "paired" && isPunished[odour];
    const during = isPaired ? { what: "punish" as const, fromMs: 200, toMs: 500 } : undefined;
    const counts = await present({ durationMs: 500, odour: odours[odour], teaching: during, learns });
    const liking = likingOf(readout, counts);
    const isWrong = isPunished[odour] ? liking > usual - settings.margin : liking < usual + settings.margin;
    const asTeacher: Teaching | null = isWrong ? (isPunished[odour] ? "punish" : "reward") : null;
    const after = afterwards(arm, asTeacher, replayed?.[trial] ?? null);
    usual += 0.2 * (liking - usual);
    given.push(isPaired ? "punish" : after);
    await present({
      durationMs: 300,
      teaching: after ? { what: after, fromMs: 0, toMs: 300 } : undefined,
      learns,
    });
    await present({ durationMs: 300, learns });
  }
  return { given, dopamineSpikes };
}

/** What an arm gives after an odour. */
function afterwards(arm: ArmName, asTeacher: Teaching | null, replay: Teaching | null): Teaching | null {
  if (arm === "paired" || arm === "sham") return null;
  return arm === "yoked" || arm === "random" ? replay : asTeacher;
}

/** As many of each kind, at other trials. */
function dealt(given: readonly (Teaching | null)[] = [], random: Random): (Teaching | null)[] {
  return random.permutation(given.length).map((k) => given[k]);
}

async function test({ lesson, nose, random, settings }: Trial): Promise<Answers> {
  const { odours, isPunished } = lesson.stimuli;
  const { kenyon, outputs } = nose.circuit;
  const likings: number[][] = odours.map(() => []);
  const codes = odours.map(() => new Array<number>(kenyon.length).fill(0));
  let [share, outputSpikes] = [0, 0];
  const shown = settings.testTrials * odours.length;
  for (let k = 0; k < settings.testTrials; k++)
    for (const odour of random.permutation(odours.length)) {
      const counts = await nose.present({ durationMs: 500, odour: odours[odour], learns: false });
      likings[odour].push(likingOf(lesson.readout, counts));
      const code = kenyon.map((channel) => counts[channel]);
      code.forEach((count, i) => {
        codes[odour][i] += count;
      });
      share += code.filter((count) => count > 0).length / code.length / shown;
      outputSpikes += sumOver(counts, outputs) / outputs.length / shown;
      await nose.present({ durationMs: 300, learns: false });
    }
  const [bad, good] = [true, false].map((which) => likings.filter((_, odour) => isPunished[odour] === which));
  const right = bad.flatMap((one) =>
    good.flatMap((other) => one.map((value, k) => (value === other[k] ? 0.5 : Number(value < other[k])))),
  );
  return {
    right: mean(right),
    liking: { punished: mean(bad.flat()), others: mean(good.flat()) },
    overlap: mean(codes.flatMap((a, i) => codes.slice(i + 1).map((b) => cosine(a, b) || 0))),
    kenyonShare: share,
    outputSpikes,
  };
}
