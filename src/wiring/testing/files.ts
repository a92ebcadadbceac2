/** Small files of every layout, for tests and for the fuzzer. Cells have 64-bit ids that doubles cannot hold. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
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

export interface SonataFiles {
  readonly nodes: string;
  readonly edges: string;
  readonly types: string;
}

/**
 * A SONATA network of two populations (a: the first `cells - 4`, b: 4 more), types beside the nodes, attributes in two groups of a's
 * nodes, one of them a library. Written into `folder`.
 */
export async function sonataFiles(folder: string, cells: number, rows: readonly Row[]): Promise<SonataFiles> {
  const { File, ready } = await import("h5wasm/node");
  await ready;
  const [nodes, edges, types] = ["net_nodes.h5", "net_edges.h5", "net_node_types.csv"].map((name) =>
    join(folder, name),
  );
  const first = cells - 4;
  const list = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i));
  const file = new File(nodes, "w");
  const all = file.create_group("nodes");
  for (const [name, count] of [
    ["a", first],
    ["b", 4],
  ] as const) {
    const population = all.create_group(name);
    const numbers = (what: string, data: ArrayLike<number>) =>
      population.create_dataset({ name: what, data: BigUint64Array.from(Array.from(data), BigInt) });
    numbers(
      "node_type_id",
      list(count, (i) => 100 + (i % 2)),
    );
    if (name === "b") continue;
    numbers(
      "node_id",
      list(count, (i) => i),
    );
    population.create_dataset({
      name: "node_group_id",
      data: Uint8Array.from(list(count, (i) => (i < 3 ? 1 : 0))),
    });
    numbers(
      "node_group_index",
      list(count, (i) => (i < 3 ? i : i - 3)),
    );
    const group = population.create_group("0");
    for (const axis of ["x", "y", "z"])
      group.create_dataset({ name: axis, data: Float64Array.from(list(count - 3, (i) => i + 3 + 0.5)) });
    const other = population.create_group("1");
    other.create_dataset({ name: "side", data: Uint8Array.from([1, 0, 1]) });
    other.create_group("@library").create_dataset({ name: "side", data: ["left", "right"] });
  }
  file.close();
  writeFileSync(types, "node_type_id ei cell_type\n100 e pyramidal\n101 i basket\n");
  const net = new File(edges, "w");
  const groups = net.create_group("edges");
  const isFirst = (cell: number) => cell < first;
  for (const [from, to] of [
    ["a", "a"],
    ["a", "b"],
    ["b", "a"],
    ["b", "b"],
  ]) {
    const own = rows.filter(
      ({ pre, post }) => isFirst(pre) === (from === "a") && isFirst(post) === (to === "a"),
    );
    const population = groups.create_group(`${from}_to_${to}`);
    const ids = (name: string, of: (row: Row) => number, of_: string) =>
      population
        .create_dataset({
          name,
          data: BigUint64Array.from(own, (row) => BigInt(of(row) - (of_ === "a" ? 0 : first))),
        })
        .create_attribute("node_population", of_);
    ids("source_node_id", ({ pre }) => pre, from);
    ids("target_node_id", ({ post }) => post, to);
    population.create_dataset({ name: "edge_group_id", data: new Uint8Array(own.length) });
    population.create_dataset({
      name: "edge_group_index",
      data: BigUint64Array.from(own, (_, i) => BigInt(own.length - 1 - i)),
    });
    population
      .create_group("0")
      .create_dataset({ name: "nsyns", data: Int32Array.from(own, ({ count }) => count).reverse() });
  }
  net.close();
  return { nodes, edges, types };
}

/** What a cell of `sonataFiles` is called. */
export const sonataName = (cell: number, cells: number): string =>
  cell < cells - 4 ? `a:${cell}` : `b:${cell - cells + 4}`;
