/**
 * Layers trained by forward passes alone: each raises its own goodness, the summed squares of its activities, on
 * positive data and lowers it on negative data; no gradient passes from one layer to another. A row's label is part
 * of its input, and a class is predicted by which label gives most goodness. Hinton 2022, "The forward-forward
 * algorithm", https://arxiv.org/abs/2212.13345, sections 2 and 3.3:
 *
 *   L = softplus(theta - g(positive)) + softplus(g(negative) - theta),   g = sum_j activity_j^2,   theta = width
 *
 * and the next layer sees the activities divided by their length (local.ts). Beside them, the same layers under a softmax, trained
 * end to end by backpropagation.
 *
 * Legend: N rows of a batch, D inputs, K classes, W width.
 */
import { type ComputeDevice, compile, type Tensor, tensor, trainStep } from "../../compute/index.ts";
import { type Array as JaxArray, nn, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { batched } from "../batched.ts";
import { initLinear, type Linear, linear } from "../layers.ts";
import { type LayerParameters, type LocalLayer, normalised } from "./local.ts";

export interface LayeredShape {
  readonly inputs: number;
  readonly classes: number;
  readonly batch: number;
  /** The layers, of which the first is given rows that end with `labels` numbers for a label. */
  layers(labels: number): readonly LocalLayer[];
}

/** Rows to learn from: `inputs [N, D]` and `labels [N]`. */
export interface Rows {
  readonly inputs: Float32Array;
  readonly labels: ArrayLike<number>;
}

export interface LayeredTrainer {
  /** One step on a batch of rows drawn by `random`. */
  step(rows: Rows, random: Random, learningRate: number): Promise<void>;
  /** Scores of every class for each row, `[N, K]`: the larger, the likelier. */
  scores(inputs: Float32Array): Promise<Float32Array>;
  /** Numbers that the training of one batch keeps until its gradients are known. */
  readonly keptActivations: number;
  /** The layers as they are. */
  parameters(): readonly LayerParameters<Tensor>[];
  dispose(): Promise<void>;
}

/** How loud a label is beside the inputs: its one-hot entry, in root mean squares of a row. */
const LABEL_SCALE = 3;

/** Where forward-forward takes its negatives from: any other class, or the one the layers themselves find likeliest. */
export type Negatives = "random" | "dreamt";

/** log(1 + e^x), also where e^x is no number any more. */
const softplus = (x: JaxArray) => nn.relu(x).add(np.log(np.exp(np.abs(x).neg()).add(1)));

export async function createForwardForward(
  shape: LayeredShape,
  random: Random,
  negatives: Negatives,
  device: ComputeDevice,
): Promise<LayeredTrainer> {
  const { inputs: D, classes: K, batch: N } = shape;
  const locals = shape.layers(K);
  const layers = await Promise.all(
    locals.map(async ({ inputs, width, init, activity }, l) => {
      const params = init(random.split(`layer ${l}`));
      const example = zeros(2 * N, inputs);
      const step = await trainStep({
        // Rows of positive data first, then as many of negative data.
        loss: (p: LayerParameters<JaxArray>, { x }: { x: JaxArray }) => {
          const goodness = np.square(activity(p, x)).sum(-1).sub(width);
          const [positive, negative] = np.split(goodness, 2, 0);
          return softplus(positive.neg()).mean().add(softplus(negative).mean());
        },
        params,
        batch: { x: example },
        optimiser: { weightDecay: 1e-4 },
        device,
      });
      const forward = await compile(
        (p: LayerParameters<JaxArray>, x: JaxArray) => activity(p, x),
        [params, example],
        { device },
      );
      return { step, forward, width, inputs };
    }),
  );

  const through = async (layer: (typeof layers)[number], x: Float32Array) =>
    batched(x, { size: 2 * N, width: layer.inputs, outWidth: layer.width }, (rows) =>
      layer.forward.run(layer.step.live(), tensor([2 * N, layer.inputs], rows)),
    );

  const scores = async (inputs: Float32Array): Promise<Float32Array> => {
    const rows = inputs.length / D;
    const out = new Float32Array(rows * K);
    for (let k = 0; k < K; k++) {
      let x = labelled(inputs, new Array<number>(rows).fill(k), D, K);
      for (const layer of layers) {
        x = await through(layer, x);
        for (let n = 0; n < rows; n++)
          for (let j = 0; j < layer.width; j++) out[n * K + k] += x[n * layer.width + j] ** 2 / layer.width;
      }
    }
    return out;
  };

  return {
    async step({ inputs, labels }, stream, learningRate) {
      const drawn = Array.from({ length: N }, () => stream.integer(labels.length));
      const x = gather(inputs, drawn, D);
      const right = drawn.map((row) => labels[row]);
      const likely = negatives === "dreamt" ? await scores(x) : null;
      const wrong = right.map((label, n) =>
        likely ? likeliestOther(likely.subarray(n * K, (n + 1) * K), label) : otherThan(label, K, stream),
      );
      let both = new Float32Array(2 * N * (D + K));
      both.set(labelled(x, right, D, K));
      both.set(labelled(x, wrong, D, K), N * (D + K));
      for (const layer of layers) {
        // What the layer hands on is what it said before it learned from it.
        const next = await through(layer, both);
        await layer.step.run({ x: tensor([2 * N, layer.inputs], both) }, { learningRate });
        both = next as Float32Array<ArrayBuffer>;
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
    },
  };
}

type Stack<Leaf> = { layers: LayerParameters<Leaf>[]; output: Linear<Leaf> };

/** The same layers, without a label among their inputs, under a softmax. */
export async function createBackpropagation(
  shape: LayeredShape,
  random: Random,
  device: ComputeDevice,
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
    optimiser: { weightDecay: 1e-4 },
    device,
  });
  const forward = await compile(logits, [params, zeros(N, D)], { device });
  return {
    async step({ inputs, labels }, stream, learningRate) {
      const drawn = Array.from({ length: N }, () => stream.integer(labels.length));
      const target = new Float32Array(N * K);
      drawn.forEach((row, n) => {
        target[n * K + labels[row]] = 1;
      });
      const x = tensor([N, D], gather(inputs, drawn, D));
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

const zeros = (rows: number, width: number) => tensor([rows, width], new Float32Array(rows * width));

function gather(inputs: Float32Array, rows: readonly number[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, n) => {
    out.set(inputs.subarray(row * width, (row + 1) * width), n * width);
  });
  return out;
}

/** Rows `[N, D]` with their labels appended, `[N, D + K]`. */
function labelled(inputs: Float32Array, labels: readonly number[], D: number, K: number): Float32Array {
  const out = new Float32Array(labels.length * (D + K));
  labels.forEach((label, n) => {
    const row = inputs.subarray(n * D, (n + 1) * D);
    let squares = 0;
    for (const value of row) squares += value * value;
    out.set(row, n * (D + K));
    out[n * (D + K) + D + label] = LABEL_SCALE * Math.sqrt(squares / D + 1e-6);
  });
  return out;
}

function otherThan(label: number, K: number, random: Random): number {
  const other = random.integer(K - 1);
  return other < label ? other : other + 1;
}

function likeliestOther(scores: Float32Array, label: number): number {
  let best = label === 0 ? 1 : 0;
  scores.forEach((score, k) => {
    if (k !== label && score > scores[best]) best = k;
  });
  return best;
}
