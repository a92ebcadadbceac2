/**
 * The task loss of the direct descent, on what the electrodes read of a presentation: as the fixed bridge reads it, and
 * as it is read by hand.
 *
 *   L = CE(bridge.decode(encode(w) + n), x_{t+1}) + CE(softmax(COUNT_GAIN c), x_{t+1})
 *
 * w the neural state, n noise, c_k the spikes on the electrodes of class k outside the datum's own bin. The emulator and
 * the bridge see the roots of counts, so one more spike is worth dL/d sqrt(w) (sqrt(w + 1) - sqrt(w)).
 *
 * Legend: B bins, C channels, Z latents, K classes.
 */

import { type ComputeDevice, compile, type Tensor, tensor, zeros } from "../../../compute/index.ts";
import { type Array as JaxArray, np, valueAndGrad } from "../../../compute/jax.ts";
import { type Autoencoder, encodeRoots } from "../../../emulator/one/autoencoder.ts";
import { type BridgeDecoder, crossEntropy, decodePatch } from "../../../emulator/one/bridge-model.ts";
import { autoencoderShape, type Normaliser } from "../../../emulator/one/emulator.ts";
import { EMULATOR_SHAPE, type Models } from "../../../emulator/one/models.ts";
import type { Random } from "../../../math/random.ts";
import { addEfference } from "../../../protocol/trial.ts";

/** Standard deviation of n. */
const BLUR = 0.5;
const COUNT_GAIN = 0.4;

export interface ReadingLoss {
  /**
   * Loss (nats) of `counts [B, C]` read after `context`, what one more spike in each bin on each channel would change
   * it by, `[B, C]`, and whether the bridge read the class that came.
   */
  of(
    counts: Float32Array,
    context: readonly number[],
    nextClass: number,
    random: Random,
  ): Promise<{ readonly loss: number; readonly worth: Float32Array; readonly right: boolean }>;
  dispose(): Promise<void>;
}

type Readers<Leaf> = {
  encoder: Autoencoder<Leaf>["encoder"];
  normaliser: Normaliser<Leaf>;
  decoder: BridgeDecoder<Leaf>;
};

const { bins, channels, latents } = EMULATOR_SHAPE;

function patchOf(roots: JaxArray, { encoder, normaliser }: Readers<JaxArray>): JaxArray {
  const { mean } = encodeRoots(encoder, roots, np.ones([1, bins]), autoencoderShape(EMULATOR_SHAPE));
  return mean.sub(normaliser.mean).div(normaliser.deviation);
}

function bridgeLoss(roots: JaxArray, readers: Readers<JaxArray>, noise: JaxArray, target: JaxArray) {
  return crossEntropy(decodePatch(readers.decoder, patchOf(roots, readers).add(noise)), target).sum();
}

function bridgeSlope(roots: JaxArray, readers: Readers<JaxArray>, noise: JaxArray, target: JaxArray) {
  const [loss, slope] = valueAndGrad(bridgeLoss)(roots, readers, noise, target);
  return { loss, slope, logits: decodePatch(readers.decoder, patchOf(roots, readers)) };
}

export async function createReadingLoss(
  { emulator, bridge }: Models,
  patterns: readonly (readonly number[])[],
  device: ComputeDevice,
): Promise<ReadingLoss> {
  const readers: Readers<Tensor> = {
    encoder: emulator.autoencoder.encoder,
    normaliser: emulator.normaliser,
    decoder: bridge.decoder,
  };
  const K = patterns.length;
  const program = await compile(
    bridgeSlope,
    [zeros([1, bins, channels]), readers, zeros([1, latents]), zeros([1, K])],
    { device },
  );
  return {
    async of(counts, context, nextClass, random) {
      const state = addEfference(counts.slice(), context);
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
      const byHand = countLoss(counts, patterns, nextClass, worth);
      const read = logits.data as Float32Array;
      const right = read.every((logit) => logit <= read[nextClass]);
      return { loss: loss.data[0] + byHand, worth, right };
    },
    dispose: () => program.dispose(),
  };
}

/** The second term (nats); adds to `worth [B, C]` what one more spike would change it by. */
export function countLoss(
  counts: Float32Array,
  patterns: readonly (readonly number[])[],
  nextClass: number,
  worth: Float32Array,
): number {
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
