/**
 * HDF5 through h5wasm, made safe: every library call runs in `guarded`, which turns what HDF5 would print on
 * stderr into a `RecordingError` (h5wasm ignores most status codes, so a corrupt chunk would otherwise read as
 * garbage) and stops the clock that HDF5 stamps into objects it writes, so that equal writes give equal bytes.
 * https://github.com/usnistgov/h5wasm
 */
import { existsSync, statSync } from "node:fs";
import { Dataset, type Entity, File, FS, Group, Module, ready } from "h5wasm/node";
import { StorageError, storageFault } from "../files/storage.ts";
import { checkGlobalHeaps } from "./apart/heaps.ts";
import { RecordingError } from "./contract.ts";

let complaints = "";
/** A damaged file can stop the library for good: nothing it says afterwards is true. */
let stopped = false;

/** Whether the library was stopped, and what memory it has taken, which it keeps. */
export function hdf5State(): { readonly isStopped: boolean; readonly bytes: number } {
  return { isStopped: stopped, bytes: Module?.HEAPU8.length ?? 0 };
}

/** What is said of every file after the library was stopped by another. */
const STOPPED = "the HDF5 library was stopped by a damaged file: open this one in a new process";

/** Loads the library once and collects its diagnostics instead of letting them reach stderr. */
export async function loadHdf5(): Promise<void> {
  await ready;
  const decoder = new TextDecoder();
  const stderr = (FS as unknown as { streams: Record<string, unknown>[] }).streams[2];
  if (stderr["stream_ops"] !== undefined) return;
  stderr["node"] = { mode: 0o20666 };
  stderr["stream_ops"] = {
    write(_stream: unknown, buffer: Uint8Array, offset: number, length: number): number {
      complaints += decoder.decode(buffer.slice(offset, offset + length));
      return length;
    },
  };
}

/** Runs HDF5 calls; `doing` names them in the error ("read /spikes of x.h5"). All of HDF5 is synchronous. */
export function guarded<T>(doing: string, calls: () => T): T {
  const now = Date.now;
  complaints = "";
  Date.now = () => 0;
  try {
    const result = calls();
    if (complaints !== "") throw complaint(doing, innermost(complaints));
    return result;
  } catch (error) {
    if (error instanceof Error && error.name === "RuntimeError") stopped = true;
    if (error instanceof RecordingError || error instanceof StorageError) throw error;
    const reason =
      complaints === "" ? String(error instanceof Error ? error.message : error) : innermost(complaints);
    throw complaint(doing, reason.split("\n")[0], error);
  } finally {
    Date.now = now;
  }
}

/** That the disk is full is no fault of the file. */
function complaint(doing: string, reason: string, cause?: unknown): unknown {
  // The C library's words stand where a line of HDF5's stack has been broken.
  const fault = storageFault(new Error(complaints || reason), `HDF5 could not ${doing}`);
  return fault instanceof StorageError
    ? fault
    : new RecordingError(`HDF5 could not ${doing}: ${reason}`, { cause });
}

/** The last line of HDF5's error stack that names a cause. */
function innermost(stack: string): string {
  const lines = stack.split("\n").filter((line) => /^\s*#\d+:/.test(line));
  return (lines.at(-1) ?? stack.split("\n")[0]).replace(/^.*\bin \w+\(\): /, "").trim();
}

/** A byte of a deflated file holds no more than this many (https://zlib.net/zlib_tech.html). */
const MOST_DEFLATED = 1032;
/** The sizes of open files. */
const fileBytes = new Map<unknown, number>();

export function openHdf5(path: string): File {
  if (!existsSync(path)) throw new RecordingError(`${path}: no such file`);
  const { size } = statSync(path);
  if (size === 0) throw new RecordingError(`${path}: the file is empty`);
  if (stopped) throw new RecordingError(`${path}: ${STOPPED}`);
  checkGlobalHeaps(path);
  const file = guarded(`open ${path}`, () => new File(path, "r"));
  fileBytes.set(file.file_id, size);
  return file;
}

/** Closes the file; one that stopped the library is gone already. */
export function closeHdf5(file: File): void {
  fileBytes.delete(file.file_id);
  try {
    guarded("close", () => file.close());
  } catch (error) {
    if (!stopped) throw error;
  }
}

/** The dataset, if its file can hold what it claims to be: a damaged size would be read for hours, or fill the memory. */
export function credible(data: Dataset): Dataset {
  const bytes = fileBytes.get(data.file_id) ?? Number.POSITIVE_INFINITY;
  const { size, chunks } = data.metadata;
  for (const extent of [data.shape ?? [], chunks ?? []]) {
    const claimed = extent.reduce((a, b) => a * b, size);
    if (claimed > MOST_DEFLATED * Math.max(bytes, 2 ** 16))
      throw new RecordingError(
        `${data.path}: claims ${claimed} bytes, more than a file of ${bytes} can hold; the file is damaged`,
      );
  }
  return data;
}

export function dataset(file: File | Group, path: string): Dataset | undefined {
  const entity = find(file, path);
  return entity instanceof Dataset ? credible(entity) : undefined;
}

export function group(file: File | Group, path: string): Group | undefined {
  const entity = find(file, path);
  return entity instanceof Group ? entity : undefined;
}

function find(file: File | Group, path: string): Entity | null {
  return guarded(`look up ${path}`, () => file.get(path));
}

/** Numbers of a dataset (or rows `start..stop` of a one-dimensional one), whatever its width. */
export function numbers(data: Dataset, start?: number, stop?: number): Float64Array {
  const value = guarded(`read ${data.path}`, () =>
    start === undefined ? data.value : data.slice([[start, stop ?? null]]),
  );
  return toNumbers(value, data.path);
}

export function toNumbers(value: unknown, path: string): Float64Array {
  if (value instanceof Float64Array) return value;
  if (typeof value === "number" || typeof value === "bigint") return Float64Array.of(Number(value));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Float64Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  throw new RecordingError(`${path}: expected numbers, got ${describe(value)}`);
}

/** Texts; numbers as they are written. */
export function strings(data: Dataset): string[] {
  const value = guarded(`read ${data.path}`, () => data.value);
  const list = ArrayBuffer.isView(value)
    ? Array.from(value as unknown as ArrayLike<number | bigint>)
    : Array.isArray(value)
      ? value
      : [value];
  return list.map((item) => String(item).trimEnd());
}

function describe(value: unknown): string {
  return value === null ? "nothing" : Array.isArray(value) ? `a list of ${typeof value[0]}` : typeof value;
}

/** First number of an optional dataset. */
export function numberAt(file: File | Group, path: string): number | undefined {
  const data = dataset(file, path);
  if (!data || data.shape?.includes(0)) return undefined;
  const value = guarded(`read ${path}`, () => data.value);
  return typeof value === "string" || Array.isArray(value) ? undefined : toNumbers(value, path)[0];
}

/** First string of an optional dataset; empty strings count as absent. */
export function stringAt(file: File | Group, path: string): string | undefined {
  const data = dataset(file, path);
  if (!data || data.shape?.includes(0)) return undefined;
  return strings(data)[0] || undefined;
}

/** A string or number attribute, if there. */
export function attribute(entity: { attrs: Group["attrs"] }, name: string): string | number | undefined {
  const value = guarded(`read attribute ${name}`, () => entity.attrs[name]?.json_value);
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}
