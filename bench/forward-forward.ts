/**
 * Forward-forward against backpropagation, the same layers on the same rows: at equal steps and at equal wall time,
 * held-out accuracy and the activations that training keeps.
 *
 * Of two cultures, by the emulator's transformer blocks and the bridge's hidden layer. `written` is the
 * bridge's own task: which class a state of babbling was written as. `next` is harder: what comes next in the Henon map, from
 * an untrained culture's answer to a datum.
 */
import { babble } from "../src/experiment/babble.ts";
import { organoidConfig } from "../src/experiment/config.ts";
import { RunControl } from "../src/experiment/control/control.ts";
import { Live } from "../src/experiment/live/live.ts";
import { present } from "../src/experiment/presenting.ts";
import { Recorder } from "../src/experiment/recorder.ts";
import { heldOut, prepareSubject, presentations } from "../src/experiment/subject.ts";
import { Random } from "../src/math/random.ts";
import { gatherRows } from "../src/math/rows.ts";
import { createBackpropagation } from "../src/networks/forward-forward/backpropagation.ts";
import { createForwardForward, type Negatives } from "../src/networks/forward-forward/forward-forward.ts";
import { emulatorLayers } from "../src/networks/forward-forward/local.ts";
import type { LayeredShape, Rows } from "../src/networks/forward-forward/trainer.ts";
import { BINS } from "../src/protocol/protocol.ts";
import { type Schedule, type Split, timed } from "./forward-forward/timed.ts";

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
  const subject = await prepareSubject(config, seed, unwatched());
  const { zones, device, simulated } = subject;
  simulated.plasticity(0);
  const data = presentations(subject, 0, config.cycles * config.presentations);
  const contexts = data.map(({ places }) => places);
  const repertoire = { ...zones, contexts, patterns: zones.assigned, strangeShare: 0 };
  const recorder = new Recorder(device.now(), () => {});
  const random = Random.of(seed, "forward-forward bench");
  const { states, patternOf } = await babble(device, repertoire, config.babbleTrials, random, recorder);
  const written = [...patternOf.keys()].filter((n) => patternOf[n] >= 0);
  const rows = (of: number[]): Rows => ({
    inputs: gatherRows(states.counts, STATE_SHAPE.inputs, of).map(Math.sqrt),
    labels: of.map((n) => patternOf[n]),
  });
  const answers = async (of: typeof data): Promise<Rows> => ({
    inputs: (await present(subject, of, () => undefined, recorder)).states.counts.map(Math.sqrt),
    labels: of.map(({ nextClass }) => nextClass),
  });
  return {
    // Every fifth is held out.
    written: {
      training: rows(written.filter((_, i) => i % 5 < 4)),
      test: rows(written.filter((_, i) => i % 5 === 4)),
    },
    next: { training: await answers(data), test: await answers(heldOut(subject)) },
  };
}

/** Nobody looks on. */
const unwatched = () => new Live(new RunControl(), { message: () => {}, frame: () => {} });
