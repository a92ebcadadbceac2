/** One hidden layer and a linear way past it. */
import { silu } from "../../compute/functions.ts";
import type { Tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { initLinear, type Linear, linear } from "../../networks/layers.ts";

export type Perceptron<Leaf> = { hidden: Linear<Leaf>; output: Linear<Leaf>; past: Linear<Leaf> };

/** `gain` 0: it begins by giving zero. */
export function initPerceptron(
  random: Random,
  { inputs, hidden, outputs, gain }: { inputs: number; hidden: number; outputs: number; gain: number },
): Perceptron<Tensor> {
  return {
    hidden: initLinear(random, inputs, hidden),
    output: initLinear(random, hidden, outputs, gain),
    past: initLinear(random, inputs, outputs, gain),
  };
}

/** `[N, inputs]` -> `[N, outputs]` */
export function perceptron(p: Perceptron<JaxArray>, x: JaxArray): JaxArray {
  return linear(p.output, silu(linear(p.hidden, x))).add(linear(p.past, x));
}
