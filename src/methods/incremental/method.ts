/**
 * Method `incremental`: what is between stimulation alone and the whole ultrastructure. In each cycle a part of the
 * synapses is read, with error; the series is shown without writes and the answers are recorded; the predictive model
 * (model.ts) is fitted on all recordings so far; descent goes through it, on the latent of pathways; and
 * the synapses are moved towards the measured answer, each by no more than the budget.
 */
import { nudged, type PartialReading, readPartly } from "../../device/simulated/incremental-access.ts";
import { NOTHING } from "../../emulator/contract.ts";
import { Random, type RandomState } from "../../math/random.ts";
import { type Method, NO_EFFORT, type Trained, type Training } from "../contract.ts";
import { DESCRIPTIONS } from "../descriptions.ts";
import { lessonsOf } from "../lessons.ts";
import { LOW_PLASTICITY } from "../plasticity.ts";
import { answerOf, ShownSum, show } from "../showing.ts";
import { descendOnPathways, fitResponses, type Observation } from "./model.ts";
import { Pathways } from "./pathways.ts";

/** How far a synapse may be moved in a cycle where the plan does not say, as a share of the strongest of its kind. */
export const DEFAULT_STEP_BUDGET = 0.1;
/** All synapses together may be moved by this share of what each may. */
const TOTAL_SHARE = 0.1;
const READ = { share: 0.5, error: 0.1 };

export const incremental: Method = { ...DESCRIPTIONS.incremental, train };

interface Memory {
  readonly random: RandomState;
  readonly access: RandomState;
  readonly observations: readonly Observation[];
  readonly z: Float64Array;
}

async function train<M, I>(training: Training<M, I>): Promise<Trained<M, I>> {
  const { arm, plan, seed, code, cycle, cultures, beginning, before } = training;
  const { tissue, layouts } = cultures;
  const { sensory, prediction } = layouts[0].roles;
  const [patterns] = beginning.patterns;
  const memory = before.at(-1)?.memory as Memory | undefined;
  const first = Random.of(seed, "incremental", code, arm);
  const random = memory ? Random.resume(memory.random) : first;
  const accessRandom = memory ? Random.resume(memory.access) : first.split("access");
  const image = await tissue.perform(0, { kind: "read-tissue" });
  const pathways = new Pathways(image, sensory, prediction);

  const strengths = await tissue.perform(0, { kind: "read-strengths" });
  const reading: PartialReading = readPartly({ image, strengths }, pathways.synapses, READ, accessRandom);
  const z = pathways.encode(reading, memory?.z ?? pathways.blank());
  const observations = [...(memory?.observations ?? babbled(training, z))];
  const sum = new ShownSum();
  const count = plan.presentations;
  for (const lesson of lessonsOf(training, cycle * count, (cycle + 1) * count)) {
    const shown = await show(training, lesson, LOW_PLASTICITY);
    sum.add(shown);
    const counts = answerOf(shown.read, layouts[0].channels, prediction);
    observations.push({ places: lesson.datum.places, counts, z });
  }
  const shown = {
    effort: { ...NO_EFFORT, presentations: sum.presentations, synapsesRead: reading.synapses.length },
    pulses: sum.pulses,
    refused: sum.refused,
    events: [],
  };
  const remember = (): Memory => ({
    random: random.state(),
    access: accessRandom.state(),
    observations,
    z,
  });
  if (arm === "sham") return { ...shown, memory: remember() };

  const model = fitResponses(observations, z.length, prediction.length);
  const budget = { perSynapse: plan.stepBudget ?? DEFAULT_STEP_BUDGET, total: TOTAL_SHARE };
  const { change, loss } = descendOnPathways(
    { model, z, reach: pathways.reach(budget.perSynapse * image.bounds.ee) },
    {
      classOf: prediction.map((channel) => patterns.findIndex((pattern) => pattern.includes(channel))),
      classes: patterns.length,
    },
    lessonsOf(training, 0, (cycle + 1) * count).map(({ datum, nextClass }) => ({
      places: datum.places,
      nextClass,
    })),
  );
  const wanted = pathways.decode(arm === "random" ? dealt(change, random) : change);
  const write = nudged(
    { image, strengths: await tissue.perform(0, { kind: "read-strengths" }) },
    pathways.synapses,
    wanted,
    budget,
  );
  const entry = await tissue.perform(0, { kind: "write-synapses", write });
  return {
    ...shown,
    effort: { ...shown.effort, synapsesChanged: entry.changed, totalChange: entry.totalChange },
    notes: { ...entry, predictedLoss: loss, gain: model.gain },
    memory: remember(),
  };
}

/** The steps, dealt to other pathways. */
function dealt(change: Float64Array, random: Random): Float64Array {
  return Float64Array.from(random.permutation(change.length), (from) => change[from]);
}

/** What babbling tells of answers to data without writes. */
function babbled<M, I>({ beginning, cultures }: Training<M, I>, z: Float64Array): Observation[] {
  const { states, classes } = beginning.babbled;
  const { channels, roles } = cultures.layouts[0];
  const { places: S } = states;
  const window = states.bins * channels;
  return [...classes.keys()]
    .filter((n) => classes[n] === NOTHING)
    .map((n) => ({
      places: [...roles.sensory.keys()].filter((s) => states.data[n * S + s] === 1),
      counts: answerOf(states.counts.subarray(n * window, (n + 1) * window), channels, roles.prediction),
      z,
    }));
}
