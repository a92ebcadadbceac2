/**
 * Layers that can be trained by themselves: dense ones, and the emulator's transformer blocks. Each first divides what
 * it is given by its root mean square, so that no goodness is handed on, and gives activities that are not negative.
 *
 * Legend: N rows, D inputs, W width, B bins, C channels, T tokens.
 */
import { type Tensor, tensor } from "../../compute/index.ts";
import { type Array as JaxArray, nn, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import { type Block, initBlock, initLinear, type Linear, linear, transformerBlock } from "../layers.ts";

/** What a layer has of these. */
export type LayerParameters<Leaf> = {
  dense?: Linear<Leaf>;
  /** From bins, and from a label, to tokens. */
  input?: Linear<Leaf>;
  label?: Linear<Leaf>;
  position?: Leaf;
  block?: Block<Leaf>;
};

export interface LocalLayer {
  /** Numbers of a row in, and out. */
  readonly inputs: number;
  readonly width: number;
  /** Numbers of a row that its gradient needs kept. */
  readonly kept: number;
  init(random: Random): LayerParameters<Tensor>;
  /** `[N, inputs]` -> `[N, width]`. */
  activity(p: LayerParameters<JaxArray>, x: JaxArray): JaxArray;
}

/** x over its root mean square, row by row. */
export function normalised(x: JaxArray): JaxArray {
  return x.div(np.sqrt(np.square(x).mean(-1, { keepdims: true }).add(1e-4)));
}

/** relu(x W + b). */
function denseLayer(inputs: number, width: number): LocalLayer {
  return {
    inputs,
    width,
    kept: inputs + width,
    init: (random) => ({ dense: initLinear(random, inputs, width) }),
    activity: (p, x) => nn.relu(linear(p.dense!, normalised(x))),
  };
}

export function denseLayers(inputs: number, widths: readonly number[]): LocalLayer[] {
  return widths.map((width, l) => denseLayer(l === 0 ? inputs : widths[l - 1], width));
}

export interface StackShape {
  readonly bins: number;
  readonly channels: number;
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  /** Units of the bridge's hidden layer. */
  readonly hidden: number;
}

/**
 * The emulator's encoder and the bridge's hidden layer: a token for each bin of the roots of counts, and one for the
 * label if the row ends with `labels` numbers for it; transformer blocks, the first with the embedding before it.
 */
export function emulatorLayers(shape: StackShape, labels: number): LocalLayer[] {
  const { bins, channels, width: D, heads, blocks, hidden } = shape;
  const T = labels > 0 ? bins + 1 : bins;
  const split = bins * channels;
  // Two norms, queries, keys, values, weights, what was attended to, twice the expansion, and the sum.
  const kept = 12 * T * D + heads * T * T;
  const through = (p: LayerParameters<JaxArray>, tokens: JaxArray) =>
    nn.relu(transformerBlock(p.block!, tokens, heads).reshape([tokens.shape[0], T * D]));
  const first: LocalLayer = {
    inputs: split + labels,
    width: T * D,
    kept: split + labels + kept,
    init: (random) => ({
      input: initLinear(random, channels, D),
      position: tensor(
        [T, D],
        random.normals(T * D).map((value) => 0.3 * value),
      ),
      ...(labels > 0 ? { label: initLinear(random, labels, D) } : {}),
      block: initBlock(random, D),
    }),
    activity: (p, x) => {
      const N = x.shape[0];
      const [counts, label] = np.split(normalised(x), labels > 0 ? [split] : 1, 1);
      const bin = linear(p.input!, counts!.reshape([N, bins, channels]));
      const tokens = p.label ? np.concatenate([bin, linear(p.label, label!).reshape([N, 1, D])], 1) : bin;
      return through(p, tokens.add(p.position!));
    },
  };
  const next: LocalLayer = {
    inputs: T * D,
    width: T * D,
    kept,
    init: (random) => ({ block: initBlock(random, D) }),
    activity: (p, x) => through(p, normalised(x).reshape([x.shape[0], T, D])),
  };
  return [first, ...Array.from({ length: blocks - 1 }, () => next), denseLayer(T * D, hidden)];
}
