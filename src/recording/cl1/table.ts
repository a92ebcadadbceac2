/** A growing HDF5 table of packed little-endian fields; rows are gathered and written a chunk at a time. */
import type { Dataset, Group } from "h5wasm/node";
import { guarded } from "../hdf5.ts";
import { appendRows } from "./rows.ts";

/** Name and h5wasm type of a field: `<q` int64, `<Q` uint64, `<B` uint8. */
export type Field = readonly [name: string, type: "<q" | "<Q" | "<B"];

const EMPTY = { "<q": BigInt64Array, "<Q": BigUint64Array, "<B": Uint8Array } as const;

export function createTable(
  parent: Group,
  name: string,
  fields: readonly Field[],
  chunkRows: number,
): Dataset {
  return guarded(`create ${name}`, () =>
    parent.create_dataset({
      name,
      data: new Map(fields.map(([field, type]) => [field, new EMPTY[type](0)])),
      shape: [0],
      maxshape: [null],
      chunks: [chunkRows],
      compression: "gzip",
      compression_opts: 1,
    }),
  );
}

/** Gathers rows of `rowBytes`; `row(fill)` hands a zeroed row to write into. */
export class RowBuffer {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private filled = 0;

  constructor(
    private readonly table: Dataset,
    private readonly rowBytes: number,
    private readonly chunkRows: number,
  ) {
    this.bytes = new Uint8Array(rowBytes * chunkRows);
    this.view = new DataView(this.bytes.buffer);
  }

  row(fill: (view: DataView, offset: number) => void): void {
    fill(this.view, this.filled * this.rowBytes);
    if (++this.filled === this.chunkRows) this.flush();
  }

  flush(): void {
    if (this.filled === 0) return;
    appendRows(this.table, this.bytes.subarray(0, this.filled * this.rowBytes), this.filled);
    this.bytes.fill(0);
    this.filled = 0;
  }
}
