/**
 * Method `direct`: read every synapse, descend on a differentiable twin, write every synapse back. The tissue is shown
 * nothing: it learns while its twin is taught.
 */
import type { Random } from "../../math/random.ts";
import { Stopped } from "../lab.ts";
import { blankMoments, DIRECT, descendOnTwin } from "./direct/descend.ts";
import { createReadingLoss } from "./direct/reading-loss.ts";
import { lessonsOf, type TrainCycle, type Training } from "./train.ts";

/** Lessons of the twin in a cycle, for each presentation that the other methods show in it. */
const LESSONS_PER_PRESENTATION = 24;
/** The twin's steps grow smaller from cycle to cycle, to none. */
const RATE = DIRECT.learningRate[0];

export function direct(training: Training): TrainCycle {
  const { lab, beginning, arm, random, effort, descent } = training;
  const { config, subject } = lab;
  const { ultrastructure } = subject.simulated;

  const moments = blankMoments(ultrastructure.readSynapses().pre.length);

  const write = (strength: Float32Array) => {
    const entry = ultrastructure.writeSynapses({ strength });
    effort.synapsesChanged += entry.changed;
    effort.totalChange += entry.totalChange;
    return { ...entry };
  };

  return async (cycle) => {
    const stream = random.split(cycle);
    if (arm === "sham") return {};
    effort.synapsesRead += ultrastructure.readSynapses().strength.length;
    if (arm === "random") return write(dealt(cycle, stream));
    const data = lessonsOf(training, 0, (cycle + 1) * config.presentations);
    // In the order of the series, over and over: what is left of the datum before may help.
    const lessons = Array.from(
      { length: LESSONS_PER_PRESENTATION * config.presentations },
      (_, n) => data[n % data.length],
    );
    const rate = (of: number) => RATE * (1 - of / config.cycles);
    const options = { ...DIRECT, learningRate: [rate(cycle), rate(cycle + 1)] as const };
    let learned = 0;
    const tick = () => {
      if (++learned % LESSONS_PER_PRESENTATION === 0 && lab.tick()) throw new Stopped();
    };
    const reading = await createReadingLoss(beginning.models, beginning.patterns, config.device);
    try {
      const done = await descendOnTwin(ultrastructure, reading, lessons, stream, options, tick, moments);
      return { twinLoss: done.loss, twinAccuracy: done.accuracy, ...write(done.strength) };
    } finally {
      await reading.dispose();
    }
  };

  /** The present strengths with the descent's change of this cycle, dealt anew within each kind of synapse. */
  function dealt(cycle: number, stream: Random): Float32Array {
    if (!descent) throw new Error("arm random deals out the descent's changes: run it with the arm descent");
    const { strength } = ultrastructure.readSynapses();
    const first = beforeDescent();
    const [before, after] = [cycle === 0 ? first : descent.strengths[cycle - 1], descent.strengths[cycle]];
    for (const kind of ["ee", "ei", "ie", "ii"] as const) {
      const synapses = [...strength.keys()].filter((k) => ultrastructure.kindOf(k) === kind);
      const limit = ultrastructure.bounds[kind];
      stream.permutation(synapses.length).forEach((from, to) => {
        const [k, source] = [synapses[to], synapses[from]];
        const moved = strength[k] + after[source] - before[source];
        strength[k] = kind[0] === "e" ? clip(moved, 0, limit) : clip(moved, -limit, 0);
      });
    }
    return strength;
  }

  /** Strengths at the common beginning; the culture is put back as it is. */
  function beforeDescent(): Float32Array {
    const { simulated } = subject;
    const now = simulated.snapshot();
    simulated.restore(beginning.culture);
    const { strength } = ultrastructure.readSynapses();
    simulated.restore(now);
    return strength;
  }
}

const clip = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
