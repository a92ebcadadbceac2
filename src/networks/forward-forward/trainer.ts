/** What a trainer of layers is given and does, whichever way it learns. Legend: N rows, D inputs, K classes. */
import { type Tensor, tensor } from "../../compute/index.ts";
import type { Random } from "../../math/random.ts";
import type { LayerParameters, LocalLayer } from "./local.ts";

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

export const WEIGHT_DECAY = 1e-2;

export const zeros = (rows: number, width: number) => tensor([rows, width], new Float32Array(rows * width));
