/**
 * The bridge of one culture and code: fitted on babbling with the emulator fixed, then fixed itself.
 *
 * Legend: N items, S sensory electrodes, Z latents, K classes.
 */
import { type ComputeDevice, compile, type Tensor, tensor, trainStep } from "../../compute/index.ts";
import { type Array as JaxArray, nn } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { gatherRows } from "../../math/rows.ts";
import { batched } from "../../networks/batched.ts";
import { train } from "../../networks/train.ts";
import {
  type BridgeDecoder,
  type BridgeEncoder,
  type BridgeShape,
  bridgeDecoderLoss,
  bridgeEncoderLoss,
  type DecoderBatch,
  decodePatch,
  type EncoderBatch,
  encodeDatum,
  initBridgeDecoder,
  initBridgeEncoder,
} from "./bridge-model.ts";

/** All that is learned. */
export type BridgeParameters = { encoder: BridgeEncoder<Tensor>; decoder: BridgeDecoder<Tensor> };

/** What babbling gives the bridge to learn from. */
export interface BridgeExamples {
  /** `[N, S]` which sensory electrodes were pulsed. */
  readonly data: Float32Array;
  /** `[N, Z]` sensory patches. */
  readonly sensory: Float32Array;
  /** `[M, Z]` patches of states that stand for a class, or for nothing. */
  readonly states: Float32Array;
  /** `[M]` the class, or -1 where nothing was written: the decoder learns to say that it cannot tell. */
  readonly classes: Int32Array;
}

export interface Bridge {
  fit(
    parameters: BridgeParameters,
    examples: BridgeExamples,
    steps: number,
    random: Random,
  ): Promise<BridgeParameters>;
  /** Data `[n, S]` -> sensory patches `[n, Z]`. */
  encode(parameters: BridgeParameters, data: Float32Array): Promise<Float32Array>;
  /** Patches `[n, Z]` -> class probabilities `[n, K]`. */
  decode(parameters: BridgeParameters, patches: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

const BATCH = 64;
const LEARNING_RATE = 3e-3;
/** Standard deviation of the noise on normalised patches, so that the decoder's confidence is earned. */
export const PATCH_BLUR = 1;

export function initBridge(random: Random, shape: BridgeShape): BridgeParameters {
  return {
    encoder: initBridgeEncoder(random.split("encoder"), shape),
    decoder: initBridgeDecoder(random.split("decoder"), shape),
  };
}

export async function createBridge(
  shape: BridgeShape,
  example: BridgeParameters,
  device: ComputeDevice,
): Promise<Bridge> {
  const { sensory, latents, classes } = shape;
  const zeros = (rows: number, width: number) => tensor([rows, width], new Float32Array(rows * width));
  const optimiser = { weightDecay: 0.02, clipNorm: 5 };
  const encoderStep = await trainStep({
    loss: (p: BridgeEncoder<JaxArray>, batch: EncoderBatch<JaxArray>) => bridgeEncoderLoss(p, batch),
    params: example.encoder,
    batch: { datum: zeros(BATCH, sensory), patch: zeros(BATCH, latents) },
    optimiser,
    device,
  });
  const decoderStep = await trainStep({
    loss: (p: BridgeDecoder<JaxArray>, batch: DecoderBatch<JaxArray>) => bridgeDecoderLoss(p, batch),
    params: example.decoder,
    batch: { patch: zeros(BATCH, latents), noise: zeros(BATCH, latents), target: zeros(BATCH, classes) },
    optimiser,
    device,
  });
  const encoder = await compile(
    (p: BridgeEncoder<JaxArray>, data: JaxArray) => encodeDatum(p, data),
    [example.encoder, zeros(BATCH, sensory)],
    { device },
  );
  const decoder = await compile(
    (p: BridgeDecoder<JaxArray>, patches: JaxArray) => nn.softmax(decodePatch(p, patches), -1),
    [example.decoder, zeros(BATCH, latents)],
    { device },
  );

  return {
    async fit(parameters, examples, steps, random) {
      encoderStep.restart(parameters.encoder);
      decoderStep.restart(parameters.decoder);
      const draw = (count: number) => Array.from({ length: BATCH }, () => random.integer(count));
      await train(steps, LEARNING_RATE, (learningRate) => {
        const rows = draw(examples.data.length / sensory);
        const datum = tensor([BATCH, sensory], gatherRows(examples.data, sensory, rows));
        const patch = tensor([BATCH, latents], gatherRows(examples.sensory, latents, rows));
        return encoderStep.run({ datum, patch }, { learningRate });
      });
      const targets = classTargets(examples.classes, classes);
      await train(steps, LEARNING_RATE, (learningRate) => {
        const rows = draw(examples.classes.length);
        const noise = random.normals(BATCH * latents).map((value) => PATCH_BLUR * value);
        const batch = {
          patch: tensor([BATCH, latents], gatherRows(examples.states, latents, rows)),
          noise: tensor([BATCH, latents], noise),
          target: tensor([BATCH, classes], gatherRows(targets, classes, rows)),
        };
        return decoderStep.run(batch, { learningRate });
      });
      return { encoder: encoderStep.params(), decoder: decoderStep.params() };
    },
    encode: (parameters, data) =>
      batched(data, { size: BATCH, width: sensory, outWidth: latents }, (rows) =>
        encoder.run(parameters.encoder, tensor([BATCH, sensory], rows)),
      ),
    decode: (parameters, patches) =>
      batched(patches, { size: BATCH, width: latents, outWidth: classes }, (rows) =>
        decoder.run(parameters.decoder, tensor([BATCH, latents], rows)),
      ),
    async dispose() {
      await Promise.all([encoderStep, decoderStep, encoder, decoder].map((program) => program.dispose()));
    },
  };
}

/** `[n, K]` target distributions: one-hot, or uniform for class -1. */
export function classTargets(classOf: Int32Array, classCount: number): Float32Array {
  const targets = new Float32Array(classOf.length * classCount);
  classOf.forEach((k, i) => {
    if (k < 0) targets.fill(1 / classCount, i * classCount, (i + 1) * classCount);
    else targets[i * classCount + k] = 1;
  });
  return targets;
}
