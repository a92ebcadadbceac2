/**
 * Fitting the emulator to a recording: first the autoencoder, then, with it fixed, the latent dynamics.
 *
 * Legend: N items of a batch, B bins, C channels, Z latents, K context patches.
 */
import { type ComputeDevice, type Tensor, tensor, trainStep } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { gatherRows } from "../../math/rows.ts";
import { train } from "../../networks/train.ts";
import { type Autoencoder, type AutoencoderBatch, autoencoderLoss } from "./autoencoder.ts";
import { type Coder, createCoder, type Patches, renormalise, seenMask } from "./coding.ts";
import { type Dynamics, type DynamicsBatch, flowLoss, flowOf } from "./dynamics.ts";
import { autoencoderShape, dynamicsShape, type EmulatorParameters, type EmulatorShape } from "./emulator.ts";
import { type NeuralStates, sensoryPart, stateCount } from "./states.ts";

export interface FitOptions {
  readonly autoencoderSteps: number;
  readonly dynamicsSteps: number;
  readonly learningRate: number;
}

export interface FitResult {
  readonly parameters: EmulatorParameters;
  readonly patches: Patches;
  /** Mean loss over the last tenth of the steps (nats per window; squared error per latent). */
  readonly autoencoderLoss: number;
  readonly dynamicsLoss: number;
}

export interface EmulatorFitter {
  readonly coder: Coder;
  /** Continues from `parameters`: a warm start when they come from an earlier fit. */
  fit(
    parameters: EmulatorParameters,
    states: NeuralStates,
    random: Random,
    options: FitOptions,
  ): Promise<FitResult>;
  dispose(): Promise<void>;
}

const BATCH = 64;
/** Weight of the KL term: patches stay near a unit Gaussian without losing what they say. */
const BETA = 0.05;
/** Share of windows shown only in part, so that the encoder learns sensory patches too. */
const PARTIAL_SHARE = 0.3;
/** Share of items whose past is hidden, so that the dynamics do not lean on it. */
const FORGET_SHARE = 0.3;

export async function createFitter(
  shape: EmulatorShape,
  example: EmulatorParameters,
  device: ComputeDevice,
): Promise<EmulatorFitter> {
  const { bins, channels, latents } = shape;
  const ofAutoencoder = autoencoderShape(shape);
  const ofDynamics = dynamicsShape(shape);
  const K = ofDynamics.context;
  const zeros = (...dims: number[]) => tensor(dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));
  const optimiser = { clipNorm: 5, weightDecay: 0.01 };

  const autoencoder = await trainStep({
    loss: (p: Autoencoder<JaxArray>, batch: AutoencoderBatch<JaxArray>) =>
      autoencoderLoss(p, batch, ofAutoencoder, BETA),
    params: example.autoencoder,
    batch: {
      input: zeros(BATCH, bins, channels),
      seen: zeros(BATCH, bins),
      counts: zeros(BATCH, bins, channels),
      noise: zeros(BATCH, latents),
    },
    optimiser,
    device,
  });
  const dynamics = await trainStep({
    loss: (p: Dynamics<JaxArray>, batch: DynamicsBatch<JaxArray>) => flowLoss(flowOf(p, ofDynamics), batch),
    params: example.dynamics,
    batch: {
      patch: zeros(BATCH, latents),
      context: zeros(BATCH, K, latents),
      written: zeros(BATCH, 1),
      noise: zeros(BATCH, latents),
      time: zeros(BATCH, 1),
    },
    optimiser,
    device,
  });
  const coder = await createCoder(shape, example, device);

  return {
    coder,
    async fit(parameters, states, random, options) {
      autoencoder.restart(parameters.autoencoder);
      const partial = sensoryPart(states, shape.sensoryBins);
      const lossA = await train(options.autoencoderSteps, options.learningRate, (learningRate) =>
        autoencoder.run(autoencoderBatch(states, partial, shape, random), { learningRate }),
      );
      let fitted: EmulatorParameters = { ...parameters, autoencoder: autoencoder.params() };
      const raw = await coder.encode(fitted, states);
      fitted = { ...fitted, normaliser: renormalise(fitted.normaliser, raw.state) };
      const patches = await coder.encode(fitted, states);

      dynamics.restart(fitted.dynamics);
      const contexts = dynamicsContexts(patches, latents, shape.history);
      const lossD = await train(options.dynamicsSteps, options.learningRate, (learningRate) =>
        dynamics.run(dynamicsBatch({ patches, contexts, states }, shape, random), { learningRate }),
      );
      fitted = { ...fitted, dynamics: dynamics.params() };
      return { parameters: fitted, patches, autoencoderLoss: lossA, dynamicsLoss: lossD };
    },
    async dispose() {
      await autoencoder.dispose();
      await dynamics.dispose();
      await coder.dispose();
    },
  };
}

function autoencoderBatch(states: NeuralStates, partial: Float32Array, shape: EmulatorShape, random: Random) {
  const { bins, channels, latents, sensoryBins } = shape;
  const window = bins * channels;
  const rows = Array.from({ length: BATCH }, () => random.integer(stateCount(states)));
  const counts = gatherRows(states.counts, window, rows);
  const input = counts.slice();
  const seen = seenMask(BATCH, bins, bins);
  rows.forEach((row, n) => {
    if (random.uniform() >= PARTIAL_SHARE) return;
    input.set(partial.subarray(row * window, (row + 1) * window), n * window);
    seen.fill(0, n * bins + sensoryBins, (n + 1) * bins);
  });
  return {
    input: tensor([BATCH, bins, channels], input),
    seen: tensor([BATCH, bins], seen),
    counts: tensor([BATCH, bins, channels], counts),
    noise: tensor([BATCH, latents], random.normals(BATCH * latents)),
  };
}

/**
 * The context of every step, `[N, K, Z]`: sensory patch and state of each of the `history` steps before it, oldest
 * first (zero before the recording begins), then its own sensory patch.
 */
export function dynamicsContexts(patches: Patches, latents: number, history: number): Float32Array {
  const N = patches.state.length / latents;
  const K = 2 * history + 1;
  const contexts = new Float32Array(N * K * latents);
  const copy = (from: Float32Array, t: number, to: number) => {
    if (t >= 0) contexts.set(from.subarray(t * latents, (t + 1) * latents), to * latents);
  };
  for (let t = 0; t < N; t++) {
    for (let h = 0; h < history; h++) {
      copy(patches.sensory, t - history + h, t * K + 2 * h);
      copy(patches.state, t - history + h, t * K + 2 * h + 1);
    }
    copy(patches.sensory, t, t * K + K - 1);
  }
  return contexts;
}

function dynamicsBatch(
  {
    patches,
    contexts,
    states,
  }: { readonly patches: Patches; readonly contexts: Float32Array; readonly states: NeuralStates },
  shape: EmulatorShape,
  random: Random,
): Record<keyof DynamicsBatch<Tensor>, Tensor> {
  const { latents, history } = shape;
  const K = 2 * history + 1;
  const rows = Array.from({ length: BATCH }, () => random.integer(stateCount(states)));
  const context = gatherRows(contexts, K * latents, rows);
  for (let n = 0; n < BATCH; n++)
    if (random.uniform() < FORGET_SHARE) context.fill(0, n * K * latents, (n * K + 2 * history) * latents);
  return {
    patch: tensor([BATCH, latents], gatherRows(patches.state, latents, rows)),
    context: tensor([BATCH, K, latents], context),
    written: tensor([BATCH, 1], gatherRows(states.written, 1, rows)),
    noise: tensor([BATCH, latents], random.normals(BATCH * latents)),
    time: tensor(
      [BATCH, 1],
      Float32Array.from({ length: BATCH }, () => random.uniform()),
    ),
  };
}
