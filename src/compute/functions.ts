/**
 * Building blocks of models whose value or gradient, left to the chain rule, would cost several times what it must:
 * the value reaches one fused kernel of ONNX Runtime, the gradient is written out by hand.
 */
import { DType, type Array as JaxArray, lax, np } from "./jax.ts";

/**
 * `value`, with a gradient of its own: `tangent` maps a small change of `x` to the change of `value`, and must be linear
 * in its argument. Written as value + tangent(x - x), both constants but for the last x; the lowering knows that x - x
 * is zero and computes nothing for it.
 */
export function withTangent(value: JaxArray, x: JaxArray, tangent: (dx: JaxArray) => JaxArray): JaxArray {
  const dx = x.sub(lax.stopGradient(x));
  return lax.stopGradient(value).add(tangent(dx));
}

/** 1 / (1 + exp(-x)). */
export function sigmoid(x: JaxArray): JaxArray {
  const y = plainSigmoid(lax.stopGradient(x));
  return withTangent(y, x, (dx) => dx.mul(y.mul(one(y))));
}

/** x sigmoid(x): the cheapest smooth activation here. */
export function silu(x: JaxArray): JaxArray {
  const fixed = lax.stopGradient(x);
  const gate = plainSigmoid(fixed);
  const y = fixed.mul(gate);
  return withTangent(y, x, (dx) => dx.mul(gate.add(y.mul(one(gate)))));
}

/** The tanh form of x Phi(x) (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415), as x sigmoid(2u). */
export function gelu(x: JaxArray): JaxArray {
  const [linear, cubic] = [2 * Math.sqrt(2 / Math.PI), 2 * Math.sqrt(2 / Math.PI) * 0.044715];
  const fixed = lax.stopGradient(x);
  const square = fixed.mul(fixed);
  const gate = plainSigmoid(fixed.mul(square.mul(cubic).add(linear)));
  const y = fixed.mul(gate);
  const slope = square.mul(3 * cubic).add(linear);
  return withTangent(y, x, (dx) => dx.mul(gate.add(y.mul(one(gate)).mul(slope))));
}

/** x held between two numbers. The gradient, too, is what it is of x in between, and 0 beyond. */
export function clip(x: JaxArray, low: number, high: number): JaxArray {
  const fixed = lax.stopGradient(x);
  const y = np.clip(fixed, low, high);
  const within = y.equal(fixed).astype(DType.Float32);
  return withTangent(y, x, (dx) => dx.mul(within));
}

/** exp(x) / sum(exp(x)) along the last axis. */
export function softmax(x: JaxArray): JaxArray {
  const fixed = lax.stopGradient(x);
  const exponentials = np.exp(fixed.sub(np.max(fixed, -1, { keepdims: true })));
  const y = exponentials.mul(np.reciprocal(np.sum(exponentials, -1, { keepdims: true })));
  return withTangent(y, x, (dx) => {
    const weighted = y.mul(dx);
    return weighted.sub(y.mul(np.sum(weighted, -1, { keepdims: true })));
  });
}

/** x, centred and scaled to variance 1 along the last axis. */
export function standardise(x: JaxArray, epsilon = 1e-5): JaxArray {
  const fixed = lax.stopGradient(x);
  const mean = (values: JaxArray) => np.mean(values, -1, { keepdims: true });
  const centred = fixed.sub(mean(fixed));
  const scale = np.reciprocal(np.sqrt(mean(centred.mul(centred)).add(epsilon)));
  const y = centred.mul(scale);
  return withTangent(y, x, (dx) => scale.mul(dx.sub(mean(dx)).sub(y.mul(mean(dx.mul(y))))));
}

/** Layer normalisation over the last axis (Ba et al. 2016, https://arxiv.org/abs/1607.06450). */
export function layerNorm(x: JaxArray, gain: JaxArray, offset: JaxArray, epsilon?: number): JaxArray {
  return standardise(x, epsilon).mul(gain).add(offset);
}

/**
 * Scaled dot-product attention. B batch, H heads, L queries, S keys, D depth of a head.
 * @param query shape `[B, L, H, D]`
 * @param key shape `[B, S, H, D]`
 * @param value shape `[B, S, H, D]`
 * @param bias added to the logits, broadcastable to `[B, H, L, S]`; for a mask 0 where a key is seen and -1e9 where not
 * @returns shape `[B, L, H, D]`
 */
export function attention(query: JaxArray, key: JaxArray, value: JaxArray, bias?: JaxArray): JaxArray {
  const scale = 1 / Math.sqrt(query.shape[3]);
  const logits = np.einsum("blhd,bshd->bhls", query.mul(scale), key);
  const weights = softmax(bias ? logits.add(bias) : logits);
  return np.einsum("bhls,bshd->blhd", weights, value);
}

function plainSigmoid(x: JaxArray): JaxArray {
  return np.reciprocal(np.exp(np.negative(x)).add(1));
}

/** 1 - y. */
function one(y: JaxArray): JaxArray {
  return np.negative(y).add(1);
}
