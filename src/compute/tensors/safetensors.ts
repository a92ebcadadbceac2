/**
 * Reading and writing safetensors (https://github.com/huggingface/safetensors#format): eight bytes of header length,
 * a JSON header, then the tensors' bytes without gaps. A tree of tensors is written under flat names: `blocks.0.weight`.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import type { Tensor, TensorData, TensorTree } from "../contract.ts";
import { type ElementType, elementType, sizeOf } from "./tensor.ts";
import { flattenTensors, leafPaths } from "./tree.ts";

const DTYPE: Readonly<Record<ElementType, string>> = {
  float32: "F32",
  int32: "I32",
  uint32: "U32",
  bool: "BOOL",
};
const READERS: Readonly<Record<string, { bytes: number; read: (buffer: ArrayBuffer) => TensorData }>> = {
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  I32: { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  U32: { bytes: 4, read: (buffer) => new Uint32Array(buffer) },
  BOOL: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
  F64: { bytes: 8, read: (buffer) => Float32Array.from(new Float64Array(buffer)) },
  BF16: {
    bytes: 2,
    read: (buffer) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (b) => b << 16).buffer),
  },
};

/** What a file holds. */
export interface SafetensorsFile {
  tensors: TensorTree;
  metadata: Record<string, string>;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export function encodeSafetensors(tree: unknown, metadata: Record<string, string> = {}): Uint8Array {
  const { leaves, shape } = flattenTensors(tree);
  const names = leafPaths(shape);
  const header: Record<string, HeaderEntry | Record<string, string>> = {};
  if (Object.keys(metadata).length > 0) header["__metadata__"] = metadata;
  let offset = 0;
  leaves.forEach((leaf, i) => {
    const name = names[i];
    if (name === "" || name === "__metadata__" || name in header)
      throw new TypeError(
        `safetensors: cannot name a tensor "${name}"; keys must be unique and hold no dots`,
      );
    const end = offset + leaf.data.byteLength;
    header[name] = {
      dtype: DTYPE[elementType(leaf.data)],
      shape: [...leaf.shape],
      data_offsets: [offset, end],
    };
    offset = end;
  });
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(json, 8);
  let position = 8 + headerLength;
  for (const { data } of leaves) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const fail = (reason: string): never => {
    throw new Error(`safetensors: ${reason}; is this a safetensors file?`);
  };
  if (bytes.length < 8) fail(`expected at least 8 bytes, got ${bytes.length}`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (8 + headerLength > bytes.length)
    fail(`the header says ${headerLength} bytes, the file has ${bytes.length}`);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), fail);
  const { __metadata__: metadata = {}, ...entries } = header;
  const body = bytes.subarray(8 + headerLength);
  const sorted = Object.entries(entries as Record<string, HeaderEntry>).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0],
  );
  let covered = 0;
  const tensors = new Map<string, Tensor>();
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [start, end],
    },
  ] of sorted) {
    const reader = READERS[dtype];
    if (!reader)
      throw new Error(`safetensors: ${name} has type ${dtype}; known are ${Object.keys(READERS).join(", ")}`);
    if (start !== covered || end - start !== sizeOf(shape) * reader.bytes)
      fail(
        `${name} ${dtype} [${shape}] lies at bytes ${start}..${end}, expected ${sizeOf(shape) * reader.bytes} bytes from ${covered}`,
      );
    if (end > body.length) fail(`${name} ends at byte ${end} of ${body.length}: the file is cut short`);
    tensors.set(name, { shape, data: reader.read(new Uint8Array(body.subarray(start, end)).buffer) });
    covered = end;
  }
  if (covered !== body.length) fail(`${body.length - covered} bytes follow the last tensor`);
  const inOrder = Object.keys(entries).map((name) => [name, tensors.get(name)!] as const);
  return { tensors: treeOf(inOrder), metadata: metadata as unknown as Record<string, string> };
}

function parseHeader(bytes: Uint8Array, fail: (reason: string) => never): Record<string, HeaderEntry> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    fail("the header is not JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    fail("the header is not an object");
  for (const [name, entry] of Object.entries(header as Record<string, Partial<HeaderEntry>>)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = entry;
    const naturals = (list: unknown): boolean =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
    if (typeof dtype !== "string" || !naturals(shape) || !naturals(offsets) || offsets?.length !== 2)
      fail(`the header entry of ${name} lacks dtype, shape or data_offsets`);
  }
  return header as Record<string, HeaderEntry>;
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
