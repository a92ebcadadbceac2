/**
 * Neural encoder and decoder of the forecasting emulator, and its direct multi-horizon head.
 *
 * The encoder sees the bins of a patch all at once (no mask inside it) and the patches before it, nothing after it; it
 * gives a variational latent for each patch (Kingma & Welling 2013, https://arxiv.org/abs/1312.6114). The decoder is a
 * transformer over the bins of one patch. The direct head predicts, from the encoder's features, the expected counts of the
 * next patches: one residual step, the same for every patch, moves the features a patch ahead, which keeps it from overfitting
 * the far patches. It shares the readout from factors to channels with the decoder.
 *
 * Legend: N windows, T patches, B bins per patch, C channels, Z latents, D width, R factors, F future patches.
 */
import { clip, silu } from "../../compute/functions.ts";
import { type Tensor, tensor } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import {
  type Block,
  initBlock,
  initLinear,
  type Linear,
  linear,
  transformerBlock,
} from "../../networks/layers.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import { initTrunk, type KeptPast, runTrunk, stepTrunk, type Trunk } from "./causal-trunk.ts";

export type ForecastAutoencoder<Leaf> = {
  input: Linear<Leaf>;
  encoder: Trunk<Leaf>;
  posterior: Linear<Leaf>;
  decoder: { input: Linear<Leaf>; position: Leaf; block: Block<Leaf>; output: Linear<Leaf> };
  direct: { expand: Linear<Leaf>; contract: Linear<Leaf>; output: Linear<Leaf> };
  readout: Linear<Leaf>;
};

const HEADS_OF_DECODER = 2;

/** `logRate [C]`: each channel's mean log count per bin, where both heads start. */
export function initForecastAutoencoder(
  random: Random,
  shape: ForecastShape,
  logRate: Float32Array,
): ForecastAutoencoder<Tensor> {
  const { channels, patchBins, latents, factors, width, blocks, decoderWidth } = shape;
  return {
    input: initLinear(random, patchBins * channels, width),
    encoder: initTrunk(random, width, blocks),
    posterior: initLinear(random, width, 2 * latents),
    decoder: {
      input: initLinear(random, latents, patchBins * decoderWidth),
      position: tensor(
        [patchBins, decoderWidth],
        random.normals(patchBins * decoderWidth).map((value) => 0.3 * value),
      ),
      block: initBlock(random, decoderWidth),
      output: initLinear(random, decoderWidth, factors, 0.5),
    },
    direct: {
      expand: initLinear(random, width, 2 * width),
      contract: initLinear(random, 2 * width, width, 0.5),
      output: initLinear(random, width, patchBins * factors, 0.5),
    },
    readout: { ...initLinear(random, factors, channels, 0.3), bias: tensor([channels], logRate.slice()) },
  };
}

/** counts `[N, T * B, C]` -> features `[N, T, D]`. */
export function encodeFeatures(p: ForecastAutoencoder<JaxArray>, counts: JaxArray, shape: ForecastShape) {
  return runTrunk(p.encoder, embed(p, counts, shape), shape.heads);
}

/** The same for one new patch, counts `[N, B, C]` -> features `[N, 1, D]`. */
export function encodeStep(
  p: ForecastAutoencoder<JaxArray>,
  counts: JaxArray,
  past: KeptPast,
  shape: ForecastShape,
) {
  return stepTrunk(p.encoder, embed(p, counts, shape), shape.heads, past);
}

function embed(p: ForecastAutoencoder<JaxArray>, counts: JaxArray, shape: ForecastShape): JaxArray {
  const { patchBins, channels } = shape;
  const [N, bins] = counts.shape as [number, number];
  return linear(p.input, np.sqrt(counts).reshape([N, bins / patchBins, patchBins * channels]));
}

/** features `[N, T, D]` -> posterior mean and log variance `[N, T, Z]` of each patch. */
export function posterior(p: ForecastAutoencoder<JaxArray>, features: JaxArray) {
  const [mean, logVariance] = np.split(linear(p.posterior, features), 2, 2) as [JaxArray, JaxArray];
  return { mean, logVariance: clip(logVariance, -8, 1) };
}

/** latents `[M, Z]` -> log expected counts `[M, B, C]`. */
export function decodeLatents(
  p: ForecastAutoencoder<JaxArray>,
  latents: JaxArray,
  shape: ForecastShape,
): JaxArray {
  const { patchBins, decoderWidth } = shape;
  const M = latents.shape[0];
  const { input, position, block, output } = p.decoder;
  const x = linear(input, latents).reshape([M, patchBins, decoderWidth]).add(position);
  return readLogRates(p, linear(output, transformerBlock(block, x, HEADS_OF_DECODER)));
}

/** features `[N, T, D]` -> log expected counts `[N, T, F * B, C]` of the patches that follow each. */
export function forecastDirectly(
  p: ForecastAutoencoder<JaxArray>,
  features: JaxArray,
  shape: ForecastShape,
): JaxArray {
  return readLogRates(p, directFactors(p, features, shape));
}

/** features `[N, T, D]` -> factors `[N, T, F * B, R]` of the patches that follow each. */
export function directFactors(
  p: ForecastAutoencoder<JaxArray>,
  features: JaxArray,
  shape: ForecastShape,
): JaxArray {
  const [N, T] = features.shape as [number, number];
  const { expand, contract, output } = p.direct;
  const patches: JaxArray[] = [];
  let ahead = features;
  for (let f = 0; f < shape.futurePatches; f++) {
    ahead = ahead.add(linear(contract, silu(linear(expand, ahead))));
    patches.push(linear(output, ahead));
  }
  return np.concatenate(patches, 2).reshape([N, T, shape.futurePatches * shape.patchBins, shape.factors]);
}

function readLogRates(p: ForecastAutoencoder<JaxArray>, factors: JaxArray): JaxArray {
  return clip(linear(p.readout, factors), -10, 5);
}
