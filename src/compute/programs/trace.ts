/**
 * Tracing a model function: one symbolic run through jax-js, giving its jaxpr (the equations), the constants it
 * closed over, and the shape of its result.
 *
 * jax-js counts references: a call consumes its arguments, and using an array twice needs `.ref`. That protects
 * memory when arrays are real. While tracing nothing is allocated, so here the rule is lifted: `ref` and `dispose`
 * do nothing between `lift()` and `restore()`. The classes that carry the count are not exported, so a one-line
 * program is traced once to meet them. Version pinned; trace.test.ts fails if a new version changes this.
 */
import type { ArrayTree, Tensor } from "../contract.ts";
import { grad, Array as JaxArray, makeJaxpr, np } from "../jax.ts";
import { type ElementType, elementType, tensor } from "../tensors/tensor.ts";
import { flatten, flattenTensors, type TreeShape, unflatten } from "../tensors/tree.ts";

type ClosedJaxpr = ReturnType<ReturnType<typeof makeJaxpr>>["jaxpr"];
export type Jaxpr = ClosedJaxpr["jaxpr"];

/** A traced function. `jaxpr.inBinders` are the constants, then the leaves of the arguments in order. */
export interface Traced {
  jaxpr: Jaxpr;
  constants: Tensor[];
  outputShape: TreeShape;
}

/** A function of trees of arrays. */
// biome-ignore lint/suspicious/noExplicitAny: parameters are contravariant; no narrower type accepts every model.
export type ModelFunction = (...args: any[]) => unknown;

/** What jax-js must know of an argument; a class, because jax-js would walk into a plain object. */
class ArgumentType {
  constructor(
    readonly shape: number[],
    readonly dtype: ElementType,
    readonly weakType: boolean,
  ) {}
}

/** The types of `examples`, as the trees that `makeJaxpr` and the cache of `jit` expect. */
export function argumentTypes(examples: readonly unknown[]): unknown[] {
  const { leaves, shape } = flattenTensors([...examples]);
  const types = leaves.map(({ shape, data }) => new ArgumentType([...shape], elementType(data), false));
  return unflatten(shape, types) as unknown[];
}

export function trace(fn: ModelFunction, examples: readonly unknown[]): Traced {
  const traceable = fn as (...args: unknown[]) => ArrayTree;
  let outputShape: TreeShape | null = null;
  const seen = (...args: unknown[]): ArrayTree => {
    const result = traceable(...args);
    outputShape = flatten(result, isArrayLeaf).shape;
    return result;
  };
  const { jaxpr } = withoutOwnership(() => makeJaxpr(seen as never)(...(argumentTypes(examples) as never)));
  return {
    jaxpr: jaxpr.jaxpr.flatten().simplify(),
    // Read through a reference of our own: an array that the function closes over stays its owner's.
    constants: jaxpr.consts.map((constant) => readArray((constant as unknown as JaxArray).ref)),
    outputShape: outputShape!,
  };
}

function isArrayLeaf(value: unknown): value is JaxArray | number | boolean {
  if (typeof value === "number" || typeof value === "boolean") return true;
  return typeof value === "object" && value !== null && "aval" in value;
}

/** Copies a concrete jax-js array out, and frees it. */
export function readArray(array: JaxArray): Tensor {
  const { shape, dtype } = array;
  const data = array.dataSync();
  if (dtype === "bool") return tensor(shape, Uint8Array.from(data as ArrayLike<number>));
  if (dtype === "float32" || dtype === "int32" || dtype === "uint32")
    return tensor(shape, data.slice() as Float32Array | Int32Array | Uint32Array);
  throw new TypeError(
    `compute: programs carry float32, int32, uint32 and bool, got ${dtype}; cast it with astype`,
  );
}

/** A concrete jax-js array holding a tensor's values. */
export function writeArray({ shape, data }: Tensor): JaxArray {
  if (data.length === 0) return np.zeros([...shape], { dtype: elementType(data) as never });
  const source = data instanceof Uint8Array ? Int32Array.from(data) : data;
  return np.array(source as never, { shape: [...shape], dtype: elementType(data) as never });
}

/** Runs `body` with reference counting switched off. */
export function withoutOwnership<T>(body: () => T): T {
  const saved = countingPrototypes().map((prototype) => ({
    prototype,
    ref: Object.getOwnPropertyDescriptor(prototype, "ref")!,
    dispose: Object.getOwnPropertyDescriptor(prototype, "dispose")!,
  }));
  for (const { prototype } of saved) {
    Object.defineProperty(prototype, "ref", { configurable: true, get: itself });
    Object.defineProperty(prototype, "dispose", { configurable: true, writable: true, value: () => {} });
  }
  try {
    return body();
  } finally {
    for (const { prototype, ref, dispose } of saved) {
      Object.defineProperty(prototype, "ref", ref);
      Object.defineProperty(prototype, "dispose", dispose);
    }
  }
}

function itself<T>(this: T): T {
  return this;
}

let prototypes: object[] | null = null;

/** The prototypes of the three jax-js classes that count: concrete arrays, jaxpr tracers, partial-evaluation tracers. */
function countingPrototypes(): object[] {
  if (prototypes) return prototypes;
  const found = new Set<object>([JaxArray.prototype]);
  const meet = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { primal, tangent, pval } = value as {
      primal?: unknown;
      tangent?: unknown;
      pval?: { val: unknown };
    };
    if (primal !== undefined) {
      meet(primal);
      meet(tangent);
      return;
    }
    found.add(Object.getPrototypeOf(value));
    if (pval) meet(pval.val);
  };
  const identity = (x: JaxArray): JaxArray => {
    meet(x);
    return x;
  };
  makeJaxpr(grad(identity as never) as never)(...(argumentTypes([tensor([], [0])]) as never));
  for (const prototype of found)
    if (!Object.hasOwn(prototype, "ref") || !Object.hasOwn(prototype, "dispose"))
      throw new Error("compute: this version of @jax-js/jax counts references in another way; use 0.1.25");
  if (found.size !== 3)
    throw new Error("compute: this version of @jax-js/jax traces in another way; use 0.1.25");
  prototypes = [...found];
  return prototypes;
}
