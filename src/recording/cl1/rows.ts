/**
 * Rows of an HDF5 table as bytes, which h5wasm itself reads only field by field and cannot write. Every table here
 * is a compound of little-endian numbers, one after the other.
 */
import { type Dataset, Module } from "h5wasm/node";
import { RecordingError } from "../contract.ts";
import { guarded } from "../hdf5.ts";

/** Rows `from .. from + count` of a table of `size` bytes a row; for two dimensions, whole rows. */
export function readRows(table: Dataset, from: number, count: number, size: number): Uint8Array<ArrayBuffer> {
  return guarded(`read ${table.path}`, () =>
    withMemory(count * size, (pointer) => {
      Module.get_dataset_data(table.file_id, table.path, ...hyperslab(table, from, count), BigInt(pointer));
      return Module.HEAPU8.slice(pointer, pointer + count * size);
    }),
  );
}

/** Appends rows to a table that can grow. */
export function appendRows(table: Dataset, bytes: Uint8Array, count: number): void {
  guarded(`append to ${table.path}`, () => {
    const [rows = 0, ...row] = table.shape ?? [];
    table.resize([rows + count, ...row]);
    withMemory(bytes.length, (pointer) => {
      Module.HEAPU8.set(bytes, pointer);
      Module.set_dataset_data(table.file_id, table.path, ...hyperslab(table, rows, count), BigInt(pointer));
    });
  });
}

function hyperslab(table: Dataset, from: number, count: number): [bigint[], bigint[], bigint[]] {
  const [, ...row] = table.shape ?? [];
  const rest = row.map(BigInt);
  return [
    [BigInt(count), ...rest],
    [BigInt(from), ...rest.map(() => 0n)],
    [1n, ...rest.map(() => 1n)],
  ];
}

function withMemory<T>(bytes: number, use: (pointer: number) => T): T {
  const pointer = Module._malloc(bytes);
  if (pointer === 0) throw new RecordingError(`no memory for ${bytes} bytes`);
  try {
    return use(pointer);
  } finally {
    Module._free(pointer);
  }
}
