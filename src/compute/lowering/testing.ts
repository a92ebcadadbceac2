/**
 * For tests: runs a function on ONNX Runtime and on jax-js and compares; gradients against finite differences.
 * WETGRAD_TEST_DEVICE: what ONNX Runtime runs on (default cpu; wasm, webgpu, cuda).
 */
import assert from "node:assert/strict";
import type { ComputeDevice, Tensor } from "../contract.ts";
import { type Array as JaxArray, valueAndGrad } from "../jax.ts";
import { Noise } from "../noise.ts";
import { compile } from "../programs/compile.ts";
import type { ModelFunction } from "../programs/trace.ts";
import { flattenTensors } from "../tensors/tree.ts";

const DEVICE = (process.env["WETGRAD_TEST_DEVICE"] ?? "cpu") as ComputeDevice;
/** WGSL promises sines to 2^-11 only (https://www.w3.org/TR/WGSL/#floating-point-accuracy). */
const ROUNDING = DEVICE === "cpu" || DEVICE === "wasm" ? 1 : 25;

export type Arrays = (...arrays: JaxArray[]) => unknown;

const noise = Noise.of(1, "lowering tests");

/** Normal numbers, kept away from 0 by `gap`, so that kinks and poles are out of reach of finite differences. */
export function values(shape: readonly number[], gap = 0): Tensor {
  const { data } = noise.normals(shape);
  return { shape, data: data.map((x) => x + (x < 0 ? -gap : gap)) };
}

/** Positive numbers from 0.5. */
export function positives(shape: readonly number[]): Tensor {
  const { data } = noise.normals(shape);
  return { shape, data: data.map((x) => Math.abs(x) + 0.5) };
}

export function integers(shape: readonly number[], below: number): Tensor {
  return noise.integers(shape, below);
}

export function booleans(shape: readonly number[]): Tensor {
  return { shape, data: Uint8Array.from(noise.integers(shape, 2).data) };
}

interface Runnable {
  run(...inputs: Tensor[]): Promise<unknown>;
  dispose(): Promise<void>;
}

/** `compile`, for functions and inputs whose types are not known. */
function compileArrays(
  fn: ModelFunction,
  inputs: readonly Tensor[],
  device: ComputeDevice,
): Promise<Runnable> {
  const untyped = compile as (fn: unknown, examples: unknown, options: unknown) => Promise<unknown>;
  return untyped(fn, inputs, { device }) as Promise<Runnable>;
}

async function results(
  fn: ModelFunction,
  inputs: readonly Tensor[],
  device: ComputeDevice,
): Promise<Tensor[]> {
  const program = await compileArrays(fn, inputs, device);
  const out = flattenTensors(await program.run(...inputs)).leaves;
  await program.dispose();
  return out;
}

/** Expects ONNX Runtime to give what jax-js gives: the same shapes and types, numbers to float32 rounding. */
export async function expectSame(fn: Arrays, inputs: readonly Tensor[], tolerance = 2e-5): Promise<void> {
  const [got, want] = [await results(fn, inputs, DEVICE), await results(fn, inputs, "jaxjs")];
  assert.equal(got.length, want.length);
  got.forEach((tensor, i) => {
    expectClose(tensor, want[i], tolerance * ROUNDING);
  });
}

export function expectClose(got: Tensor, want: Tensor, tolerance: number): void {
  assert.deepEqual(got.shape, want.shape);
  assert.equal(got.data.constructor, want.data.constructor);
  assert.equal(got.data.length, want.data.length);
  const scale = Math.max(1, ...Array.from(want.data).filter(Number.isFinite).map(Math.abs));
  want.data.forEach((x: number, i: number) => {
    const y = got.data[i];
    const close =
      Object.is(x, y) ||
      x === y ||
      (Number.isNaN(x) && Number.isNaN(y)) ||
      Math.abs(x - y) <= tolerance * scale;
    if (!close) assert.fail(`element ${i} of [${want.shape}]: expected ${x}, got ${y}`);
  });
}

/** Expects the gradient of a random weighting of `fn`'s result, from ONNX Runtime, to match central differences. */
export async function expectGradient(fn: Arrays, inputs: readonly Tensor[], step = 3e-3): Promise<void> {
  const example = flattenTensors(await shapeOf(fn, inputs)).leaves;
  const weights = example.map(({ shape }) => values(shape));
  const count = inputs.length;
  const scalar = (...all: JaxArray[]): JaxArray => {
    const outs = [fn(...all.slice(0, count))].flat() as JaxArray[];
    return outs.map((out, i) => out.mul(all[count + i]).sum()).reduce((a, b) => a.add(b));
  };
  const argnums = inputs.map((_, i) => i).filter((i) => inputs[i].data instanceof Float32Array);
  const gradient = (valueAndGrad as unknown as (f: unknown, o: unknown) => ModelFunction)(scalar, {
    argnums,
  });
  const all = [...inputs, ...weights];
  const [, ...grads] = await results(gradient, all, DEVICE);
  const value = await compileArrays(scalar, all, DEVICE);
  const at = async (arg: number, index: number, delta: number): Promise<number> => {
    const moved = all.map(({ shape, data }, i) => ({ shape, data: i === arg ? data.slice() : data }));
    moved[arg].data[index] += delta;
    const out = (await value.run(...moved)) as Tensor;
    return out.data[0];
  };
  for (const [i, arg] of argnums.entries()) {
    const size = inputs[arg].data.length;
    for (let probe = 0; probe < Math.min(size, 3); probe++) {
      const index = Math.floor((probe * size) / 3);
      const slope = ((await at(arg, index, step)) - (await at(arg, index, -step))) / (2 * step);
      const got = grads[i].data[index];
      if (Math.abs(slope - got) > 2e-2 * Math.max(1, Math.abs(slope)))
        assert.fail(
          `gradient of argument ${arg} at ${index}: differences say ${slope}, the program says ${got}`,
        );
    }
  }
  await value.dispose();
}

async function shapeOf(fn: Arrays, inputs: readonly Tensor[]): Promise<unknown> {
  const program = await compileArrays(fn, inputs, DEVICE);
  const out = await program.run(...inputs);
  await program.dispose();
  return out;
}
