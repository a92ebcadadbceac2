/**
 * What layers make of rows whose label says nothing: a softmax on the activities of all layers but the first, and none of
 * its gradient reaches them (Hinton 2022, https://arxiv.org/abs/2212.13345, section 3.3).
 *
 * Legend: N rows of a batch, K classes.
 */
import { type CompileOptions, tensor, trainStep } from "../../compute/index.ts";
import { type Array as JaxArray, nn, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { initLinear, type Linear, linear } from "../layers.ts";
import { oneHot } from "./labels.ts";
import { type LocalLayer, normalised } from "./local.ts";
import { type LayeredShape, zeros } from "./trainer.ts";

const RATE = 2e-3;

export async function createGuess(
  locals: readonly LocalLayer[],
  random: Random,
  { batch: N, classes: K }: LayeredShape,
  options: CompileOptions,
) {
  const read = locals.length > 1 ? locals.slice(1) : locals;
  const width = read.reduce((sum, layer) => sum + layer.width, 0);
  const step = await trainStep({
    loss: (p: { output: Linear<JaxArray> }, { x, target }: { x: JaxArray; target: JaxArray }) => {
      const log = nn.logSoftmax(linear(p.output, normalised(x)), -1);
      return { loss: log.mul(target).sum(-1).mean().neg(), likely: np.exp(log) };
    },
    params: { output: initLinear(random, width, K) },
    batch: { x: zeros(N, width), target: zeros(N, K) },
    ...options,
  });
  return {
    /** How likely each class was of `[N, K]` rows; then learns what they were. */
    async learn(activities: readonly Float32Array[], right: readonly number[]) {
      const x = new Float32Array(N * width);
      let at = 0;
      read.forEach((layer, l) => {
        const active = activities[activities.length - read.length + l];
        for (let n = 0; n < N; n++)
          x.set(active.subarray(n * layer.width, (n + 1) * layer.width), n * width + at);
        at += layer.width;
      });
      const target = tensor([N, K], oneHot(right, K));
      const { aux } = await step.run({ x: tensor([N, width], x), target }, { learningRate: RATE });
      return aux.likely.data as Float32Array;
    },
    dispose: () => step.dispose(),
  };
}
