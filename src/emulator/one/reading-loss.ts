/**
 * The task loss of the direct descent, on what the electrodes read of a presentation: as the fixed bridge reads it, and
 * as it is read by electrode counts.
 *
 *   L = CE(bridge.decode(encode(w) + n), x_{t+1}) + CE(softmax(COUNT_GAIN c), x_{t+1})
 *
 * w the neural state, n noise, c_k the spikes on the electrodes of class k outside the datum's own bin. The emulator and
 * the bridge see the roots of counts, so one more spike is worth dL/d sqrt(w) (sqrt(w + 1) - sqrt(w)).
 *
 * Legend: B bins, C channels, Z latents, K classes.
 */

import { type ComputeDevice, compile, type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np, valueAndGrad } from "../../compute/jax.ts";
import type { ReadingLoss } from "../contract.ts";
import { type Autoencoder, encodeRoots } from "./autoencoder.ts";
import { type BridgeDecoder, crossEntropy, decodePatch } from "./bridge-model.ts";
import { autoencoderShape, type EmulatorShape, type Normaliser } from "./emulator.ts";
import type { Models } from "./models.ts";

/** Standard deviation of n. */
const BLUR = 0.5;
const COUNT_GAIN = 0.4;

type Readers<Leaf> = {
  encoder: Autoencoder<Leaf>["encoder"];
  normaliser: Normaliser<Leaf>;
  decoder: BridgeDecoder<Leaf>;
};

/** What the loss is compiled for. */
export interface ReadingLossOptions {
  readonly shape: EmulatorShape;
  readonly device: ComputeDevice;
}

/** The patch that states `[1, B, C]`, given as roots, are coded to. */
function patchReader(shape: EmulatorShape) {
  const patchOf = (roots: JaxArray, { encoder, normaliser }: Readers<JaxArray>): JaxArray => {
    const { mean } = encodeRoots(encoder, roots, np.ones([1, shape.bins]), autoencoderShape(shape));
    return mean.sub(normaliser.mean).div(normaliser.deviation);
  };
  const lossOf = (roots: JaxArray, readers: Readers<JaxArray>, noise: JaxArray, target: JaxArray) =>
    crossEntropy(decodePatch(readers.decoder, patchOf(roots, readers).add(noise)), target).sum();
  return (roots: JaxArray, readers: Readers<JaxArray>, noise: JaxArray, target: JaxArray) => {
    const [loss, slope] = valueAndGrad(lossOf)(roots, readers, noise, target);
    return { loss, slope, logits: decodePatch(readers.decoder, patchOf(roots, readers)) };
  };
}

/** `patterns [K]`: the electrodes of each class. */
export async function createReadingLoss(
  { shape, device }: ReadingLossOptions,
  { emulator, bridge }: Models,
  patterns: readonly (readonly number[])[],
): Promise<ReadingLoss> {
  const { bins, channels, latents } = shape;
  const readers: Readers<Tensor> = {
    encoder: emulator.autoencoder.encoder,
    normaliser: emulator.normaliser,
    decoder: bridge.decoder,
  };
  const K = patterns.length;
  const program = await compile(
    patchReader(shape),
    [zeros([1, bins, channels]), readers, zeros([1, latents]), zeros([1, K])],
    { device },
  );
  return {
    async of(counts, state, nextClass, random) {
      const roots = state.map(Math.sqrt);
      const target = Float32Array.from({ length: K }, (_, k) => (k === nextClass ? 1 : 0));
      const noise = random.normals(latents).map((value) => BLUR * value);
      const { loss, slope, logits } = await program.run(
        tensor([1, bins, channels], roots),
        readers,
        tensor([1, latents], noise),
        tensor([1, K], target),
      );
      const worth = Float32Array.from(state, (count, i) => slope.data[i] * (Math.sqrt(count + 1) - roots[i]));
      const byCounts = countLoss({ counts, bins, patterns }, nextClass, worth);
      const read = logits.data as Float32Array;
      const right = read.every((logit) => logit <= read[nextClass]);
      return { loss: loss.data[0] + byCounts, worth, right };
    },
    dispose: () => program.dispose(),
  };
}

/** Counts `[B, C]`, and the electrodes of each class in them. */
export interface ClassCounts {
  readonly counts: Float32Array;
  readonly bins: number;
  readonly patterns: readonly (readonly number[])[];
}

/** The second term (nats); adds to `worth [B, C]` what one more spike would change it by. */
export function countLoss(
  { counts, bins, patterns }: ClassCounts,
  nextClass: number,
  worth: Float32Array,
): number {
  const channels = counts.length / bins;
  const each = (work: (at: number, k: number) => void) => {
    for (let bin = 1; bin < bins; bin++)
      patterns.forEach((pattern, k) => {
        for (const channel of pattern) work(bin * channels + channel, k);
      });
  };
  const sums = new Float64Array(patterns.length);
  each((at, k) => {
    sums[k] += counts[at];
  });
  const top = Math.max(...sums);
  const odds = sums.map((sum) => Math.exp(COUNT_GAIN * (sum - top)));
  const total = odds.reduce((sum, odd) => sum + odd, 0);
  each((at, k) => {
    worth[at] += COUNT_GAIN * (odds[k] / total - (k === nextClass ? 1 : 0));
  });
  return -Math.log(odds[nextClass] / total);
}
