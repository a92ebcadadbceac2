/** Tables of HDF5 compounds, read by member in blocks, without decoding the members beside. */
import type { Dataset } from "h5wasm/node";
import { readRows } from "./cl1/rows.ts";
import { RecordingError } from "./contract.ts";
import { guarded } from "./hdf5.ts";

const ROWS = 4096;
/** HDF5's classes. */
const [INTEGER, FLOAT] = [0, 1];

export function hasMembers(data: Dataset | undefined, names: readonly string[]): data is Dataset {
  const members = data?.metadata.compound_type?.members.map(({ name }) => name) ?? [];
  return data !== undefined && names.every((name) => members.includes(name));
}

/** Blocks of rows; each member's numbers in an array of their own, in the order of `names`. */
export function* memberBlocks(data: Dataset, names: readonly string[]): Generator<Float64Array[]> {
  const { size } = data.metadata;
  const readers = names.map((name) => numberReader(data, name));
  const rows = data.shape?.[0] ?? 0;
  for (let from = 0; from < rows; from += ROWS) {
    const count = Math.min(ROWS, rows - from);
    const view = new DataView(readRows(data, from, count, size).buffer);
    yield readers.map((read) => Float64Array.from({ length: count }, (_, row) => read(view, row * size)));
  }
}

/** A column of a small table. */
export function memberNumbers(data: Dataset, name: string): number[] {
  return [...memberBlocks(data, [name])].flatMap(([block]) => Array.from(block));
}

/** A column of a small table as text. */
export function memberTexts(data: Dataset, name: string): string[] {
  const at = data.metadata.compound_type?.members.findIndex((candidate) => candidate.name === name) ?? -1;
  const rows = guarded(`read ${data.path}`, () => data.value) as unknown as unknown[][];
  return Array.from(rows, (row) =>
    String(row[at] ?? "")
      .split("\0")[0]
      .trim(),
  );
}

function memberOf(data: Dataset, name: string) {
  const member = data.metadata.compound_type?.members.find((candidate) => candidate.name === name);
  if (!member) throw new RecordingError(`${data.path}: expected a member ${name}`);
  return member;
}

function numberReader(data: Dataset, name: string): (view: DataView, row: number) => number {
  const { offset, size, type, signed, littleEndian } = memberOf(data, name);
  if (type === FLOAT && size === 8) return (view, row) => view.getFloat64(row + offset, littleEndian);
  if (type === FLOAT && size === 4) return (view, row) => view.getFloat32(row + offset, littleEndian);
  if (type === INTEGER)
    switch (size) {
      case 1:
        return (view, row) => (signed ? view.getInt8(row + offset) : view.getUint8(row + offset));
      case 2:
        return (view, row) =>
          signed ? view.getInt16(row + offset, littleEndian) : view.getUint16(row + offset, littleEndian);
      case 4:
        return (view, row) =>
          signed ? view.getInt32(row + offset, littleEndian) : view.getUint32(row + offset, littleEndian);
      case 8:
        return (view, row) =>
          Number(
            signed
              ? view.getBigInt64(row + offset, littleEndian)
              : view.getBigUint64(row + offset, littleEndian),
          );
    }
  throw new RecordingError(`${data.path}: expected numbers in ${name}, got a type of class ${type}`);
}
