/**
 * Fits the joint emulator to what a vat did: first the autoencoder, then, with it fixed, the dynamics; and, on babbling
 * alone, the reading. Every batch holds whole steps of the vat. Legend in shape.ts.
 */
import { type ComputeDevice, type Tensor, tensor, trainStep, zeros } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { gatherRows } from "../../math/rows.ts";
import { train } from "../../networks/train.ts";
import type { Babbled, FitLosses, States } from "../contract.ts";
import { renormalise } from "../one/coding.ts";
import { type DynamicsBatch, flowLoss } from "../one/dynamics.ts";
import type { JointCoder } from "./coder.ts";
import { type JointDynamics, jointFlow } from "./dynamics.ts";
import { contextsOf, type JointModels } from "./models.ts";
import { type AutoencoderBatch, type JointAutoencoder, jointAutoencoderLoss } from "./patches.ts";
import { type JointReading, PATCH_BLUR, type ReadingBatch, readingLoss } from "./reading.ts";
import type { JointShape } from "./shape.ts";

export interface FitSteps {
  readonly autoencoder: number;
  readonly dynamics: number;
  readonly learningRate: number;
}

export interface JointFitter {
  /** Continues from `models`: a warm start when they come from an earlier fit. */
  fit(
    models: JointModels,
    states: States,
    random: Random,
    steps: FitSteps,
  ): Promise<{ models: JointModels; losses: FitLosses }>;
  /** Fits the reading on babbled steps. */
  fitReading(models: JointModels, babbled: Babbled, random: Random, steps: number): Promise<JointModels>;
  dispose(): Promise<void>;
}

/** Rows (brains times steps) in a batch, about; at least four steps. */
const ROWS = 192;
const BETA = 0.05;
/** Share of items whose past is hidden, so that the dynamics do not lean on it. */
const FORGET_SHARE = 0.3;

export async function createFitter(
  shape: JointShape,
  example: JointModels,
  coder: JointCoder,
  device: ComputeDevice,
): Promise<JointFitter> {
  const { brains: N, latents: Z, places: P, classes: K } = shape;
  const window = shape.bins * shape.channels;
  const R = Math.max(4, 2 * Math.round(ROWS / N / 2));
  const rows = R * N;
  const optimiser = { clipNorm: 5, weightDecay: 0.01 };
  const autoencoder = await trainStep({
    loss: (p: JointAutoencoder<JaxArray>, batch: AutoencoderBatch<JaxArray>) =>
      jointAutoencoderLoss(p, batch, BETA),
    params: example.autoencoder,
    batch: { counts: zeros([R, N, window]), noise: zeros([R, N, Z]) },
    optimiser,
    device,
  });
  const dynamics = await trainStep({
    loss: (p: JointDynamics<JaxArray>, batch: DynamicsBatch<JaxArray>) =>
      flowLoss(jointFlow(p, shape), batch),
    params: example.dynamics,
    batch: {
      patch: zeros([rows, Z]),
      context: zeros([rows, Z + P]),
      written: zeros([rows, 1]),
      noise: zeros([rows, Z]),
      time: zeros([rows, 1]),
    },
    optimiser,
    device,
  });
  const reading = await trainStep({
    loss: (p: JointReading<JaxArray>, batch: ReadingBatch<JaxArray>) => readingLoss(p, batch),
    params: example.reading,
    batch: { patch: zeros([R, N, Z]), noise: zeros([R, N, Z]), target: zeros([R, N, K]) },
    optimiser: { clipNorm: 5, weightDecay: 0.02 },
    device,
  });
  const draw = (random: Random, steps: number) => Array.from({ length: R }, () => random.integer(steps));

  return {
    async fit(before, states, random, steps) {
      autoencoder.restart(before.autoencoder);
      const autoencoderLoss = await train(steps.autoencoder, steps.learningRate, (learningRate) => {
        const counts = gatherRows(states.counts, N * window, draw(random, states.steps));
        const noise = tensor([R, N, Z], random.normals(rows * Z));
        return autoencoder.run({ counts: tensor([R, N, window], counts), noise }, { learningRate });
      });
      let fitted: JointModels = { ...before, autoencoder: autoencoder.params() };
      const raw = await coder.encode(fitted, states.counts);
      fitted = { ...fitted, normaliser: renormalise(fitted.normaliser, raw) };
      const patches = await coder.encode(fitted, states.counts);
      const contexts = contextsOf(patches, states.data, shape);
      dynamics.restart(fitted.dynamics);
      const dynamicsLoss = await train(steps.dynamics, steps.learningRate, (learningRate) => {
        const batch = dynamicsBatch(patches, contexts, states, random);
        return dynamics.run(batch, { learningRate });
      });
      const models = { ...fitted, dynamics: dynamics.params() };
      return { models, losses: { autoencoderLoss, dynamicsLoss } };
    },
    async fitReading(models, { states, classes }, random, steps) {
      const patches = await coder.encode(models, states.counts);
      // A brain's row that stands for no class is replaced by the same brain's row of another step.
      const usable = Array.from({ length: N }, (_, n) =>
        Array.from({ length: classes.length / N }, (_, r) => r * N + n).filter((row) => classes[row] >= -1),
      );
      reading.restart(models.reading);
      await train(steps, 3e-3, (learningRate) => {
        const picked = Array.from({ length: rows }, (_, i) => {
          const own = usable[i % N];
          return own[random.integer(own.length)];
        });
        const target = new Float32Array(rows * K);
        picked.forEach((row, i) => {
          const k = classes[row];
          if (k < 0) target.fill(1 / K, i * K, (i + 1) * K);
          else target[i * K + k] = 1;
        });
        const noise = random.normals(rows * Z).map((value) => PATCH_BLUR * value);
        const batch = {
          patch: tensor([R, N, Z], gatherRows(patches, Z, picked)),
          noise: tensor([R, N, Z], noise),
          target: tensor([R, N, K], target),
        };
        return reading.run(batch, { learningRate });
      });
      return { ...models, reading: reading.params() };
    },
    async dispose() {
      for (const step of [autoencoder, dynamics, reading]) await step.dispose();
    },
  };

  function dynamicsBatch(
    patches: Float32Array,
    contexts: Float32Array,
    states: States,
    random: Random,
  ): Record<keyof DynamicsBatch<Tensor>, Tensor> {
    const picked = draw(random, states.steps);
    const context = gatherRows(contexts, N * (Z + P), picked);
    for (let r = 0; r < R; r++)
      if (random.uniform() < FORGET_SHARE)
        for (let n = 0; n < N; n++) context.fill(0, (r * N + n) * (Z + P), (r * N + n) * (Z + P) + Z);
    return {
      patch: tensor([rows, Z], gatherRows(patches, N * Z, picked)),
      context: tensor([rows, Z + P], context),
      written: tensor([rows, 1], gatherRows(states.written, N, picked)),
      noise: tensor([rows, Z], random.normals(rows * Z)),
      time: tensor(
        [rows, 1],
        Float32Array.from({ length: rows }, () => random.uniform()),
      ),
    };
  }
}
