/**
 * What stands beside the culture's own score and needs its states or its emulator: the emulator alone, a readout
 * trained on the untrained culture (the reservoir trick), a silent culture, and shuffled spikes.
 */

import { type Tensor, tensor, trainStep } from "../compute/index.ts";
import { type Array as JaxArray, nn } from "../compute/jax.ts";
import type { Dynamics } from "../emulator/one/dynamics.ts";
import { EMULATOR_SHAPE, type Models } from "../emulator/one/models.ts";
import type { NeuralStates } from "../emulator/one/states.ts";
import { Random } from "../math/random.ts";
import { gatherRows } from "../math/rows.ts";
import { type Linear, linear } from "../networks/layers.ts";
import { BINS } from "../protocol/protocol.ts";
import { addEfference } from "../protocol/trial.ts";
import { type Score, scorePrediction } from "../tasks/measures/score.ts";
import type { Lab } from "./lab.ts";
import type { ProbeReading } from "./probe.ts";
import { readByBridge } from "./reading.ts";
import { type Datum, heldOut, placeMatrix } from "./subject.ts";

const { latents, channels, history } = EMULATOR_SHAPE;
const WINDOW = BINS * channels;

/** The improved emulator on held-out data, fed with its own states: no culture takes part. */
export async function emulatorAlone(lab: Lab, models: Models, dynamics: Dynamics<Tensor>): Promise<Score> {
  const { programs, subject } = lab;
  const { task, zones } = subject;
  const random = Random.of(subject.seed, "emulator alone");
  programs.improver.begin(models.emulator, models.bridge.decoder);
  programs.improver.restart(dynamics);
  const data = heldOut(subject);
  const sensory = await programs.bridge.encode(models.bridge, placeMatrix(data, zones.sensory.length));
  const probabilities = new Float64Array(data.length * task.classCount);
  const context = new Float32Array((2 * history + 1) * latents);
  for (let n = 0; n < data.length; n++) {
    const present = sensory.subarray(n * latents, (n + 1) * latents);
    context.set(present, 2 * history * latents);
    const proposal = await programs.improver.propose(context, random);
    probabilities.set(proposal.probabilities, n * task.classCount);
    context.set(present, 0);
    context.set(proposal.patches.subarray(0, latents), latents);
  }
  return scorePrediction(task, { probabilities });
}

/** States in which the culture said nothing: the bridge sees the efference copy of the datum alone. */
export async function silentCulture(lab: Lab, models: Models): Promise<Score> {
  const data = heldOut(lab.subject);
  return readStates(lab, models, withEfference(new Float32Array(data.length * WINDOW), data));
}

/** The trained culture's spikes, each presentation's given to another's datum. */
export async function shuffledSpikes(lab: Lab, models: Models, reading: ProbeReading): Promise<Score> {
  const data = heldOut(lab.subject);
  const order = Random.of(lab.subject.seed, "shuffled spikes").permutation(data.length);
  return readStates(lab, models, withEfference(gatherRows(reading.read, WINDOW, order), data));
}

function withEfference(read: Float32Array, data: readonly Datum[]): NeuralStates {
  data.forEach(({ context }, n) => {
    addEfference(read.subarray(n * WINDOW, (n + 1) * WINDOW), context);
  });
  return { bins: BINS, channels, counts: read, written: new Float32Array(data.length) };
}

async function readStates(lab: Lab, models: Models, states: NeuralStates): Promise<Score> {
  const { probabilities } = await readByBridge(lab.programs, models, states);
  return scorePrediction(lab.subject.task, { probabilities });
}

const READOUT_STEPS = 300;
const READOUT_BATCH = 128;

/**
 * Multinomial logistic regression from the untrained culture's spikes to the next class, fitted on the ordered
 * series: what a fixed reservoir with a trained readout reaches. It says nothing of the culture's learning.
 */
export async function trainedReadout(
  lab: Lab,
  training: { readonly read: Float32Array; readonly data: readonly Datum[] },
  reading: ProbeReading,
): Promise<Score> {
  const { task, seed } = lab.subject;
  const K = task.classCount;
  const random = Random.of(seed, "trained readout");
  const features = (read: Float32Array) => read.map((count) => Math.sqrt(count));
  const inputs = features(training.read);
  const zeros = (...shape: number[]) => tensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
  const step = await trainStep({
    loss: (p: Linear<JaxArray>, batch: { input: JaxArray; target: JaxArray }) =>
      nn.logSoftmax(linear(p, batch.input), -1).mul(batch.target).sum(-1).mean().neg(),
    params: { weight: zeros(WINDOW, K), bias: zeros(K) },
    batch: { input: zeros(READOUT_BATCH, WINDOW), target: zeros(READOUT_BATCH, K) },
    optimiser: { weightDecay: 1 },
    device: lab.config.device,
  });
  for (let i = 0; i < READOUT_STEPS; i++) {
    const rows = Array.from({ length: READOUT_BATCH }, () => random.integer(training.data.length));
    const target = new Float32Array(READOUT_BATCH * K);
    rows.forEach((row, n) => {
      target[n * K + training.data[row].nextClass] = 1;
    });
    const input = tensor([READOUT_BATCH, WINDOW], gatherRows(inputs, WINDOW, rows));
    await step.run({ input, target: tensor([READOUT_BATCH, K], target) }, { learningRate: 0.01 });
  }
  const probabilities = softmaxReadout(step.params(), features(reading.read), K);
  await step.dispose();
  return scorePrediction(task, { probabilities });
}

function softmaxReadout({ weight, bias }: Linear<Tensor>, inputs: Float32Array, K: number): Float64Array {
  const N = inputs.length / WINDOW;
  const out = new Float64Array(N * K);
  for (let n = 0; n < N; n++) {
    const logits = Float64Array.from({ length: K }, (_, k) => {
      let sum = bias.data[k];
      for (let i = 0; i < WINDOW; i++) sum += inputs[n * WINDOW + i] * weight.data[i * K + k];
      return sum;
    });
    const top = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
    for (let k = 0; k < K; k++) out[n * K + k] = Math.exp(logits[k] - top) / total;
  }
  return out;
}
