/**
 * Forward-forward against backpropagation, the same layers on the same rows: at equal steps and at equal wall time,
 * held-out accuracy and the activations that training keeps.
 *
 * Of two cultures, by the emulator's transformer blocks and the bridge's hidden layer. `written` is the
 * bridge's own task: which class a state of babbling was written as. `next` is harder: what comes next in the Henon map, from
 * an untrained culture's answer to a datum.
 */

import { specsOf, taskOf } from "../src/experiment/job/setup.ts";
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import { planOf } from "../src/experiment/plans.ts";
import { Random } from "../src/math/random.ts";
import { gatherRows } from "../src/math/rows.ts";
import { createBackpropagation } from "../src/networks/forward-forward/backpropagation.ts";
import { createForwardForward, type Negatives } from "../src/networks/forward-forward/forward-forward.ts";
import { emulatorLayers } from "../src/networks/forward-forward/local.ts";
import type { LayeredShape, Rows } from "../src/networks/forward-forward/trainer.ts";
import { layoutFor } from "../src/protocol/layout.ts";
import { STANDARD_PROTOCOL } from "../src/protocol/protocol.ts";
import { babble } from "../src/session/babble.ts";
import { Cultures } from "../src/session/cultures.ts";
import { presentationsOf } from "../src/session/plan.ts";
import { walk } from "../src/session/walk.ts";
import type { Phase } from "../src/tasks/contract.ts";
import { localTissue } from "../src/tissue/local.ts";
import { type Schedule, type Split, timed } from "./forward-forward/timed.ts";

const BINS = STANDARD_PROTOCOL.bins;
const STACK = { bins: BINS, channels: 64, width: 48, heads: 4, blocks: 4, hidden: 48 };
const STATE_SHAPE: LayeredShape = {
  inputs: BINS * 64,
  classes: 8,
  batch: 64,
  layers: (labels) => emulatorLayers(STACK, labels),
};
const STATE_STEPS = 200;
const STATE_SEEDS = [1, 2];
const LEARNING_RATES = { forwardForward: 1e-2, backpropagation: 2e-3 };

export async function run(): Promise<object> {
  const states = [];
  for (const seed of STATE_SEEDS) {
    const { written, next } = await recordedStates(seed);
    states.push({
      seed,
      written: await compareTrainers(written),
      next: await compareTrainers(next),
    });
  }
  return { states };
}

async function compareTrainers(split: Split) {
  const random = () => Random.of(1, "forward-forward bench", "layers");
  const forward = async (negatives: Negatives) =>
    timed(await createForwardForward(STATE_SHAPE, random(), negatives), STATE_SHAPE, split, {
      until: { steps: STATE_STEPS },
      learningRate: LEARNING_RATES.forwardForward,
    });
  const backward = async (until: Schedule["until"]) =>
    timed(await createBackpropagation(STATE_SHAPE, random()), STATE_SHAPE, split, {
      until,
      learningRate: LEARNING_RATES.backpropagation,
    });
  const byForward = await forward("random");
  const { wallSeconds } = byForward;
  return {
    random: byForward,
    dreamt: await forward("dreamt"),
    backpropagation: await backward({ steps: STATE_STEPS }),
    backpropagationAtEqualWall: await backward({ wallSeconds }),
  };
}

/** Roots of counts: while babbling with the class that was written, and of answers to the series with the next class. */
async function recordedStates(seed: number): Promise<{ written: Split; next: Split }> {
  const config = organoidConfig.parse({ series: "henon" });
  const plan = planOf({ kind: "organoid", config });
  const tissue = localTissue();
  await tissue.open(specsOf(plan, seed, false));
  const task = (await taskOf(plan, tissue.profile(0)))(seed);
  const layout = layoutFor(tissue.profile(0), seed, task.classes);
  const cultures = new Cultures(tissue, [layout], () => false);
  const patterns = [layout.roles.assigned];
  const { states, patternOf } = await babble(
    cultures,
    { task, patterns, strangeShare: 0, steps: plan.babbleTrials, plasticity: 0 },
    Random.of(seed, "forward-forward bench"),
  );
  const written = [...patternOf.keys()].filter((n) => patternOf[n] >= 0);
  const rows = (of: number[]): Rows => ({
    inputs: gatherRows(states.counts, STATE_SHAPE.inputs, of).map(Math.sqrt),
    labels: of.map((n) => patternOf[n]),
  });
  const answers = async (phase: Phase, steps: number): Promise<Rows> => {
    const world = task.world(phase, 0, true);
    const walked = await walk(cultures, { world, steps, plasticity: 0, patterns });
    return { inputs: walked.states.counts.map(Math.sqrt), labels: [...walked.targets] };
  };
  const split = {
    // Every fifth is held out.
    written: {
      training: rows(written.filter((_, i) => i % 5 < 4)),
      test: rows(written.filter((_, i) => i % 5 === 4)),
    },
    next: {
      training: await answers("train", presentationsOf(plan)),
      test: await answers("probe", plan.probeTrials),
    },
  };
  await tissue.close();
  return split;
}
