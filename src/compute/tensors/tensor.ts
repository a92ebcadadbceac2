/** Making and checking tensors: small helpers over plain typed arrays. */
import type { Tensor, TensorData } from "../contract.ts";

/** The element types that cross the border of a program. */
export type ElementType = "float32" | "int32" | "uint32" | "bool";

export function elementType(data: TensorData): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Uint32Array) return "uint32";
  if (data instanceof Uint8Array) return "bool";
  throw new TypeError("tensor: expected Float32Array, Int32Array, Uint32Array or Uint8Array (bool) data");
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function allocate(type: ElementType, length: number): TensorData {
  if (type === "float32") return new Float32Array(length);
  if (type === "int32") return new Int32Array(length);
  if (type === "uint32") return new Uint32Array(length);
  return new Uint8Array(length);
}

/** A tensor of the given shape; float32 if the data is a list of numbers. */
export function tensor(shape: readonly number[], data: TensorData | readonly number[]): Tensor {
  const typed = ArrayBuffer.isView(data) ? data : Float32Array.from(data);
  if (typed.length !== sizeOf(shape))
    throw new TypeError(`tensor: shape [${shape}] needs ${sizeOf(shape)} values, got ${typed.length}`);
  return { shape: [...shape], data: typed };
}

/** A float32 tensor of zeros. */
export function zeros(shape: readonly number[]): Tensor {
  return { shape: [...shape], data: new Float32Array(sizeOf(shape)) };
}

export function full(shape: readonly number[], value: number): Tensor {
  return { shape: [...shape], data: new Float32Array(sizeOf(shape)).fill(value) };
}

/** A float32 tensor of shape `[]`. */
export function scalar(value: number): Tensor {
  return { shape: [], data: Float32Array.of(value) };
}

/** Throws unless `given` has the shape and element type of `expected`. */
export function checkLike(given: Tensor, expected: Tensor, name: string): void {
  const [got, want] = [elementType(given.data), elementType(expected.data)];
  const sameShape =
    given.shape.length === expected.shape.length && given.shape.every((n, i) => n === expected.shape[i]);
  if (got !== want || !sameShape || given.data.length !== expected.data.length)
    throw new TypeError(`${name}: expected ${want} [${expected.shape}], got ${got} [${given.shape}]`);
}
