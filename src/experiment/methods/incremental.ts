/**
 * Method `incremental`: what is between stimulation alone and the whole ultrastructure. In each cycle a part of the
 * synapses is read, with error; the series is shown without writes and the answers are recorded; the predictive model
 * (incremental/model.ts) is fitted on all recordings so far; descent goes through it, on the latent of pathways; and
 * the synapses are moved towards what came out, each by no more than the budget.
 */
import { IncrementalAccess } from "../../device/simulated/incremental-access.ts";
import { BINS, LOW_PLASTICITY } from "../../protocol/protocol.ts";
import { runTrial } from "../../protocol/trial.ts";
import { NOTHING } from "../babble.ts";
import type { Datum } from "../subject.ts";
import { descendOnPathways, fitResponses, type Observation } from "./incremental/model.ts";
import { Pathways } from "./incremental/pathways.ts";
import { lessonsOf, type TrainCycle, type Training } from "./train.ts";

export const DEFAULT_STEP_BUDGET = 0.1;
/** All synapses together may be moved by this share of what each may. */
const TOTAL_SHARE = 0.1;
const READ = { share: 0.5, error: 0.1 };

export function incremental(training: Training): TrainCycle {
  const { lab, beginning, arm, random, effort } = training;
  const { config, subject } = lab;
  const { zones, simulated, device } = subject;
  const { ultrastructure } = simulated;
  const budget = { perSynapse: config.stepBudget ?? DEFAULT_STEP_BUDGET, total: TOTAL_SHARE };
  const access = new IncrementalAccess(ultrastructure, budget, READ, random.split("access"));
  const pathways = new Pathways(ultrastructure, zones.sensory, zones.prediction);
  const classOf = zones.prediction.map((channel) =>
    beginning.patterns.findIndex((pattern) => pattern.includes(channel)),
  );
  const observations: Observation[] = [];
  let z = pathways.blank();

  return async (cycle, recorder) => {
    const count = config.presentations;
    const reading = access.read(pathways.synapses);
    effort.synapsesRead += reading.synapses.length;
    z = pathways.encode(reading, z);
    if (cycle === 0) observations.push(...babbled(z));
    simulated.plasticity(LOW_PLASTICITY);
    const data = lessonsOf(training, cycle * count, (cycle + 1) * count);
    for (const datum of data) {
      const trial = await runTrial(device, datum.context);
      recorder.trial(trial, { nextClass: datum.nextClass, step: datum.step });
      effort.presentations++;
      observations.push({ places: datum.places, counts: answerOf(trial.counts), z });
    }
    if (arm === "sham") return {};
    const model = fitResponses(observations, z.length, zones.prediction.length);
    const lessons: Datum[] = lessonsOf(training, 0, (cycle + 1) * count);
    const reach = pathways.reach(budget.perSynapse * ultrastructure.bounds.ee);
    const { change, loss } = descendOnPathways(model, z, reach, classOf, beginning.patterns.length, lessons);
    const wanted = pathways.decode(arm === "random" ? dealt(change) : change);
    const entry = access.nudge(pathways.synapses, wanted);
    effort.synapsesChanged += entry.changed;
    effort.totalChange += entry.totalChange;
    return { ...entry, predictedLoss: loss, gain: model.gain };
  };

  /** The steps, dealt to other pathways. */
  function dealt(change: Float64Array): Float64Array {
    return Float64Array.from(random.permutation(change.length), (from) => change[from]);
  }

  /** What babbling tells of answers to data without writes. */
  function babbled(z: Float64Array): Observation[] {
    const { states, data, patternOf } = beginning.babbling;
    const S = zones.sensory.length;
    const window = states.bins * states.channels;
    return [...patternOf.keys()]
      .filter((n) => patternOf[n] === NOTHING)
      .map((n) => ({
        places: [...zones.sensory.keys()].filter((s) => data[n * S + s] === 1),
        counts: answerOf(states.counts.subarray(n * window, (n + 1) * window)),
        z,
      }));
  }

  /** Spikes on each prediction electrode outside the datum's own bin. */
  function answerOf(counts: Float32Array): Float32Array {
    const channels = counts.length / BINS;
    return Float32Array.from(zones.prediction, (channel) => {
      let sum = 0;
      for (let bin = 1; bin < BINS; bin++) sum += counts[bin * channels + channel];
      return sum;
    });
  }
}
