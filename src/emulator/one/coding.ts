/**
 * Running the autoencoder on recordings: states to normalised patches and back, in batches of a fixed size so that
 * each program is compiled once.
 */
import { type ComputeDevice, compile, type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { columnMoments } from "../../math/rows.ts";
import { batched } from "../../networks/batched.ts";
import { type Autoencoder, decode, encode } from "./autoencoder.ts";
import {
  autoencoderShape,
  type EmulatorParameters,
  type EmulatorShape,
  type Normaliser,
} from "./emulator.ts";
import { type NeuralStates, sensoryPart, stateCount } from "./states.ts";

/** Patches of a recording, `[N, Z]` each: of the whole windows, and of what had come in before a write. */
export interface Patches {
  readonly state: Float32Array;
  readonly sensory: Float32Array;
}

export interface Coder {
  /** Patches of every state. */
  encode(parameters: EmulatorParameters, states: NeuralStates): Promise<Patches>;
  /** Expected counts `[n, B, C]` of patches `[n, Z]`. */
  decode(parameters: EmulatorParameters, patches: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

const BATCH = 64;

export async function createCoder(
  shape: EmulatorShape,
  example: EmulatorParameters,
  device: ComputeDevice,
): Promise<Coder> {
  const { bins, channels, latents, sensoryBins } = shape;
  const window = bins * channels;
  const ofAutoencoder = autoencoderShape(shape);
  type Encoder = Autoencoder<JaxArray>["encoder"];
  type Decoder = Autoencoder<JaxArray>["decoder"];

  const compileEncoder = (n: number) =>
    compile(
      (p: Encoder, scale: Normaliser<JaxArray>, counts: JaxArray, seen: JaxArray) =>
        encode(p, counts, seen, ofAutoencoder).mean.sub(scale.mean).div(scale.deviation),
      [example.autoencoder.encoder, example.normaliser, zeros([n, bins, channels]), zeros([n, bins])],
      { device },
    );
  const compileDecoder = (n: number) =>
    compile(
      (p: Decoder, scale: Normaliser<JaxArray>, patches: JaxArray) =>
        np.exp(decode(p, patches.mul(scale.deviation).add(scale.mean), ofAutoencoder)),
      [example.autoencoder.decoder, example.normaliser, zeros([n, latents])],
      { device },
    );
  // By batch size, each compiled when first asked for.
  const encoders = new Map<number, ReturnType<typeof compileEncoder>>();
  const decoders = new Map<number, ReturnType<typeof compileDecoder>>();
  const sizeFor = (n: number) => (n === 1 ? 1 : BATCH);
  const once = <Program>(made: Map<number, Program>, size: number, make: (n: number) => Program): Program => {
    const program = made.get(size) ?? make(size);
    made.set(size, program);
    return program;
  };

  return {
    async encode(parameters, states) {
      const size = sizeFor(stateCount(states));
      const encoder = await once(encoders, size, compileEncoder);
      const run = (counts: Float32Array, seenBins: number) =>
        batched(counts, { size, width: window, outWidth: latents }, (rows) =>
          encoder.run(
            parameters.autoencoder.encoder,
            parameters.normaliser,
            tensor([size, bins, channels], rows),
            tensor([size, bins], seenMask(size, bins, seenBins)),
          ),
        );
      return {
        state: await run(states.counts, bins),
        sensory: await run(sensoryPart(states, sensoryBins), sensoryBins),
      };
    },
    async decode(parameters, patches) {
      const size = sizeFor(patches.length / latents);
      const decoder = await once(decoders, size, compileDecoder);
      return batched(patches, { size, width: latents, outWidth: window }, (rows) =>
        decoder.run(parameters.autoencoder.decoder, parameters.normaliser, tensor([size, latents], rows)),
      );
    },
    async dispose() {
      for (const program of [...encoders.values(), ...decoders.values()]) await (await program).dispose();
    },
  };
}

/** `[n, bins]`: 1 for the first `seen` bins of each row. */
export function seenMask(n: number, bins: number, seen: number): Float32Array {
  return Float32Array.from({ length: n * bins }, (_, i) => (i % bins < seen ? 1 : 0));
}

/** The normaliser under which `patches [N, Z]` have zero mean and unit variance, on top of `current`. */
export function renormalise(current: Normaliser<Tensor>, patches: Float32Array): Normaliser<Tensor> {
  const { mean, deviation } = columnMoments(patches, current.mean.data.length, 1e-3);
  const scale = (i: number) => current.deviation.data[i];
  return {
    mean: tensor(
      current.mean.shape,
      mean.map((value, i) => current.mean.data[i] + value * scale(i)),
    ),
    deviation: tensor(
      current.mean.shape,
      deviation.map((value, i) => value * scale(i)),
    ),
  };
}
