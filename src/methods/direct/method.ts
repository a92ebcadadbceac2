/**
 * Method `direct`: read every synapse, descend on a differentiable twin, write every synapse back. The tissue is shown
 * nothing: it learns while its twin is taught.
 */
import { kindOf, SYNAPSE_KINDS } from "../../device/simulated/image.ts";
import { Random } from "../../math/random.ts";
import { type Method, NO_EFFORT, type Trained, type Training } from "../contract.ts";
import { DESCRIPTIONS } from "../descriptions.ts";
import { type Lesson, lessonsOf } from "../lessons.ts";
import { blankMoments, DIRECT, descendOnTwin, type Moments } from "./descend.ts";

/** Lessons of the twin in a cycle, for each presentation that the other methods show in it. */
const LESSONS_PER_PRESENTATION = 24;
/** The twin's steps grow smaller from cycle to cycle, to none. */
const RATE = DIRECT.learningRate[0];

export const direct: Method = { ...DESCRIPTIONS.direct, train };

interface Memory {
  readonly moments: Moments;
}

type Done = Pick<Trained<unknown, unknown>, "notes" | "memory"> & { readonly strength: Float32Array };

async function train<M, I>(training: Training<M, I>): Promise<Trained<M, I>> {
  const { arm, cultures, cycle, seed, code } = training;
  const { tissue } = cultures;
  const random = Random.of(seed, "direct", code, arm).split(cycle);
  const idle = { pulses: 0, refused: 0, events: [] };
  if (arm === "sham")
    return { ...idle, effort: NO_EFFORT, strengths: await tissue.perform(0, { kind: "read-strengths" }) };
  const { strength, notes, memory } = await (arm === "random"
    ? deal(training, random)
    : descend(training, random));
  const entry = await tissue.perform(0, { kind: "write-synapses", write: { strength } });
  return {
    ...idle,
    strengths: await tissue.perform(0, { kind: "read-strengths" }),
    effort: {
      ...NO_EFFORT,
      synapsesRead: strength.length,
      synapsesChanged: entry.changed,
      totalChange: entry.totalChange,
    },
    notes: { ...notes, ...entry },
    memory,
  };
}

async function descend<M, I>(training: Training<M, I>, random: Random): Promise<Done> {
  const { plan, cycle, cultures, emulator, beginning, models, before, pause } = training;
  const image = await cultures.tissue.perform(0, { kind: "read-tissue" });
  const memory = before.at(-1)?.memory as Memory | undefined;
  const moments = memory ? structuredClone(memory.moments) : blankMoments(image.synapses.pre.length);
  const data = lessonsOf(training, 0, (cycle + 1) * plan.presentations);
  // In the order of the series, over and over: what is left of the datum before may help.
  const lessons = Array.from(
    { length: LESSONS_PER_PRESENTATION * plan.presentations },
    (_, n): Lesson => data[n % data.length],
  );
  const rate = (of: number) => RATE * (1 - of / plan.cycles);
  let learned = 0;
  const onLesson = () => {
    if (++learned % LESSONS_PER_PRESENTATION === 0) pause();
  };
  if (!emulator.readingLoss) throw new Error("internal: this emulator has no loss of single states");
  const reading = await emulator.readingLoss(models, beginning.patterns[0]);
  try {
    const done = await descendOnTwin(
      { image, layout: cultures.layouts[0], reading, moments, onLesson },
      lessons,
      { ...DIRECT, learningRate: [rate(cycle), rate(cycle + 1)] },
      random,
    );
    const notes = { twinLoss: done.loss, twinAccuracy: done.accuracy };
    return { strength: done.strength, notes, memory: { moments } satisfies Memory };
  } finally {
    await reading.dispose();
  }
}

/** The present strengths with the descent's change of this cycle, dealt anew within each kind of synapse. */
async function deal<M, I>({ cycle, cultures, descent }: Training<M, I>, random: Random): Promise<Done> {
  const { tissue } = cultures;
  const { anatomy, bounds } = await tissue.perform(0, { kind: "read-tissue" });
  const strength = await tissue.perform(0, { kind: "read-strengths" });
  // Every arm begins where the descent began.
  const before = cycle === 0 ? strength.slice() : descent[cycle - 1]?.strengths;
  const after = descent[cycle]?.strengths;
  if (!before || !after)
    throw new Error("arm random deals out the descent's changes: run it with the arm descent");
  for (const kind of SYNAPSE_KINDS) {
    const alike = [...strength.keys()].filter((k) => kindOf({ anatomy }, k) === kind);
    const limit = bounds[kind];
    random.permutation(alike.length).forEach((from, to) => {
      const [k, source] = [alike[to], alike[from]];
      const moved = strength[k] + after[source] - before[source];
      strength[k] = kind[0] === "e" ? clip(moved, 0, limit) : clip(moved, -limit, 0);
    });
  }
  return { strength };
}

const clip = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
