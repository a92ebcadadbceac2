/** The part of jax-js's intermediate representation that the lowering reads. Structural: nothing of jax-js is imported. */

export type ElementType = "float32" | "int32" | "uint32" | "bool";

export interface Aval {
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** A variable, or a scalar literal (which has a `value`). */
export interface Atom {
  readonly aval: Aval;
  readonly value?: unknown;
}

export type Params = Readonly<Record<string, unknown>>;

export interface Equation {
  readonly primitive: string;
  readonly inputs: readonly Atom[];
  readonly params: Params;
  readonly outBinders: readonly Atom[];
}

/** A flattened jaxpr. `inBinders` are the constants, then the arguments. */
export interface Jaxpr {
  readonly inBinders: readonly Atom[];
  readonly eqns: readonly Equation[];
  readonly outs: readonly Atom[];
}

/** A constant of the jaxpr. bool is 0 or 1 in bytes. */
export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint32Array | Uint8Array;
}

export function elementTypeOf(aval: Aval): ElementType {
  if (aval.dtype === "float32" || aval.dtype === "int32" || aval.dtype === "uint32" || aval.dtype === "bool")
    return aval.dtype;
  throw new TypeError(
    `lowering: expected float32, int32, uint32 or bool, got ${aval.dtype}; cast it with astype`,
  );
}

export function isLiteral(atom: Atom): boolean {
  return "value" in atom && atom.value !== undefined;
}

export function product(lengths: readonly number[]): number {
  return lengths.reduce((a, b) => a * b, 1);
}
