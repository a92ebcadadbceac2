/**
 * The losses: of the base, cross entropy of what comes next; of the AdaVAE, that given z plus beta times KL(q(z|x) || N(0, 1))
 * (Kingma and Welling 2014, https://arxiv.org/abs/1312.6114; Higgins et al. 2017), with the remedies against a z that is not used: a
 * share of the decoder's inputs hidden (Bowman et al. 2016, https://arxiv.org/abs/1511.06349) and a floor under each dimension's KL, the
 * free bits of Kingma et al. 2016 (https://arxiv.org/abs/1606.04934). All per sentence, in nats.
 */
import { DType, type Array as JaxArray, lax, nn, np } from "../../compute/jax.ts";
import type { TransformerConfig } from "../model/config.ts";
import type { Transformer } from "../model/parameters.ts";
import { causalBias, embed, logitsOf, runStack } from "../model/transformer.ts";
import { type AdaVaeSizes, decoderLogits, posterior } from "./model.ts";
import type { AdaVae } from "./parameters.ts";

/** N sentences of at most T - 1 tokens. */
export type SentenceBatch<Leaf> = {
  /** int32 `[N, T]`: what the decoder is fed: the end token, then the sentence, a share of it hidden. */
  input: Leaf;
  /** int32 `[N, T]`: the sentence, its end, padding. */
  target: Leaf;
  /** `[N, T]`: 1 where `target` is no padding. */
  mask: Leaf;
};

export type AdaVaeBatch<Leaf> = SentenceBatch<Leaf> & {
  /** Standard normal, `[N, Z]`. */
  noise: Leaf;
  /** `[N]`: 0 where the decoder goes without z. */
  gate: Leaf;
  /** Weight of the KL term, a scalar. */
  beta: Leaf;
  /** Least KL of a dimension that counts, nats, a scalar. */
  freeBits: Leaf;
};

/** -log p of each target, `[N, T]`, padding 0. */
export function crossEntropy(logits: JaxArray, target: JaxArray, mask: JaxArray): JaxArray {
  const V = logits.shape[2];
  const right = np.sum(logits.mul(nn.oneHot(target, V)), -1);
  const highest = lax.stopGradient(np.max(logits, -1, { keepdims: true }));
  const total = np.log(np.sum(np.exp(logits.sub(highest)), -1)).add(highest.reshape(right.shape));
  return total.sub(right).mul(mask);
}

export function baseLoss(
  p: Transformer<JaxArray>,
  { input, target, mask }: SentenceBatch<JaxArray>,
  config: TransformerConfig,
): JaxArray {
  const [N, T] = input.shape;
  const hidden = runStack(p.stack, embed(p, input), config, { bias: causalBias(T) });
  return np.sum(crossEntropy(logitsOf(p, hidden), target, mask)).mul(1 / N);
}

export function adaVaeLoss(
  model: AdaVae<JaxArray>,
  batch: AdaVaeBatch<JaxArray>,
  sizes: AdaVaeSizes,
): { loss: JaxArray; reconstruction: JaxArray; kl: JaxArray } {
  const { input, target, mask, noise, gate, beta, freeBits } = batch;
  const N = input.shape[0];
  const { mean, logVariance } = posterior(model, target, mask, sizes);
  const z = mean.add(np.exp(logVariance.mul(0.5)).mul(noise));
  const logits = decoderLogits(model, input, { z, gate }, sizes);
  const reconstruction = np.sum(crossEntropy(logits, target, mask)).mul(1 / N);
  // By dimension, the mean over sentences: [Z].
  const each = np.mean(np.square(mean).add(np.exp(logVariance)).sub(logVariance).sub(1).mul(0.5), 0);
  const counts = each.greater(freeBits).astype(DType.Float32);
  const counted = each.mul(counts).add(freeBits.mul(np.negative(counts).add(1)));
  const loss = reconstruction.add(np.sum(counted).mul(beta));
  return { loss, reconstruction, kl: np.sum(each) };
}
