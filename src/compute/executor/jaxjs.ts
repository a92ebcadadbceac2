/**
 * The reference executor: jax-js's own `jit` on its WebAssembly backend. Slow in Node, but the same functions run on
 * it in a browser, and the other executors are tested against it.
 */
import type { Tensor } from "../contract.ts";
import type { Array as JaxArray } from "../jax.ts";
import { jit, makeJaxpr } from "../jax.ts";
import {
  argumentTypes,
  type ModelFunction,
  readArray,
  withoutOwnership,
  writeArray,
} from "../programs/trace.ts";
import { flatten, flattenTensors, unflatten } from "../tensors/tree.ts";
import type { FlatProgram } from "./executor.ts";

export function jaxjsProgram(fn: ModelFunction, examples: readonly unknown[]): FlatProgram {
  const jitted = jit(fn as never) as unknown as (...args: unknown[]) => unknown;
  // Traced here, with ownership lifted, so that `jit` finds it in its cache and never traces by itself.
  withoutOwnership(() => makeJaxpr(jitted as never)(...(argumentTypes(examples) as never)));
  const { shape } = flattenTensors([...examples]);
  const run = async (inputs: readonly Tensor[], outputs?: readonly Tensor[]) => {
    const args = unflatten(shape, inputs.map(writeArray)) as unknown[];
    const results = flatten(jitted(...args), isArray).leaves.map(readArray);
    if (!outputs) return results;
    results.forEach(({ data }, i) => {
      outputs[i].data.set(data);
    });
    return [...outputs];
  };
  return {
    onnx: null,
    run,
    bind: (inputs, outputs) => async () => {
      await run(inputs, outputs);
    },
    // `jitted.dispose` would free the arrays that the function closes over, which are not ours.
    async dispose() {},
  };
}

function isArray(value: unknown): value is JaxArray {
  return typeof value === "object" && value !== null && "aval" in value;
}
