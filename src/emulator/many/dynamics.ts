/**
 * Joint latent dynamics: the flow of src/emulator/one/dynamics.ts with one denoising token per brain, that attends over what
 * every brain was given and how it was a step ago. Legend in shape.ts; rows are steps times brains, brains innermost.
 */
import { attention, silu } from "../../compute/functions.ts";
import { type Tensor, tensor } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { initLinear, initNorm, type Linear, layerNorm, linear, type Norm } from "../../networks/layers.ts";
import { CONDITIONS, conditionFeatures, type Flow } from "../one/dynamics.ts";
import { type Experts, expert, initExperts } from "./experts.ts";
import type { JointShape } from "./shape.ts";

type Layer<Leaf> = {
  normQuery: Norm<Leaf>;
  normContext: Norm<Leaf>;
  query: Linear<Leaf>;
  keyValue: Linear<Leaf>;
  project: Linear<Leaf>;
  norm: Norm<Leaf>;
  expand: Linear<Leaf>;
  contract: Linear<Leaf>;
};

export type JointDynamics<Leaf> = {
  /** `[N, Z + P, D]`: how each brain is heard, through a map of its own. */
  told: Leaf;
  noisy: Linear<Leaf>;
  time: Linear<Leaf>;
  /** `[N, D]` which brain a token is of. */
  name: Leaf;
  layers: Layer<Leaf>[];
  norm: Norm<Leaf>;
  output: Linear<Leaf>;
  own: Experts<Leaf>;
};

export function initDynamics(random: Random, shape: JointShape): JointDynamics<Tensor> {
  const { brains, latents, width, layers, rank, sight } = shape;
  // At first a brain attends to all that it sees alike; the mean of so many is as much smaller.
  const heard = sight === "self" ? 1 : Math.max(1, sight === "all" ? brains : brains - 1);
  const layer = (): Layer<Tensor> => ({
    normQuery: initNorm(width),
    normContext: initNorm(width),
    query: initLinear(random, width, width, 0.1),
    keyValue: initLinear(random, width, 2 * width),
    project: initLinear(random, width, width, 0.5 * Math.sqrt(heard)),
    norm: initNorm(width),
    expand: initLinear(random, width, 2 * width),
    contract: initLinear(random, 2 * width, width, 0.5),
  });
  return {
    told: initTold(random, shape),
    noisy: initLinear(random, latents, width),
    time: initLinear(random, CONDITIONS, width),
    name: tensor(
      [brains, width],
      random.normals(brains * width).map((value) => 0.3 * value),
    ),
    layers: Array.from({ length: layers }, layer),
    norm: initNorm(width),
    output: initLinear(random, width, latents, 0.1),
    own: initExperts(random, { brains, rank }, width, latents),
  };
}

function initTold(random: Random, { brains, latents, places, width }: JointShape): Tensor {
  const row = [1 / Math.sqrt(latents), 0.7];
  const inputs = latents + places;
  const values = random.normals(brains * inputs * width);
  return tensor(
    [brains, inputs, width],
    values.map((value, i) => value * row[Math.floor(i / width) % inputs < latents ? 0 : 1]),
  );
}

/** The flow of all brains. Context rows are `[R N, Z + P]`: the state of the step before, and the present datum. */
export function jointFlow(p: JointDynamics<JaxArray>, shape: JointShape): Flow {
  const { brains: N, latents: Z, places: P, width: D, heads, sight } = shape;
  const bias = sightBias(shape);
  return (noisy, context, condition) => {
    const rows = noisy.shape[0];
    const R = rows / N;
    const told = np.einsum("rnc,ncd->rnd", context.reshape([R, N, Z + P]), p.told).add(p.name);
    const token = linear(p.noisy, noisy)
      .add(linear(p.time, conditionFeatures(condition)))
      .reshape([R, N, D])
      .add(p.name);
    let x = sight === "others" ? token : token.add(told);
    const head = (y: JaxArray) => y.reshape([R, N, heads, D / heads]);
    for (const layer of p.layers) {
      const q = head(linear(layer.query, layerNorm(layer.normQuery, x)));
      const [k, v] = np.split(linear(layer.keyValue, layerNorm(layer.normContext, told)), 2, 2).map(head);
      x = x.add(linear(layer.project, attention(q, k!, v!, bias).reshape([R, N, D])));
      x = x.add(linear(layer.contract, silu(linear(layer.expand, layerNorm(layer.norm, x)))));
    }
    const last = layerNorm(p.norm, x);
    return linear(p.output, last).add(expert(p.own, last)).reshape([rows, Z]);
  };
}

/** What is added to the attention of brain i to brain j: 0 where it sees it. */
function sightBias({ brains, sight }: JointShape): JaxArray | undefined {
  if (sight === "all") return undefined;
  const rows = Array.from({ length: brains }, (_, i) =>
    Array.from({ length: brains }, (_, j) => ((i === j) === (sight === "self") ? 0 : -1e9)),
  );
  return np.array([[rows]]);
}
