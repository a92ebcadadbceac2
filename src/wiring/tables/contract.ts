/** A table, whatever its format: named columns, read in batches of rows. */

/** 64-bit numbers come as bigint or as their digits, never as doubles. */
export type Value = string | number | bigint | boolean | null | undefined;

export interface Batch {
  readonly rows: number;
  /** The columns asked for, in that order. */
  readonly columns: readonly ArrayLike<Value>[];
}

export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  /** All rows, of these columns alone. */
  batches(columns: readonly string[]): AsyncIterable<Batch>;
}
