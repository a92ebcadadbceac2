/**
 * Trees of tensors in safetensors files (files/raw-safetensors.ts), written under flat names: `blocks.0.weight`.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import {
  decodeRawTensors,
  encodeTensorHeader,
  type RawData,
  type RawTensor,
} from "../../files/raw-safetensors.ts";
import type { Tensor, TensorData, TensorTree } from "../contract.ts";
import { fromHalf, toHalf } from "./half.ts";
import { type ElementType, elementType } from "./tensor.ts";
import { flattenTensors, leafPaths } from "./tree.ts";

const DTYPE: Readonly<Record<ElementType, string>> = {
  float32: "F32",
  int32: "I32",
  uint32: "U32",
  bool: "BOOL",
};
/** By type; what is read does not lie in the file's bytes. */
const READERS: Readonly<Record<string, (data: RawData) => TensorData>> = {
  F32: (data) => (data as Float32Array).slice(),
  I32: (data) => (data as Int32Array).slice(),
  U32: (data) => (data as Uint32Array).slice(),
  BOOL: (data) => (data as Uint8Array).slice(),
  F64: (data) => Float32Array.from(data),
  F16: (data) => fromHalf(data),
  BF16: (data) => new Float32Array(Uint32Array.from(data, (b) => b << 16).buffer),
};

/** What a file holds. */
export interface SafetensorsFile {
  tensors: TensorTree;
  metadata: Record<string, string>;
}

/** `half`: numbers as float16, of half the size. */
export function encodeSafetensors(
  tree: unknown,
  metadata: Record<string, string> = {},
  { half = false } = {},
): Uint8Array {
  const { leaves, shape } = flattenTensors(tree);
  const names = leafPaths(shape);
  const tensors: Record<string, RawTensor> = {};
  const dtypes: Record<string, string> = {};
  leaves.forEach((leaf, i) => {
    const name = names[i];
    if (name === "" || name === "__metadata__" || name in tensors)
      throw new TypeError(
        `safetensors: cannot name a tensor "${name}"; keys must be unique and hold no dots`,
      );
    const type = elementType(leaf.data);
    const halved = half && type === "float32";
    tensors[name] = halved ? { shape: leaf.shape, data: toHalf(leaf.data) } : leaf;
    dtypes[name] = halved ? "F16" : DTYPE[type];
  });
  const { header, parts } = encodeTensorHeader(tensors, metadata, dtypes);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, header.length));
  let position = 0;
  for (const part of [header, ...parts]) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}

export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { tensors: raw, metadata } = decodeRawTensors(bytes);
  const tensors = [...raw].map(([name, { dtype, shape, data }]) => {
    const read = READERS[dtype];
    if (!read)
      throw new Error(`safetensors: ${name} has type ${dtype}; known are ${Object.keys(READERS).join(", ")}`);
    return [name, { shape, data: read(data) }] as const;
  });
  return { tensors: treeOf(tensors), metadata };
}

/** The tree of flat names; a level whose keys are 0, 1, 2, ... is an array. */
function treeOf(tensors: readonly (readonly [string, Tensor])[]): TensorTree {
  type Level = Map<string, Level | Tensor>;
  const root: Level = new Map();
  for (const [name, tensor] of tensors) {
    const path = name.split(".");
    let level = root;
    for (const key of path.slice(0, -1)) {
      const next = level.get(key) ?? new Map();
      if (!(next instanceof Map))
        throw new Error(`safetensors: ${name} lies below a tensor of the same name`);
      level.set(key, next);
      level = next;
    }
    const last = path.at(-1)!;
    if (level.has(last)) throw new Error(`safetensors: ${name} is both a tensor and a group`);
    level.set(last, tensor);
  }
  const build = (level: Level): TensorTree => {
    const keys = [...level.keys()];
    const child = (key: string): TensorTree => {
      const value = level.get(key)!;
      return value instanceof Map ? build(value) : value;
    };
    const indices = keys.map((_, i) => String(i));
    if (keys.length > 0 && indices.every((key) => level.has(key))) return indices.map(child);
    return Object.fromEntries(keys.map((key) => [key, child(key)]));
  };
  return build(root);
}

/** Writes whole or not at all: to a neighbouring file, then renamed. */
export async function writeSafetensors(
  path: string,
  tree: unknown,
  metadata?: Record<string, string>,
): Promise<void> {
  const partial = `${path}.partial`;
  await writeFile(partial, encodeSafetensors(tree, metadata));
  await rename(partial, path);
}

export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  return decodeSafetensors(await readFile(path));
}
