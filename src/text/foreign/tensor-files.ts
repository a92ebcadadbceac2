/** The tensors of a model folder by name, from one safetensors file or from shards, read when they are asked for. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Tensor } from "../../compute/index.ts";
import { fromHalf } from "../../compute/tensors/half.ts";
import { decodeRawTensors, type TypedTensor } from "../../files/raw-safetensors.ts";
import { TextError } from "../error.ts";

const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";
const INDEX_FILE = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/** Gives the tensor of a name, `undefined` where there is none. Throws `TextError` where a shard is missing. */
export type TensorSource = (name: string) => Tensor | undefined;

export function openTensorFiles(folder: string): TensorSource {
  const index = join(folder, INDEX);
  if (existsSync(join(folder, SINGLE))) {
    const tensors = tensorsOf(join(folder, SINGLE));
    return (name) => floats(tensors.get(name), name);
  }
  if (!existsSync(index))
    throw new TextError(`${folder}: expected ${SINGLE} or ${INDEX} with its shards, got neither`);
  const map = weightMap(index);
  const shards = [...new Set(map.values())];
  const missing = shards.filter((shard) => !existsSync(join(folder, shard)));
  if (missing.length > 0)
    throw new TextError(
      `${folder}: expected ${shards.length} shards, ${missing.length} are missing: ${missing.slice(0, 3).join(", ")}; fetch them`,
    );
  // One shard at a time is held: layers are asked for in their order, as they lie in the shards.
  let held: { shard: string; tensors: Map<string, TypedTensor> } | undefined;
  return (name) => {
    const shard = map.get(name);
    if (shard === undefined) return undefined;
    if (held?.shard !== shard) held = { shard, tensors: tensorsOf(join(folder, shard)) };
    return floats(held.tensors.get(name), name);
  };
}

function weightMap(path: string): Map<string, string> {
  try {
    return new Map(Object.entries(INDEX_FILE.parse(JSON.parse(readFileSync(path, "utf8"))).weight_map));
  } catch {
    throw new TextError(`${path}: expected JSON with a weight_map of tensors to files, got other text`);
  }
}

function tensorsOf(path: string): Map<string, TypedTensor> {
  const bytes = readFileSync(path);
  try {
    return decodeRawTensors(bytes).tensors;
  } catch (error) {
    throw new TextError(`${path}: ${(error as Error).message}`);
  }
}

function floats(tensor: TypedTensor | undefined, name: string): Tensor | undefined {
  if (!tensor) return undefined;
  const { dtype, shape, data } = tensor;
  if (dtype === "F32") return { shape, data: (data as Float32Array).slice() };
  if (dtype === "F16") return { shape, data: fromHalf(data) };
  if (dtype === "BF16")
    return { shape, data: new Float32Array(Uint32Array.from(data, (b) => b << 16).buffer) };
  throw new TextError(`safetensors: expected ${name} as F32, F16 or BF16, got ${dtype}`);
}
