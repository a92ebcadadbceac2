/**
 * HDMF DynamicTable: a group of equally long columns with ids, ragged columns through a VectorIndex, and references
 * to rows of other tables. https://hdmf-common-schema.readthedocs.io/en/stable/format.html
 */
import type { Group } from "h5wasm/node";
import { guarded } from "../hdf5.ts";
import { Column, type ColumnType } from "./column.ts";
import { type Namespace, reference, stamp, typedGroup } from "./object.ts";

export interface TableColumn {
  readonly name: string;
  readonly description: string;
  readonly type: ColumnType;
  /** Values per row (a second dimension) where more than 1; of text, the most characters. */
  readonly width?: number;
  /** Any number of values per row, through a VectorIndex named `<name>_index`. */
  readonly ragged?: boolean;
  /** The table whose rows this column's numbers count. */
  readonly region?: Group;
  readonly chunkRows?: number;
}

/** What a table is. */
export interface TableFacts {
  readonly name: string;
  readonly namespace: Namespace;
  /** Its neurodata_type. */
  readonly type: string;
  readonly description: string;
  readonly columns: readonly TableColumn[];
  readonly chunkRows: number;
}

export class DynamicTable {
  readonly group: Group;
  private readonly ids: Column;
  private readonly columns: { readonly data: Column; readonly index: Column | undefined }[] = [];
  private rows = 0;

  constructor(
    parent: Group,
    identifier: string,
    { name, description, columns, chunkRows, ...kind }: TableFacts,
  ) {
    this.group = guarded(`create table ${name}`, () =>
      typedGroup(parent, name, identifier, {
        ...kind,
        attributes: { description, colnames: columns.map((column) => column.name) },
      }),
    );
    this.ids = new Column(this.group, "id", { type: "i32", chunkRows });
    guarded(`describe table ${name}`, () =>
      stamp(this.ids.dataset, identifier, { namespace: "hdmf-common", type: "ElementIdentifiers" }),
    );
    for (const column of columns) this.add(column, identifier, chunkRows);
  }

  private add(column: TableColumn, identifier: string, chunkRows: number): void {
    const { name, description } = column;
    const data = new Column(this.group, name, { chunkRows, ...column });
    const index = column.ragged
      ? new Column(this.group, `${name}_index`, { type: "u32", chunkRows })
      : undefined;
    guarded(`describe column ${name}`, () => {
      const type = column.region ? "DynamicTableRegion" : "VectorData";
      stamp(data.dataset, identifier, { namespace: "hdmf-common", type, attributes: { description } });
      if (column.region) reference(data.dataset, "table", column.region);
      if (index) {
        stamp(index.dataset, identifier, {
          namespace: "hdmf-common",
          type: "VectorIndex",
          attributes: {
            description: `Index for VectorData '${name}'`,
          },
        });
        reference(index.dataset, "target", data.dataset);
      }
    });
    this.columns.push({ data, index });
  }

  get length(): number {
    return this.rows;
  }

  /** Appends one row, in column order: a number or text per plain column, an array per wide or ragged one. */
  append(row: readonly (number | string | ArrayLike<number>)[]): void {
    let at = 0;
    for (const { data, index } of this.columns) {
      const value = row[at++];
      if (typeof value === "number") data.append(value);
      else if (typeof value === "string") data.appendText(value);
      else data.appendAll(value);
      index?.append(data.rows);
    }
    this.ids.append(this.rows++);
  }

  flush(): void {
    this.ids.flush();
    for (const { data, index } of this.columns) {
      data.flush();
      index?.flush();
    }
  }
}
