/**
 * A compiled training step: loss and gradients in one program, AdamW on the host over one vector. Parameters and
 * optimiser state stay where they are from step to step; the same inputs give the same bits.
 */

import type { CompileOptions, Tensor, Tensors, TensorTree } from "../contract.ts";
import type { FlatProgram } from "../executor/executor.ts";
import { type Array as JaxArray, valueAndGrad } from "../jax.ts";
import { compileFlat, type OutputType } from "../programs/compile.ts";
import type { ModelFunction } from "../programs/trace.ts";
import { ParameterVector } from "../tensors/parameters.ts";
import { allocate, checkLike, sizeOf } from "../tensors/tensor.ts";
import { flattenTensors, leafPaths, type TreeShape, unflatten } from "../tensors/tree.ts";
import { AdamW, type OptimiserOptions } from "./optimiser.ts";

/** What a loss may return: a scalar, or a tree with a scalar `loss` and anything else worth reading. */
export type LossResult = JaxArray | { loss: JaxArray };
type AuxOf<Out> = Out extends JaxArray ? Record<never, never> : Omit<Out, "loss">;

export interface TrainStepSpec<Params, Batch, Frozen, Out extends LossResult> extends CompileOptions {
  loss: (params: Params, batch: Batch, frozen: Frozen) => Out;
  /** Initial values; copied. */
  params: NoInfer<Tensors<Params>>;
  /** An example: only shapes and element types are read. */
  batch: NoInfer<Tensors<Batch>>;
  /** Batches of other shapes that steps may be given, too: one program more for each. `aux` must have the same tree. */
  otherBatches?: readonly NoInfer<Tensors<Batch>>[];
  /** Constants of the loss that may be exchanged between steps, such as another model's parameters. */
  frozen?: NoInfer<Tensors<Frozen>>;
  optimiser?: OptimiserOptions;
}

/** All that a resumed run needs; a tree of tensors, so that it can be saved as it is. */
export type TrainState<Params> = {
  params: Tensors<Params>;
  mean: Tensors<Params>;
  meanSquare: Tensors<Params>;
  /** Only with `emaDecay`. */
  ema?: Tensors<Params>;
  /** Steps taken: int32, a scalar. */
  count: Tensor;
};

export interface StepResult<Aux> {
  loss: number;
  /** Global norm of the gradient, before clipping. */
  gradientNorm: number;
  /** What the loss returned beside `loss`. */
  aux: Aux;
}

export interface TrainStep<Params, Batch, Frozen, Aux> {
  /** One step. A schedule is a function on the host: pass its value. */
  run(batch: Tensors<Batch>, options: { learningRate: number }): Promise<StepResult<Aux>>;
  /** A copy of the parameters. */
  params(): Tensors<Params>;
  /** The parameters themselves: views that change with every step. Free to pass to other programs between steps. */
  live(): Tensors<Params>;
  /** A copy of the moving average; an error without `emaDecay`. */
  ema(): Tensors<Params>;
  /** A copy of everything that a resumed run needs. */
  state(): TrainState<Params>;
  /** Continues from a saved state, to the bit. */
  load(state: TrainState<Params>): void;
  /** Starts again from `params` (or from the present ones) with a fresh optimiser. */
  restart(params?: Tensors<Params>): void;
  /** Exchanges the frozen constants; nothing is compiled again. */
  setFrozen(frozen: Tensors<Frozen>): void;
  dispose(): Promise<void>;
}

export async function trainStep<Params, Batch, Out extends LossResult, Frozen = Record<never, never>>(
  spec: TrainStepSpec<Params, Batch, Frozen, Out>,
): Promise<TrainStep<Params, Batch, Frozen, Tensors<AuxOf<Out>>>> {
  const layout = new ParameterVector(spec.params);
  const optimiser = new AdamW(spec.optimiser ?? {}, layout.length, layout.ranges);
  const { params: vector, gradient } = optimiser;
  layout.write(spec.params, vector, "trainStep: params");
  optimiser.reset();
  const paramLeaves = layout.views(vector);
  const frozenExample = flattenTensors(spec.frozen ?? {});
  let frozenLeaves = frozenExample.leaves;

  const gradients = (params: Params, batch: Batch, frozen: Frozen) => {
    const split = (p: Params) => {
      const out = spec.loss(p, batch, frozen);
      if (!("loss" in out)) return [out, {}];
      const { loss, ...aux } = out as { loss: JaxArray };
      return [loss, aux];
    };
    const differentiated = valueAndGrad(split as never, { hasAux: true }) as unknown as (
      params: Params,
    ) => [[JaxArray, unknown], unknown];
    const [[loss, aux], grads] = differentiated(params);
    return { loss, aux, grads };
  };
  const programs: GradientProgram[] = [];
  for (const batch of [spec.batch, ...(spec.otherBatches ?? [])])
    programs.push(await gradientProgram(gradients, { params: layout.viewTree(vector), batch, spec }));
  const gradientLeaves = layout.views(gradient);
  const lossLeaf: Tensor = { shape: [], data: new Float32Array(1) };

  const copy = (of: Float32Array) => layout.copyTree(of) as Tensors<Params>;

  return {
    async run(batch, { learningRate }) {
      const given = flattenTensors(batch).leaves;
      const { flat, auxShape, auxTypes } = programFor(programs, given);
      const auxLeaves = auxTypes.map(({ shape, type }) => ({ shape, data: allocate(type, sizeOf(shape)) }));
      await flat.run(
        [...paramLeaves, ...given, ...frozenLeaves],
        [lossLeaf, ...auxLeaves, ...gradientLeaves],
      );
      const gradientNorm = optimiser.step(learningRate);
      const aux = unflatten(auxShape, auxLeaves) as Tensors<AuxOf<Out>>;
      return { loss: lossLeaf.data[0], gradientNorm, aux };
    },
    params: () => copy(vector),
    live: () => layout.viewTree(vector) as Tensors<Params>,
    ema() {
      if (!optimiser.ema) throw new Error("train step: no moving average is kept; set optimiser.emaDecay");
      return copy(optimiser.ema);
    },
    state: () => ({
      params: copy(vector),
      mean: copy(optimiser.mean),
      meanSquare: copy(optimiser.meanSquare),
      ...(optimiser.ema ? { ema: copy(optimiser.ema) } : {}),
      count: { shape: [], data: Int32Array.of(optimiser.count) },
    }),
    load(state) {
      layout.write(state.params, vector, "train step: state.params");
      layout.write(state.mean, optimiser.mean, "train step: state.mean");
      layout.write(state.meanSquare, optimiser.meanSquare, "train step: state.meanSquare");
      if (optimiser.ema) layout.write(state.ema ?? state.params, optimiser.ema, "train step: state.ema");
      optimiser.count = state.count.data[0];
    },
    restart(params) {
      if (params) layout.write(params, vector, "train step: params");
      optimiser.reset();
    },
    setFrozen(frozen) {
      const { leaves, shape } = flattenTensors(frozen as TensorTree);
      const paths = leafPaths(shape);
      if (leaves.length !== frozenExample.leaves.length)
        throw new TypeError(
          `train step: expected ${frozenExample.leaves.length} frozen tensors, got ${leaves.length}`,
        );
      leaves.forEach((leaf, i) => {
        checkLike(leaf, frozenExample.leaves[i], `train step: frozen ${paths[i]}`);
      });
      frozenLeaves = leaves;
    },
    async dispose() {
      for (const { flat } of programs) await flat.dispose();
    },
  };
}

interface GradientProgram {
  readonly flat: FlatProgram;
  readonly auxShape: TreeShape;
  readonly auxTypes: readonly OutputType[];
  readonly batchLeaves: readonly Tensor[];
  readonly batchPaths: readonly string[];
}

async function gradientProgram(
  gradients: ModelFunction,
  given: {
    params: TensorTree;
    batch: unknown;
    spec: CompileOptions & { frozen?: unknown };
  },
): Promise<GradientProgram> {
  const { params, batch, spec } = given;
  const { flat, outputShape, outputs } = await compileFlat(
    gradients,
    [params, batch, spec.frozen ?? {}],
    spec,
  );
  const { leaves, shape } = flattenTensors(batch);
  return {
    flat,
    auxShape: (outputShape as TreeShape & { kind: "object" }).children[1],
    auxTypes: outputs.slice(1, outputs.length - flattenTensors(params).leaves.length),
    batchLeaves: leaves,
    batchPaths: leafPaths(shape),
  };
}

/** The program that was built for batches of such shapes; else the first one says what it expected. */
function programFor(programs: readonly GradientProgram[], given: readonly Tensor[]): GradientProgram {
  const fits = ({ batchLeaves }: GradientProgram) =>
    batchLeaves.length === given.length &&
    batchLeaves.every(({ shape }, i) => `${shape}` === `${given[i].shape}`);
  const program = programs.find(fits) ?? programs[0];
  const { batchLeaves, batchPaths } = program;
  if (given.length !== batchLeaves.length)
    throw new TypeError(
      `train step: expected ${batchLeaves.length} tensors in the batch, got ${given.length}`,
    );
  given.forEach((leaf, i) => {
    checkLike(leaf, batchLeaves[i], `train step: batch ${batchPaths[i]}`);
  });
  return program;
}
