/**
 * The descent itself: gradient descent on the emulator's dynamics through the fixed bridge, so that the state that
 * the emulator expects after a write says the next datum; and the state to be written that comes out of it.
 *
 *   L = CE(bridge.decode(z + n), x_{t+1}) + density * E |v_prior(z_s, s | context) - (z - noise)|^2,
 *   z = sample(dynamics, noise | context, written)
 *
 * The second term is the diffusion prior: the flow matching error of the emulator as fitted on recordings, which is
 * small where tissue has been seen to go. Without it z is an adversarial example of the bridge, not a brain state.
 *
 * Legend: N items of a batch, K context patches, Z latents, C classes, S samples.
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
import { type DescentDraws, drawAll, noDraws } from "../draws.ts";
import { type Autoencoder, decode } from "./autoencoder.ts";
import type { BridgeDecoder } from "./bridge-model.ts";
import { crossEntropy, decodePatch } from "./bridge-model.ts";
import { type Dynamics, flowError, flowOf, sample } from "./dynamics.ts";
import {
  autoencoderShape,
  dynamicsShape,
  type EmulatorParameters,
  type EmulatorShape,
  type Normaliser,
} from "./emulator.ts";

export interface DescentOptions {
  /** Items of a batch: the present one and others drawn from the past. */
  readonly batch: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Weight of the diffusion prior. */
  readonly density: number;
  /** Standard deviation of the noise on the patch that the bridge reads. */
  readonly blur: number;
  /** Samples over which a proposed state is averaged. */
  readonly samples: number;
}

const DESCENT: DescentOptions = {
  batch: 32,
  steps: 1,
  learningRate: 3e-3,
  density: 1,
  blur: 1,
  samples: 8,
};

/** A datum met: its context `[K * Z]` and the class that came next. */
export interface Item {
  readonly context: Float32Array;
  readonly nextClass: number;
}

/** What the emulator would have the culture do. */
export interface Proposal {
  /** The improved emulator's next state, as patches `[S, Z]`. */
  readonly patches: Float32Array;
  /** Its expected counts `[B, C]`, and those of the culture left alone. */
  readonly intended: Float32Array;
  readonly alone: Float32Array;
  /** Class probabilities `[C]` that the bridge reads off the improved state. */
  readonly probabilities: Float32Array;
  /** Flow matching error of the improved state under the prior, per latent: low where tissue has been seen to go. */
  readonly priorError: number;
}

export interface Improver {
  /** Takes the present emulator as it is fitted: its dynamics become the prior. */
  begin(emulator: EmulatorParameters, decoder: BridgeDecoder<Tensor>): void;
  /**
   * One descent on the present item and some of the past. Returns the mean cross entropy (nats), and the
   * probability that the emulator gave each class of the present item before it learned from it.
   */
  descend(
    items: readonly Item[],
    present: number,
    random: Random,
  ): Promise<{ crossEntropy: number; forecast: number[] }>;
  /** The state to write after `context`. */
  propose(context: Float32Array, random: Random): Promise<Proposal>;
  /** The improved dynamics. */
  parameters(): Dynamics<Tensor>;
  restart(dynamics: Dynamics<Tensor>): void;
  /** All that a descent needs to go on, and going on with it, to the bit. */
  state(): TrainState<Dynamics<JaxArray>>;
  load(state: TrainState<Dynamics<JaxArray>>): void;
  dispose(): Promise<void>;
}

type Batch<Leaf> = DescentDraws<Leaf> & { context: Leaf; target: Leaf };
type Frozen<Leaf> = { prior: Dynamics<Leaf>; decoder: BridgeDecoder<Leaf> };

/** What the descent's programs are compiled for. */
export interface ImproverOptions {
  readonly shape: EmulatorShape;
  readonly classes: number;
  readonly device: ComputeDevice;
  readonly descent?: DescentOptions;
}

export async function createImprover(
  { shape, classes, device, descent: options = DESCENT }: ImproverOptions,
  emulator: EmulatorParameters,
  decoder: BridgeDecoder<Tensor>,
): Promise<Improver> {
  const { latents } = shape;
  const ofDynamics = dynamicsShape(shape);
  const ofAutoencoder = autoencoderShape(shape);
  const K = ofDynamics.context;
  const { batch: N, samples: S } = options;

  const step = await trainStep({
    loss: (p: Dynamics<JaxArray>, batch: Batch<JaxArray>, frozen: Frozen<JaxArray>) => {
      const written = np.ones([N, 1]);
      const { noise, context } = batch;
      const patch = sample(flowOf(p, ofDynamics), { noise, context, written }, 1);
      const entropy = crossEntropy(decodePatch(frozen.decoder, patch.add(batch.blur)), batch.target).mean();
      const prior = {
        patch,
        context,
        written,
        noise: batch.priorNoise,
        time: batch.priorTime,
      };
      const error = flowError(flowOf(frozen.prior, ofDynamics), prior).mean();
      return {
        loss: entropy.add(error.mul(options.density)),
        entropy,
        logits: decodePatch(frozen.decoder, patch),
      };
    },
    params: emulator.dynamics,
    batch: {
      context: zeros([N, K, latents]),
      target: zeros([N, classes]),
      ...noDraws(N, latents),
    },
    frozen: { prior: emulator.dynamics, decoder },
    optimiser: { clipNorm: 5 },
    device,
  });

  type Decoder = Autoencoder<JaxArray>["decoder"];
  const proposing = await compile(
    (
      improved: Dynamics<JaxArray>,
      frozen: Frozen<JaxArray>,
      rates: { decoder: Decoder; normaliser: Normaliser<JaxArray> },
      { context, noise, time }: Record<"context" | "noise" | "time", JaxArray>,
    ) => {
      const [zeros, ones] = [np.zeros([S, 1]), np.ones([S, 1])];
      const twice = (x: JaxArray) => np.concatenate([x, x], 0);
      const contexts = np.broadcastTo(context, [S, K, latents]);
      const patches = sample(flowOf(improved, ofDynamics), { noise, context: contexts, written: ones }, 1);
      // One evaluation of the prior: its own whole step without a write, and its velocity on the improved patches.
      const mixed = noise.mul(time.neg().add(1)).add(patches.mul(time));
      const condition = {
        time: np.concatenate([zeros, time], 0),
        step: np.concatenate([ones, zeros], 0),
        written: np.concatenate([zeros, ones], 0),
      };
      const prior = flowOf(frozen.prior, ofDynamics);
      const both = prior(np.concatenate([noise, mixed], 0), twice(contexts), condition);
      const [step, flow] = np.split(both, 2, 0);
      const { mean, deviation } = rates.normaliser;
      const decoded = np
        .concatenate([patches, noise.add(step)], 0)
        .mul(deviation)
        .add(mean);
      const [intended, alone] = np.split(np.exp(decode(rates.decoder, decoded, ofAutoencoder)), 2, 0);
      return {
        patches,
        intended: intended.mean(0),
        alone: alone.mean(0),
        probabilities: nn.softmax(decodePatch(frozen.decoder, patches), -1).mean(0),
        priorError: np.square(flow.sub(patches.sub(noise))).mean(),
      };
    },
    [
      emulator.dynamics,
      { prior: emulator.dynamics, decoder },
      { decoder: emulator.autoencoder.decoder, normaliser: emulator.normaliser },
      { context: zeros([1, K, latents]), noise: zeros([S, latents]), time: zeros([S, 1]) },
    ],
    { device },
  );

  let current = emulator;
  let currentDecoder = decoder;
  return {
    begin(nextEmulator, nextDecoder) {
      current = nextEmulator;
      currentDecoder = nextDecoder;
      step.setFrozen({ prior: current.dynamics, decoder: currentDecoder });
    },
    async descend(items, present, random) {
      let crossEntropy = 0;
      let forecast: number[] = [];
      for (let i = 0; i < options.steps; i++) {
        const batch = drawBatch(items, present, random);
        const { aux } = await step.run(batch, { learningRate: options.learningRate });
        crossEntropy += aux.entropy.data[0] / options.steps;
        if (i > 0) continue;
        const logits = aux.logits.data.subarray(0, classes);
        forecast = softmax(logits);
      }
      return { crossEntropy, forecast };
    },
    async propose(context, random) {
      const out = await proposing.run(
        step.live(),
        { prior: current.dynamics, decoder: currentDecoder },
        { decoder: current.autoencoder.decoder, normaliser: current.normaliser },
        {
          context: tensor([1, K, latents], context),
          noise: tensor([S, latents], random.normals(S * latents)),
          time: tensor(
            [S, 1],
            Float32Array.from({ length: S }, (_, s) => (s + random.uniform()) / S),
          ),
        },
      );
      return {
        patches: out.patches.data as Float32Array,
        intended: out.intended.data as Float32Array,
        alone: out.alone.data as Float32Array,
        probabilities: out.probabilities.data as Float32Array,
        priorError: out.priorError.data[0],
      };
    },
    parameters: () => step.params(),
    restart: (dynamics) => step.restart(dynamics),
    state: () => step.state(),
    load: (state) => step.load(state),
    async dispose() {
      await step.dispose();
      await proposing.dispose();
    },
  };

  /** The present item first, then others drawn from all of them. */
  function drawBatch(items: readonly Item[], present: number, random: Random) {
    const context = new Float32Array(N * K * latents);
    const target = new Float32Array(N * classes);
    for (let n = 0; n < N; n++) {
      const item = items[n === 0 ? present : random.integer(items.length)];
      context.set(item.context, n * K * latents);
      target[n * classes + item.nextClass] = 1;
    }
    return {
      context: tensor([N, K, latents], context),
      target: tensor([N, classes], target),
      ...drawAll(N, latents, options.blur, random),
    };
  }
}

function softmax(logits: ArrayLike<number>): number[] {
  const largest = logits[indexOfLargest(logits)];
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
