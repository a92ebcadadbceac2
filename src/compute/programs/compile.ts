/**
 * From a pure jax-js function to a program on plain typed arrays: trace it, lower it, hand it to an executor.
 */

import { onnxRuntimeProgram } from "#onnxruntime";
import type { CompileOptions, Program, Tensor, Tensors } from "../contract.ts";
import type { FlatProgram } from "../executor/executor.ts";
import { jaxjsProgram } from "../executor/jaxjs.ts";
import { UnsupportedPrimitive } from "../lowering/lower.ts";
import { checkLike, type ElementType, elementType } from "../tensors/tensor.ts";
import { flattenTensors, leafPaths, type TreeShape, unflatten } from "../tensors/tree.ts";
import { BuildCache } from "./cache.ts";
import { originOf } from "./origin.ts";
import { type ModelFunction, type Traced, trace } from "./trace.ts";

/** Programs that nobody uses, kept in case the same function is compiled again. */
const IDLE_PROGRAMS = 8;

interface Compiled {
  flat: FlatProgram;
  outputShape: TreeShape;
  dispose(): Promise<void>;
}

const programs = new BuildCache<Compiled>(IDLE_PROGRAMS);

/**
 * Compiles `fn` for arguments shaped like `examples` (trees of tensors; only shapes and element types are read).
 * How to write `fn`: see jax.ts. The same function is traced and built once for the same shapes, device and threads; what
 * it closes over must not change.
 */
export async function compile<Args extends unknown[], Out>(
  fn: (...args: Args) => Out,
  examples: { [Key in keyof Args]: Tensors<Args[Key]> },
  options: CompileOptions = {},
): Promise<Program<Args, Out>> {
  const device = options.device ?? "cpu";
  const { leaves, shape } = flattenTensors([...examples]);
  const paths = leafPaths(shape);
  const signature = JSON.stringify([device, options.threads ?? 1, shape, leaves.map(typeOf)]);
  const held = await programs.hold(fn, signature, async () => {
    const { flat, outputShape } = await compileFlat(fn, examples, options);
    return { flat, outputShape, dispose: () => flat.dispose() };
  });
  const { flat, outputShape } = held.built;
  let disposed = false;
  return {
    device,
    onnx: flat.onnx,
    async run(...args) {
      if (disposed) throw new Error("program: it was disposed of; compile it again");
      const given = flattenTensors(args).leaves;
      if (given.length !== leaves.length)
        throw new TypeError(
          `program: expected ${leaves.length} tensors in its arguments, got ${given.length}`,
        );
      for (let i = 0; i < given.length; i++) checkLike(given[i], leaves[i], `program: argument ${paths[i]}`);
      return unflatten(outputShape, await flat.run(given)) as Tensors<Out>;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await held.release();
    },
  };
}

function typeOf({ shape, data }: Tensor): string {
  return `${elementType(data)}[${shape}]`;
}

export interface OutputType {
  shape: readonly number[];
  type: ElementType;
}

/** The same, between lists of tensors: for callers inside compute that own their buffers. */
export async function compileFlat(
  fn: ModelFunction,
  examples: readonly unknown[],
  options: CompileOptions,
): Promise<{ flat: FlatProgram; outputShape: TreeShape; outputs: OutputType[] }> {
  const traced = trace(fn, examples);
  const outputs = traced.jaxpr.outs.map(({ aval }) => ({
    shape: aval.shape,
    type: aval.dtype as ElementType,
  }));
  const flat = await build(fn, examples, traced, options);
  return { flat, outputShape: traced.outputShape, outputs };
}

async function build(
  fn: ModelFunction,
  examples: readonly unknown[],
  traced: Traced,
  { device = "cpu", threads = 1 }: CompileOptions,
): Promise<FlatProgram> {
  if (device === "jaxjs") return jaxjsProgram(fn, examples);
  const options = { executionProvider: device, threads };
  const program = await onnxRuntimeProgram(traced, options).catch((error: unknown) => {
    if (!(error instanceof UnsupportedPrimitive)) throw error;
    const { primitive, types } = error;
    throw new UnsupportedPrimitive(primitive, types, originOf(fn, examples, primitive));
  });
  return program ?? jaxjsProgram(fn, examples);
}
