/** The layers of forward-forward under a softmax, trained end to end. Legend: N rows of a batch, D inputs, K classes. */
import { type CompileOptions, compile, type Tensor, tensor, trainStep } from "../../compute/index.ts";
import { type Array as JaxArray, nn } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { gatherRows } from "../../math/rows.ts";
import { batched } from "../batched.ts";
import { initLinear, type Linear, linear } from "../layers.ts";
import { oneHot } from "./labels.ts";
import { type LayerParameters, normalised } from "./local.ts";
import { type LayeredShape, type LayeredTrainer, WEIGHT_DECAY, zeros } from "./trainer.ts";

type Stack<Leaf> = { layers: LayerParameters<Leaf>[]; output: Linear<Leaf> };

/** The same layers, without a label among their inputs, under a softmax. */
export async function createBackpropagation(
  shape: LayeredShape,
  random: Random,
  options: CompileOptions = {},
): Promise<LayeredTrainer> {
  const { inputs: D, classes: K, batch: N } = shape;
  const locals = shape.layers(0);
  const params: Stack<Tensor> = {
    layers: locals.map(({ init }, l) => init(random.split(`layer ${l}`))),
    output: initLinear(random.split("output"), locals[locals.length - 1].width, K),
  };
  const logits = ({ layers, output }: Stack<JaxArray>, x: JaxArray) => {
    const last = layers.reduce((h, layer, l) => locals[l].activity(layer, h), x);
    return linear(output, normalised(last));
  };
  const step = await trainStep({
    loss: (p: Stack<JaxArray>, { x, target }: { x: JaxArray; target: JaxArray }) =>
      nn.logSoftmax(logits(p, x), -1).mul(target).sum(-1).mean().neg(),
    params,
    batch: { x: zeros(N, D), target: zeros(N, K) },
    optimiser: { weightDecay: WEIGHT_DECAY },
    ...options,
  });
  const forward = await compile(logits, [params, zeros(N, D)], options);
  return {
    async step({ inputs, labels }, stream, learningRate) {
      const drawn = Array.from({ length: N }, () => stream.integer(labels.length));
      const x = tensor([N, D], gatherRows(inputs, D, drawn));
      const target = oneHot(
        drawn.map((row) => labels[row]),
        K,
      );
      await step.run({ x, target: tensor([N, K], target) }, { learningRate });
    },
    scores: (inputs) =>
      batched(inputs, { size: N, width: D, outWidth: K }, (rows) =>
        forward.run(step.live(), tensor([N, D], rows)),
      ),
    keptActivations: N * locals.reduce((sum, { kept }) => sum + kept, K),
    parameters: () => step.params().layers,
    async dispose() {
      await step.dispose();
      await forward.dispose();
    },
  };
}
