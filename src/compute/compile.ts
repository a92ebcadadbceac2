/**
 * From a pure jax-js function to a program on plain typed arrays: trace it, lower it, hand it to an executor.
 */
import type { CompileOptions, Program, Tensors } from "./contract.ts";
import type { FlatProgram } from "./executor/executor.ts";
import { jaxjsProgram } from "./executor/jaxjs.ts";
import { onnxRuntimeProgram } from "./executor/onnxruntime.ts";
import { checkLike, type ElementType } from "./tensor.ts";
import { type ModelFunction, type Traced, trace } from "./trace.ts";
import { flattenTensors, leafPaths, type TreeShape, unflatten } from "./tree.ts";

/**
 * Compiles `fn` for arguments shaped like `examples` (trees of tensors; only shapes and element types are read).
 * How to write `fn`: see jax.ts.
 */
export async function compile<Args extends unknown[], Out>(
  fn: (...args: Args) => Out,
  examples: { [Key in keyof Args]: Tensors<Args[Key]> },
  options: CompileOptions = {},
): Promise<Program<Args, Out>> {
  const device = options.device ?? "cpu";
  const { leaves, shape } = flattenTensors([...examples]);
  const paths = leafPaths(shape);
  const { flat, outputShape } = await compileFlat(fn, examples, options);
  return {
    device,
    onnx: flat.onnx,
    async run(...args) {
      const given = flattenTensors(args).leaves;
      if (given.length !== leaves.length)
        throw new TypeError(
          `program: expected ${leaves.length} tensors in its arguments, got ${given.length}`,
        );
      for (let i = 0; i < given.length; i++)
        checkLike(given[i]!, leaves[i]!, `program: argument ${paths[i]}`);
      return unflatten(outputShape, await flat.run(given)) as Tensors<Out>;
    },
    dispose: () => flat.dispose(),
  };
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

function build(
  fn: ModelFunction,
  examples: readonly unknown[],
  traced: Traced,
  { device = "cpu", threads = 1 }: CompileOptions,
): Promise<FlatProgram> {
  if (device === "jaxjs") return Promise.resolve(jaxjsProgram(fn, examples));
  return onnxRuntimeProgram(traced, { executionProvider: device, threads });
}
