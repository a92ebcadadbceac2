/**
 * The models of a run (an emulator and its bridge) as plain ONNX models, with their parameters inside.
 *
 * Legend: N items, B bins, C channels, Z latents, K context patches, E sensory electrodes, Q classes.
 */

import {
  decodeSafetensors,
  flattenTensors,
  leafPaths,
  type PlainModel,
  plainModel,
  type Tensor,
  zeros,
} from "../../compute/index.ts";
import { type Array as JaxArray, nn, np } from "../../compute/jax.ts";
import { type Autoencoder, decode, encode } from "./autoencoder.ts";
import type { BridgeParameters } from "./bridge.ts";
import { type BridgeDecoder, type BridgeEncoder, decodePatch, encodeDatum } from "./bridge-model.ts";
import { type Dynamics, flowOf, sample } from "./dynamics.ts";
import {
  autoencoderShape,
  CYCLE_SHAPE,
  dynamicsShape,
  type EmulatorParameters,
  type EmulatorShape,
  type Normaliser,
} from "./emulator.ts";
import type { Models } from "./models.ts";

const { latents } = CYCLE_SHAPE;
const ofDynamics = dynamicsShape(CYCLE_SHAPE);

/** The shape of a trained emulator, as its tensors have it. */
function shapeOf({ autoencoder }: EmulatorParameters): EmulatorShape {
  const { decoder } = autoencoder;
  const [bins] = decoder.position.shape;
  const [, channels] = decoder.output.weight.shape;
  return { ...CYCLE_SHAPE, bins, channels };
}

interface Coding<Part> {
  part: Part;
  scale: Normaliser<JaxArray>;
}

/** By name, what of a run's models can be exported, for N items at a time. */
export const RUN_MODELS: Readonly<Record<string, (models: Models, N: number) => PlainModel>> = {
  /** counts `[N, B, C]`, seen `[N, B]` (1 where a bin has come in) -> patches `[N, Z]`. */
  encode: ({ emulator }, N) => {
    const shape = shapeOf(emulator);
    return plainModel(
      (
        { part, scale }: Coding<Autoencoder<JaxArray>["encoder"]>,
        inputs: Record<"counts" | "seen", JaxArray>,
      ) => ({
        patches: encode(part, inputs.counts, inputs.seen, autoencoderShape(shape))
          .mean.sub(scale.mean)
          .div(scale.deviation),
      }),
      { part: emulator.autoencoder.encoder, scale: emulator.normaliser },
      { counts: zeros([N, shape.bins, shape.channels]), seen: zeros([N, shape.bins]) },
    );
  },
  /** patches `[N, Z]` -> expected counts `[N, B, C]`. */
  decode: ({ emulator }, N) => {
    const shape = shapeOf(emulator);
    return plainModel(
      (
        { part, scale }: Coding<Autoencoder<JaxArray>["decoder"]>,
        { patches }: Record<"patches", JaxArray>,
      ) => ({
        counts: np.exp(decode(part, patches.mul(scale.deviation).add(scale.mean), autoencoderShape(shape))),
      }),
      { part: emulator.autoencoder.decoder, scale: emulator.normaliser },
      { patches: zeros([N, latents]) },
    );
  },
  /** context `[N, K, Z]`, written `[N, 1]` (1 if a write follows), noise `[N, Z]` standard normal -> patches `[N, Z]`. */
  next: ({ emulator }, N) =>
    plainModel(
      (p: Dynamics<JaxArray>, inputs: Record<"context" | "written" | "noise", JaxArray>) => ({
        patches: sample(flowOf(p, ofDynamics), inputs, 2),
      }),
      emulator.dynamics,
      {
        context: zeros([N, ofDynamics.context, latents]),
        written: zeros([N, 1]),
        noise: zeros([N, latents]),
      },
    ),
  /** datum `[N, E]` (1 for the electrodes that stand for it) -> sensory patches `[N, Z]`. */
  "bridge-encode": ({ bridge }, N) =>
    plainModel(
      (p: BridgeEncoder<JaxArray>, { datum }: Record<"datum", JaxArray>) => ({
        patches: encodeDatum(p, datum),
      }),
      bridge.encoder,
      { datum: zeros([N, bridge.encoder.hidden.weight.shape[0]]) },
    ),
  /** patches `[N, Z]` -> probability of each class of the next datum `[N, Q]`. */
  "bridge-decode": ({ bridge }, N) =>
    plainModel(
      (p: BridgeDecoder<JaxArray>, { patches }: Record<"patches", JaxArray>) => ({
        probabilities: nn.softmax(decodePatch(p, patches), -1),
      }),
      bridge.decoder,
      { patches: zeros([N, latents]) },
    ),
};

/** The models in a file of a run's folder `models`; null where it is another safetensors file. */
export function decodeRunModels(bytes: Uint8Array): Models | null {
  const { tensors } = decodeSafetensors(bytes);
  const paths = new Set(leafPaths(flattenTensors(tensors).shape));
  const expected = [
    ["emulator.autoencoder.decoder.input.weight", [latents]],
    ["emulator.normaliser.mean", [latents]],
    ["emulator.dynamics.position", [ofDynamics.context + 1]],
    ["bridge.encoder.hidden.weight", []],
    ["bridge.decoder.hidden.weight", [latents]],
  ] as const;
  const leaf = (path: string) =>
    path.split(".").reduce<unknown>((tree, key) => (tree as Record<string, unknown>)[key], tensors) as Tensor;
  const fits = expected.every(
    ([path, first]) => paths.has(path) && first.every((n, i) => leaf(path).shape[i] === n),
  );
  return fits ? (tensors as unknown as { emulator: Models["emulator"]; bridge: BridgeParameters }) : null;
}
