/**
 * The lesson: odours, of which some are punished (./stimuli.ts). Where descent leads, every arm begins from the brain as the same
 * babbling left it. Tested without learning, before and after.
 */
import { scrambledFactors } from "../../device/simulated/scramble.ts";
import { Random } from "../../math/random.ts";
import type { StopFlag } from "../../tissue/stop-flag.ts";
import type { Circuit, Readout } from "../circuit.ts";

import { babbledDoses } from "../descent/babble.ts";
import type { Babbled } from "../descent/fit.ts";
import type { FitErrors } from "../descent/teacher.ts";
import { Nose, sumOver } from "../subject/nose.ts";
import type { Subject } from "../subject/subject.ts";
import type { ArmName, Lead } from "./arms.ts";
import { type Answers, answerIn, examine, likingOf } from "./examine.ts";
import type { Stimuli, Unit } from "./stimuli.ts";
import { type Doses, teacherOf } from "./teachers.ts";

export interface LessonSettings {
  /** Of each odour, in training. */
  readonly trials: number;
  /** Of each odour, in each test. */
  readonly testTrials: number;
  /** Of each odour, in babbling; none where descent does not lead. */
  readonly babbleRounds: number;
  /** How much an odour may be liked beside what is usual before the hand speaks. */
  readonly margin: number;
}

export interface LessonResult extends Unit {
  readonly before: Answers;
  readonly after: Answers;
  /** What was given after each trial of training. */
  readonly given: readonly Doses[];
  /** Spikes of dopamine cells in training. */
  readonly dopamineSpikes: number;
  /** By output neuron, mean factor of the synapses that learn onto it; 1 where there are none. */
  readonly learned: readonly number[];
  /** Of descent. */
  readonly emulator: FitErrors | null;
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
  readonly lead: Lead;
  readonly unit: Unit;
  readonly settings: LessonSettings;
  /** What who leads gave on this unit, for arms that replay it. */
  readonly leadGave?: readonly Doses[];
  /** Who is tested in the pupil's place (arm `rewired after`), and what becomes of what it has learnt; or taught (`no dopamine`). */
  readonly heir?: { readonly pupil: Pupil; carry(factors: Float64Array): Float64Array };
  readonly stop?: StopFlag | undefined;
}

const [SHOWN_MS, DOPAMINE_MS, REST_MS] = [500, 300, 300];
/** Refits on the way. */
const QUARTERS = 4;

export async function runLesson(lesson: Lesson): Promise<LessonResult> {
  const { pupil, unit, arm, heir, stop } = lesson;
  const seed = 1000 * unit.pair + unit.seed;
  const nose = new Nose(await pupil.open(seed, stop), pupil.circuit);
  try {
    const random = Random.of(unit.seed, "lesson", unit.pair);
    const babbled = await babble({ lesson, nose, random });
    if (arm !== "no dopamine" || !heir) return await taught({ lesson, nose, random }, babbled);
    return await inHeir(lesson, heir, async (other) => {
      await other.subject.restore(await nose.subject.snapshot());
      return taught({ lesson, nose: other, random }, babbled);
    });
  } finally {
    await nose.subject.close();
  }
}

async function taught(room: Room, babbled: Babbled | undefined): Promise<LessonResult> {
  const { lesson, nose } = room;
  const { unit, arm, heir } = lesson;
  const before = await test(room);
  const trained = await train(room, babbled);
  const factors = await nose.subject.learned();
  if (arm === "scrambled")
    await nose.subject.setLearned(scrambledFactors(factors, Random.of(unit.seed, "scramble", unit.pair)));
  const after =
    arm === "rewired after" && heir
      ? await inHeir(lesson, heir, async (other) => {
          await other.subject.setLearned(heir.carry(factors));
          return test({ ...room, nose: other });
        })
      : await test(room);
  const { refused } = nose.subject;
  if (refused > 0)
    throw new Error(`lesson: expected light that the gate admits, ${refused} flashes were refused`);
  return { ...unit, before, after, ...trained, learned: byOutput(nose.circuit, factors) };
}

interface Room {
  readonly lesson: Lesson;
  readonly nose: Nose;
  readonly random: Random;
}

async function inHeir<Result>(
  { unit, stop }: Lesson,
  { pupil }: NonNullable<Lesson["heir"]>,
  work: (nose: Nose) => Promise<Result>,
): Promise<Result> {
  const nose = new Nose(await pupil.open(1000 * unit.pair + unit.seed, stop), pupil.circuit);
  try {
    return await work(nose);
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

async function test({ lesson: { stimuli, readout, settings }, nose, random }: Room): Promise<Answers> {
  const { beginning: _, ...answers } = await examine({
    ...{ nose, stimuli, readout, random, trials: settings.testTrials },
  });
  return answers;
}

/** Odours and doses at random; a stream of its own, so that all arms babble alike. Undefined where none is asked for. */
async function babble({ lesson, nose }: Room): Promise<Babbled | undefined> {
  const { stimuli, readout, settings, unit } = lesson;
  if (settings.babbleRounds === 0) return undefined;
  const random = Random.of(unit.seed, "babble", unit.pair);
  const { beginning } = await examine({ nose, stimuli, readout, random, trials: settings.testTrials });
  const [symbols, classes] = [stimuli.odours.length, nose.circuit.classes.length];
  const lessons: Babbled["lessons"][number][] = [];
  for (let round = 0; round < settings.babbleRounds; round++)
    for (const odour of random.permutation(symbols)) {
      const counts = await nose.present({ durationMs: SHOWN_MS, odour: stimuli.odours[odour], learns: true });
      const doses = babbledDoses(random, classes);
      lessons.push({ symbol: odour, read: answerIn(readout, counts).map(Math.sqrt), doses });
      const teaching = { doses: [...doses], fromMs: 0, toMs: DOPAMINE_MS };
      await nose.present({ durationMs: DOPAMINE_MS, teaching, learns: true });
      await nose.present({ durationMs: REST_MS, learns: true });
    }
  return { ...beginning, symbols, answers: readout.parts.length, classes, lessons };
}

async function train({ lesson, nose, random }: Room, babbled: Babbled | undefined) {
  const { arm, lead, readout, leadGave, stimuli, settings } = lesson;
  const { odours, isPunished } = stimuli;
  const { punish, reward, dopamine } = nose.circuit;
  const order = random.permutation(odours.length * settings.trials).map((k) => k % odours.length);
  // Yoked: the same pulses at the same trials, the odours dealt out anew.
  const smelt = arm === "yoked" ? random.permutation(order.length).map((k) => order[k]) : order;
  const { margin } = settings;
  const teacher = teacherOf(arm, {
    lead,
    stimuli,
    readout,
    punish,
    reward,
    margin,
    babbled,
    leadGave,
    random,
  });
  const learns = arm !== "frozen";
  const given: Doses[] = [];
  let dopamineSpikes = 0;
  const present = async (presentation: Parameters<Nose["present"]>[0]) => {
    const counts = await nose.present(presentation);
    dopamineSpikes += sumOver(counts, dopamine);
    return counts;
  };
  for (const [number, odour] of smelt.entries()) {
    const isPaired = arm === "paired" && isPunished[odour];
    const during = isPaired ? { doses: punish, fromMs: 200, toMs: SHOWN_MS } : undefined;
    const counts = await present({ durationMs: SHOWN_MS, odour: odours[odour], teaching: during, learns });
    const answer = answerIn(readout, counts);
    const after = teacher.after({ number, odour, liking: likingOf(readout, answer), answer });
    given.push(isPaired ? punish : after);
    const teaching = { doses: after, fromMs: 0, toMs: DOPAMINE_MS };
    await present({ durationMs: DOPAMINE_MS, teaching, learns });
    await present({ durationMs: REST_MS, learns });
    if ((number + 1) % Math.ceil(smelt.length / QUARTERS) === 0 && number + 1 < smelt.length) teacher.refit();
  }
  return { given, dopamineSpikes, emulator: teacher.errors() };
}
