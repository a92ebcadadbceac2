/**
 * Layers trained by forward passes alone: each raises its own goodness, the summed squares of its activities, on
 * positive data and lowers it on negative data; no gradient passes from one layer to another. A row's label is part
 * of its input, and a class is predicted by which label gives most goodness. Hinton 2022, "The forward-forward
 * algorithm", https://arxiv.org/abs/2212.13345, sections 2 and 3.3:
 *
 *   L = softplus(theta - g(positive)) + softplus(g(negative) - theta) + lambda sum_j (a_j - a)^2,
 *   g = sum_j activity_j^2,   theta = width,   a_j the mean activity of unit j in the batch and a that of all units
 *
 * The last term is Hinton's peer normalisation: no unit is silent or loud for ever. The next layer sees the activities divided by
 * their length (local.ts).
 *
 * Legend: N rows of a batch, D inputs, K classes, W width.
 */
import { type CompileOptions, compile, tensor, trainStep } from "../../compute/index.ts";
import { type Array as JaxArray, nn, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { gatherRows } from "../../math/rows.ts";
import { batched } from "../batched.ts";
import { createGuess } from "./guess.ts";
import { labelled, oneHot, otherByChance, otherThan } from "./labels.ts";
import type { LayerParameters } from "./local.ts";
import { type LayeredShape, type LayeredTrainer, WEIGHT_DECAY, zeros } from "./trainer.ts";

/** lambda */
const PEERS = 0.1;

/**
 * The layers step with momentum, as Hinton's do: an epsilon beside which the root of a gradient's mean square is nothing
 * leaves no more than that of Adam, whose steps by each weight's own measure generalise less.
 */
const MOMENTUM = { epsilon: 1 };

/** A negative row's class: any other one, or one that the layers themselves find likely (guess.ts). */
export type Negatives = "random" | "dreamt";

/** log(1 + e^x), also where e^x is no number any more. */
const softplus = (x: JaxArray) => nn.relu(x).add(np.log(np.exp(np.abs(x).neg()).add(1)));

export async function createForwardForward(
  shape: LayeredShape,
  random: Random,
  negatives: Negatives,
  options: CompileOptions = {},
): Promise<LayeredTrainer> {
  const { inputs: D, classes: K, batch: N } = shape;
  const locals = shape.layers(K);
  const layers = await Promise.all(
    locals.map(async ({ inputs, width, init, activity }, l) => {
      const params = init(random.split(`layer ${l}`));
      const step = await trainStep({
        // Rows of positive data first, then as many of negative data.
        loss: (p: LayerParameters<JaxArray>, { x }: { x: JaxArray }) => {
          const active = activity(p, x);
          const [positive, negative] = np.split(np.square(active).sum(-1).sub(width), 2, 0);
          const told = softplus(positive.neg()).mean().add(softplus(negative).mean());
          const unit = active.mean(0);
          const apart = np.square(unit.sub(unit.mean())).sum();
          return { loss: told.add(apart.mul(PEERS)), active };
        },
        params,
        batch: { x: zeros(2 * N, inputs) },
        optimiser: { weightDecay: WEIGHT_DECAY, ...MOMENTUM },
        ...options,
      });
      const forward = await compile(
        (p: LayerParameters<JaxArray>, x: JaxArray) => activity(p, x),
        [params, zeros(N, inputs)],
        options,
      );
      return { step, forward, width, inputs };
    }),
  );
  const guess = await createGuess(locals, random.split("guess"), shape, options);

  const through = (layer: (typeof layers)[number], x: Float32Array) =>
    batched(x, { size: N, width: layer.inputs, outWidth: layer.width }, (rows) =>
      layer.forward.run(layer.step.live(), tensor([N, layer.inputs], rows)),
    );

  const scores = async (inputs: Float32Array): Promise<Float32Array> => {
    const rows = inputs.length / D;
    const out = new Float32Array(rows * K);
    for (let k = 0; k < K; k++) {
      let x = labelled(inputs, oneHot(new Array<number>(rows).fill(k), K), K);
      for (const layer of layers) {
        x = await through(layer, x);
        for (let n = 0; n < rows; n++)
          for (let j = 0; j < layer.width; j++) out[n * K + k] += x[n * layer.width + j] ** 2 / layer.width;
      }
    }
    return out;
  };

  /** For each row a wrong class, in proportion to how likely the layers find it. */
  const dream = async (inputs: Float32Array, right: readonly number[], stream: Random) => {
    let x = labelled(inputs, new Float32Array(N * K).fill(1 / K), K);
    const all: Float32Array[] = [];
    for (const layer of layers) {
      x = await through(layer, x);
      all.push(x);
    }
    const likely = await guess.learn(all, right);
    return right.map((label, n) => otherByChance(likely.subarray(n * K, (n + 1) * K), label, stream));
  };

  return {
    async step({ inputs, labels }, stream, learningRate) {
      const drawn = Array.from({ length: N }, () => stream.integer(labels.length));
      const x = gatherRows(inputs, D, drawn);
      const right = drawn.map((row) => labels[row]);
      const wrong =
        negatives === "dreamt"
          ? await dream(x, right, stream)
          : right.map((label) => otherThan(label, K, stream));
      let both = new Float32Array(2 * N * (D + K));
      both.set(labelled(x, oneHot(right, K), K));
      both.set(labelled(x, oneHot(wrong, K), K), N * (D + K));
      for (const { step, inputs } of layers) {
        // What the layer hands on is what it said before it learned from it.
        const { aux } = await step.run({ x: tensor([2 * N, inputs], both) }, { learningRate });
        both = aux.active.data as Float32Array<ArrayBuffer>;
      }
    },
    scores,
    keptActivations: 2 * N * Math.max(...locals.map(({ kept }) => kept)),
    parameters: () => layers.map(({ step }) => step.params()),
    async dispose() {
      for (const { step, forward } of layers) {
        await step.dispose();
        await forward.dispose();
      }
      await guess.dispose();
    },
  };
}
