/**
 * The descent of a whole vat: one loss over all brains, one gradient on the joint dynamics through the fixed reading, and
 * out of it one state to be written for each brain.
 *
 *   L = mean over brains of CE(read(z + n), target) + density * E |v_prior(z_s, s | context) - (z - noise)|^2
 *
 * The second term is the diffusion prior, as in src/emulator/one/improve.ts. Legend in shape.ts; S samples, T steps of a batch.
 */

import {
  type ComputeDevice,
  compile,
  type Tensor,
  type TrainState,
  tensor,
  trainStep,
  zeros,
} from "../../compute/index.ts";
import { type Array as JaxArray, nn, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import type { Descended, Proposal } from "../contract.ts";
import { type DescentDraws, drawAll, noDraws } from "../draws.ts";
import { crossEntropy } from "../one/bridge-model.ts";
import { flowError, sample } from "../one/dynamics.ts";
import type { Normaliser } from "../one/emulator.ts";
import { type JointDynamics, jointFlow } from "./dynamics.ts";
import type { JointModels } from "./models.ts";
import { decodePatches, type JointAutoencoder } from "./patches.ts";
import { type JointReading, PATCH_BLUR, readPatches } from "./reading.ts";
import type { JointShape } from "./shape.ts";

export interface JointDescentOptions {
  /** Rows (brains times steps) of a batch, about; the present step and others drawn from the past. */
  readonly rows: number;
  /** Gradient steps at each step of the vat. */
  readonly steps: number;
  readonly learningRate: number;
  readonly density: number;
  readonly samples: number;
}

const JOINT_DESCENT: JointDescentOptions = {
  rows: 192,
  steps: 2,
  learningRate: 1e-2,
  density: 1,
  samples: 4,
};

/** A batch holds at least so many steps, however many brains: with two, a vat of a hundred does not learn. */
const LEAST_STEPS = 8;

/** A presentation met: the contexts of all brains `[N, Z + P]`, and what each should have said `[N]` (-1: nothing). */
export interface JointItem {
  readonly context: Float32Array;
  readonly targets: Int32Array;
}

export interface JointDescent {
  /** Takes the present emulator as it is fitted: its dynamics become the prior. */
  begin(models: JointModels): void;
  restart(dynamics: JointDynamics<Tensor>): void;
  /** Gradient steps on the last item and some of the others. */
  descend(items: readonly JointItem[], random: Random): Promise<Descended>;
  /** The states to be written after `context [N, Z + P]`, counts `[N, B C]` in roles; `patches [N, Z]` are a sample of them. */
  propose(context: Float32Array, random: Random): Promise<Proposal & { readonly patches: Float32Array }>;
  parameters(): JointDynamics<Tensor>;
  state(): TrainState<JointDynamics<JaxArray>>;
  load(state: TrainState<JointDynamics<JaxArray>>): void;
  dispose(): Promise<void>;
}

type Batch<Leaf> = DescentDraws<Leaf> & { context: Leaf; target: Leaf };
/** What of the models a proposal is decoded and read by. */
type Fixed<Leaf> = {
  decoder: JointAutoencoder<Leaf>["decoder"];
  normaliser: Normaliser<Leaf>;
  reading: JointReading<Leaf>;
};
const fixedOf = ({ autoencoder, normaliser, reading }: JointModels): Fixed<Tensor> => ({
  decoder: autoencoder.decoder,
  normaliser,
  reading,
});
type Frozen<Leaf> = { prior: JointDynamics<Leaf>; reading: JointReading<Leaf> };

export async function createDescent(
  shape: JointShape,
  example: JointModels,
  device: ComputeDevice,
  options: JointDescentOptions = JOINT_DESCENT,
): Promise<JointDescent> {
  const { brains: N, latents: Z, places: P, classes: K } = shape;
  const { samples: S } = options;
  const T = Math.max(LEAST_STEPS, Math.round(options.rows / N));
  const rows = T * N;
  const step = await trainStep({
    loss: (p: JointDynamics<JaxArray>, batch: Batch<JaxArray>, frozen: Frozen<JaxArray>) => {
      const written = np.ones([rows, 1]);
      const { noise, context } = batch;
      const patch = sample(jointFlow(p, shape), { noise, context, written }, 1);
      const logits = readPatches(frozen.reading, patch.add(batch.blur).reshape([T, N, Z]));
      const entropy = crossEntropy(logits, batch.target).mean();
      const error = flowError(jointFlow(frozen.prior, shape), {
        patch,
        written,
        context,
        noise: batch.priorNoise,
        time: batch.priorTime,
      });
      return {
        loss: entropy.add(error.mean().mul(options.density)),
        entropy,
        // Of the present step, before it is learned from.
        forecast: nn.softmax(readPatches(frozen.reading, patch.reshape([T, N, Z])), -1).slice([0, 1]),
      };
    },
    params: example.dynamics,
    batch: {
      context: zeros([rows, Z + P]),
      target: zeros([T, N, K]),
      ...noDraws(rows, Z),
    },
    frozen: { prior: example.dynamics, reading: example.reading },
    optimiser: { clipNorm: 5 },
    device,
  });
  const proposing = await compile(
    (
      improved: JointDynamics<JaxArray>,
      prior: JointDynamics<JaxArray>,
      fixed: Fixed<JaxArray>,
      inputs: Record<"context" | "noise" | "priorNoise" | "priorTime", JaxArray>,
    ) => {
      const { context, noise } = inputs;
      const flow = jointFlow(prior, shape);
      const contexts = np.broadcastTo(context.reshape([1, N, Z + P]), [S, N, Z + P]).reshape([S * N, Z + P]);
      const [written, unwritten] = [np.ones([S * N, 1]), np.zeros([S * N, 1])];
      const patches = sample(jointFlow(improved, shape), { noise, context: contexts, written }, 1);
      const decoded = (of: JaxArray) => {
        const { mean, deviation } = fixed.normaliser;
        return np.exp(decodePatches(fixed.decoder, of.mul(deviation).add(mean).reshape([S, N, Z]))).mean(0);
      };
      const error = flowError(flow, {
        patch: patches,
        context: contexts,
        written,
        noise: inputs.priorNoise,
        time: inputs.priorTime,
      });
      const each = patches.reshape([S, N, Z]);
      return {
        intended: decoded(patches),
        alone: decoded(sample(flow, { noise, context: contexts, written: unwritten }, 1)),
        probabilities: nn.softmax(readPatches(fixed.reading, each), -1).mean(0),
        priorError: error.mean(),
        patches: each.slice([0, 1]),
      };
    },
    [
      example.dynamics,
      example.dynamics,
      fixedOf(example),
      {
        context: zeros([N, Z + P]),
        noise: zeros([S * N, Z]),
        priorNoise: zeros([S * N, Z]),
        priorTime: zeros([S * N, 1]),
      },
    ],
    { device },
  );
  let current = example;

  return {
    begin(models) {
      current = models;
      step.setFrozen({ prior: models.dynamics, reading: models.reading });
    },
    restart: (dynamics) => step.restart(dynamics),
    async descend(items, random) {
      let crossEntropy = 0;
      let forecast: Float64Array = new Float64Array(0);
      for (let i = 0; i < options.steps; i++) {
        const { aux } = await step.run(drawBatch(items, random), { learningRate: options.learningRate });
        crossEntropy += aux.entropy.data[0] / options.steps;
        if (i === 0) forecast = Float64Array.from(aux.forecast.data);
      }
      return { crossEntropy, forecast };
    },
    async propose(context, random) {
      const out = await proposing.run(step.live(), current.dynamics, fixedOf(current), {
        context: tensor([N, Z + P], context),
        noise: tensor([S * N, Z], random.normals(S * N * Z)),
        priorNoise: tensor([S * N, Z], random.normals(S * N * Z)),
        priorTime: tensor(
          [S * N, 1],
          Float32Array.from({ length: S * N }, () => random.uniform()),
        ),
      });
      return {
        intended: out.intended.data as Float32Array,
        alone: out.alone.data as Float32Array,
        probabilities: out.probabilities.data as Float32Array,
        patches: out.patches.data as Float32Array,
        priorError: out.priorError.data[0],
      };
    },
    parameters: () => step.params(),
    state: () => step.state(),
    load: (state) => step.load(state),
    async dispose() {
      await step.dispose();
      await proposing.dispose();
    },
  };
  /** The present item, and others drawn from all of them. */
  function drawBatch(items: readonly JointItem[], random: Random) {
    const context = new Float32Array(rows * (Z + P));
    const target = new Float32Array(rows * K);
    for (let t = 0; t < T; t++) {
      const item = items[t === 0 ? items.length - 1 : random.integer(items.length)];
      context.set(item.context, t * N * (Z + P));
      item.targets.forEach((k, n) => {
        const at = (t * N + n) * K;
        // A brain that has nothing to say pulls nowhere.
        if (k >= 0) target[at + k] = 1;
      });
    }
    return {
      context: tensor([rows, Z + P], context),
      target: tensor([T, N, K], target),
      ...drawAll(rows, Z, PATCH_BLUR, random),
    };
  }
}
