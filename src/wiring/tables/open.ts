/** A table by its first bytes: parquet, feather (Arrow IPC), SONATA (HDF5), else text with lines, plain or gzipped. */
import { closeSync, openSync, readSync } from "node:fs";
import type { Table } from "./contract.ts";

export async function openTable(path: string): Promise<Table> {
  const magic = firstBytes(path, 6).toString("latin1");
  if (magic.startsWith("PAR1")) return (await import("./parquet.ts")).openParquet(path);
  if (magic.startsWith("\x89HDF")) return (await import("./sonata.ts")).openSonata(path);
  if (magic === "ARROW1") return (await import("./feather.ts")).openFeather(path);
  return (await import("./text.ts")).openText(path);
}

export function firstBytes(path: string, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
