/** Runs the joint encoder and reading over any number of steps, in batches of one compiled size. Legend in shape.ts. */
import { type ComputeDevice, compile, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, nn } from "../../compute/jax.ts";
import { batched } from "../../networks/batched.ts";
import type { Normaliser } from "../one/emulator.ts";
import type { JointModels } from "./models.ts";
import { encodePatches, type JointAutoencoder } from "./patches.ts";
import { type JointReading, readPatches } from "./reading.ts";
import type { JointShape } from "./shape.ts";

export interface JointCoder {
  /** counts `[R, N, B C]` -> normalised patches `[R, N, Z]`. */
  encode(models: JointModels, counts: Float32Array): Promise<Float32Array>;
  /** Patches `[R, N, Z]` -> class probabilities `[R, N, K]`. */
  read(models: JointModels, patches: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

const STEPS = 16;

export async function createCoder(
  shape: JointShape,
  example: JointModels,
  device: ComputeDevice,
): Promise<JointCoder> {
  const { brains: N, latents: Z, classes: K } = shape;
  const window = shape.bins * shape.channels;
  type Encoder = JointAutoencoder<JaxArray>["encoder"];
  const encoderOf = (steps: number) =>
    compile(
      (p: Encoder, scale: Normaliser<JaxArray>, counts: JaxArray) =>
        encodePatches(p, counts).mean.sub(scale.mean).div(scale.deviation),
      [example.autoencoder.encoder, example.normaliser, zeros([steps, N, window])],
      { device },
    );
  const readerOf = (steps: number) =>
    compile(
      (p: JointReading<JaxArray>, patches: JaxArray) => nn.softmax(readPatches(p, patches), -1),
      [example.reading, zeros([steps, N, Z])],
      { device },
    );
  const one = { encoder: await encoderOf(1), reader: await readerOf(1) };
  const many = { encoder: await encoderOf(STEPS), reader: await readerOf(STEPS) };
  const sizeFor = (rows: number) => (rows === N ? 1 : STEPS);
  return {
    encode(models, counts) {
      const steps = sizeFor(counts.length / window);
      const { encoder } = steps === 1 ? one : many;
      return batched(counts, { size: steps, width: N * window, outWidth: N * Z }, (rows) =>
        encoder.run(models.autoencoder.encoder, models.normaliser, tensor([steps, N, window], rows)),
      );
    },
    read(models, patches) {
      const steps = sizeFor(patches.length / Z);
      const { reader } = steps === 1 ? one : many;
      return batched(patches, { size: steps, width: N * Z, outWidth: N * K }, (rows) =>
        reader.run(models.reading, tensor([steps, N, Z], rows)),
      );
    },
    async dispose() {
      for (const { encoder, reader } of [one, many]) {
        await encoder.dispose();
        await reader.dispose();
      }
    },
  };
}
