/** Small files of every layout, for tests and for the fuzzer. Cells have 64-bit ids that doubles cannot hold. */
import { columnFromArray, int32, int64, tableFromColumns, tableToIPC, utf8 } from "@uwdata/flechette";
import { parquetWriteBuffer } from "hyparquet-writer";
import { Random } from "../../math/random.ts";

/** The id of a cell: neighbours differ in their last digits alone. */
export const idOf = (cell: number): bigint => 720575940600000001n + BigInt(cell);

export interface Row {
  readonly pre: number;
  readonly post: number;
  readonly count: number;
}

/** Rows by seed, some of a pair that was there before. */
export function someRows(cells: number, rows: number, seed = 1): Row[] {
  const random = Random.of(seed, "rows");
  return Array.from({ length: rows }, () => ({
    pre: random.integer(cells),
    post: random.integer(cells),
    count: 1 + random.integer(9),
  }));
}

/** Shiu's two files. */
export function shiuFiles(
  cells: number,
  rows: readonly Row[],
): Record<"completeness" | "connectivity", Buffer> {
  const list = Array.from({ length: cells }, (_, cell) => `${idOf(cell)},True`);
  const sign = ({ pre }: Row) => (pre % 4 === 0 ? -1 : 1);
  const connectivity = parquetWriteBuffer({
    columnData: [
      { name: "Presynaptic_ID", data: BigInt64Array.from(rows, ({ pre }) => idOf(pre)), type: "INT64" },
      { name: "Postsynaptic_ID", data: BigInt64Array.from(rows, ({ post }) => idOf(post)), type: "INT64" },
      { name: "Connectivity", data: BigInt64Array.from(rows, ({ count }) => BigInt(count)), type: "INT64" },
      { name: "Excitatory", data: BigInt64Array.from(rows, (row) => BigInt(sign(row))), type: "INT64" },
    ],
    rowGroupSize: 100,
  });
  return {
    completeness: Buffer.from(`,Completed\n${list.join("\n")}\n`),
    connectivity: Buffer.from(connectivity),
  };
}

/** MaleCNS's tables of weights and annotations. */
export function maleFiles(
  cells: number,
  rows: readonly Row[],
): Record<"weights" | "annotations" | "transmitters", Buffer> {
  const all = Array.from({ length: cells }, (_, cell) => cell);
  const ids = columnFromArray(all.map(idOf), int64(), { useBigInt: true });
  const feather = (columns: Record<string, ReturnType<typeof columnFromArray>>) =>
    Buffer.from(tableToIPC(tableFromColumns(columns), { format: "file" })!);
  return {
    weights: feather({
      body_pre: columnFromArray(
        rows.map(({ pre }) => idOf(pre)),
        int64(),
        { useBigInt: true, maxBatchRows: 64 },
      ),
      body_post: columnFromArray(
        rows.map(({ post }) => idOf(post)),
        int64(),
        { useBigInt: true, maxBatchRows: 64 },
      ),
      weight: columnFromArray(
        rows.map(({ count }) => count),
        int32(),
        { maxBatchRows: 64 },
      ),
    }),
    annotations: feather({
      bodyId: ids,
      type: columnFromArray(all.map((cell) => `T${cell % 3}`)),
      superclass: columnFromArray(all.map((cell) => (cell % 2 ? "optic" : "central"))),
      somaSide: columnFromArray(
        all.map((cell) => (cell % 2 ? "L" : "R")),
        utf8(),
      ),
    }),
    transmitters: feather({
      body: ids,
      consensus_nt: columnFromArray(
        all.map((cell) => ["acetylcholine", "gaba", "dopamine", "unclear"][cell % 4]),
      ),
    }),
  };
}

/** A matrix of counts with its cells in this order. */
export function matrixFile(order: readonly number[], rows: readonly Row[]): string {
  const sums = new Map<string, number>();
  for (const { pre, post, count } of rows)
    sums.set(`${pre} ${post}`, (sums.get(`${pre} ${post}`) ?? 0) + count);
  const line = (pre: number) =>
    [100 + pre, ...order.map((post) => sums.get(`${pre} ${post}`) ?? 0)].join(",");
  return `${["", ...order.map((cell) => 100 + cell)].join(",")}\n${order.map(line).join("\n")}\n`;
}
