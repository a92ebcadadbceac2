import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { drivingConnections, labelsNamed, type Wiring, WiringError } from "../contract.ts";
import {
  idOf,
  maleFiles,
  matrixFile,
  type Row,
  shiuFiles,
  someRows,
  sonataFiles,
  sonataName,
} from "../testing/files.ts";
import { readWiring } from "./read.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-wiring-"));
afterAll(() => rmSync(root, { recursive: true }));
const CELLS = 40;
const rows = someRows(CELLS, 500);

function folderOf(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(root, "release-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
const fileOf = (name: string, content: string | Buffer) => join(folderOf({ [name]: content }), name);

/** Synapses by pair, however they are laid out. */
function byPair(wiring: Wiring, connections = drivingConnections(wiring)): Map<string, number> {
  const found = new Map<string, number>();
  for (let cell = 0; cell < wiring.names.length; cell++)
    for (let j = connections.offsets[cell]; j < connections.offsets[cell + 1]; j++)
      found.set(`${wiring.names[cell]}>${wiring.names[connections.targets[j]]}`, connections.counts[j]);
  return found;
}
function summed(of: readonly Row[], name: (cell: number) => unknown): Map<string, number> {
  const found = new Map<string, number>();
  for (const { pre, post, count } of of) {
    const pair = `${name(pre)}>${name(post)}`;
    found.set(pair, (found.get(pair) ?? 0) + count);
  }
  return found;
}
async function hdf5Of(group: string): Promise<Buffer> {
  const { File, ready } = await import("h5wasm/node");
  await ready;
  const path = fileOf("made.h5", "");
  const file = new File(path, "w");
  file.create_group(group);
  file.close();
  return readFileSync(path);
}
const refused = async (path: string, pattern: RegExp, options = {}) => {
  const error: unknown = await readWiring(path, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WiringError);
  expect((error as Error).message).toMatch(pattern);
  expect((error as Error).message).not.toContain("\n");
};

describe("readers of wiring diagrams", () => {
  it("Shiu's parquet: ids to the last digit, several rows a pair summed, signs of the table", async () => {
    const { completeness, connectivity } = shiuFiles(CELLS, rows);
    const folder = folderOf({
      "Completeness_783.csv": completeness,
      "Connectivity_783.parquet": connectivity,
    });
    const wiring = await readWiring(folder);
    expect(wiring.names).toEqual(Array.from({ length: CELLS }, (_, cell) => `${idOf(cell)}`));
    expect(byPair(wiring)).toEqual(summed(rows, idOf));
    const sources = new Set(rows.map(({ pre }) => pre));
    for (const cell of sources) expect(wiring.signs[cell]).toBe(cell % 4 === 0 ? -1 : 1);
    expect(wiring.facts.licence).toBe("CC BY-NC 4.0");
  });

  it("a table of another release than its list of cells is refused", async () => {
    const { connectivity } = shiuFiles(CELLS, rows);
    const { completeness } = shiuFiles(CELLS - 1, rows);
    await refused(
      folderOf({ "Completeness_630.csv": completeness, "Connectivity_783.parquet": connectivity }),
      /of 500 rows are of cells that .*Completeness_630.csv does not list .*different releases/,
    );
  });

  it("a parquet file that is cut short is refused", async () => {
    const { completeness, connectivity } = shiuFiles(CELLS, rows);
    for (const end of [connectivity.length - 3, 200, 9])
      await refused(
        folderOf({
          "Completeness_783.csv": completeness,
          "Connectivity_783.parquet": connectivity.subarray(0, end),
        }),
        /cut short|damaged|no whole/,
      );
  });

  it("MaleCNS's feather files: labels, sides, transmitters and their signs, batch by batch", async () => {
    const { weights, annotations, transmitters } = maleFiles(CELLS, rows);
    const wiring = await readWiring(
      folderOf({
        "connectome-weights-male-cns-v1.0.feather": weights,
        "body-annotations-male-cns-v1.0.feather": annotations,
        "body-neurotransmitters-male-cns-v1.0.feather": transmitters,
      }),
    );
    expect(byPair(wiring)).toEqual(summed(rows, idOf));
    expect([...wiring.signs.subarray(0, 4)]).toEqual([1, -1, 0, 1]);
    const side = labelsNamed(wiring, "side")!;
    expect(side.values[side.of[1]]).toBe("L");
    expect(wiring.facts.notes.join()).toMatch(/10 cells by the rule's else.*unclear 10/);
  });

  it("Codex's gzipped tables: neuropils summed, classes, positions, transmitter by most synapses", async () => {
    const lines = rows.map(
      ({ pre, post, count }, i) =>
        `${idOf(pre)},${idOf(post)},NP_${i % 3},${count},${pre % 2 ? "ACH" : "GABA"}`,
    );
    const names = Array.from({ length: CELLS }, (_, cell) => cell);
    const wiring = await readWiring(
      folderOf({
        "connections.csv.gz": gzipSync(
          `pre_root_id,post_root_id,neuropil,syn_count,nt_type\n${lines.join("\n")}\n`,
        ),
        "classification.csv.gz": gzipSync(
          `root_id,flow,super_class,class,sub_class\n${names.map((cell) => `${idOf(cell)},intrinsic,central,"Kenyon, Cell",s`).join("\n")}\n`,
        ),
        "coordinates.csv.gz": gzipSync(
          `root_id,position,supervoxel_id\n${names.map((cell) => `${idOf(cell)},[${1000 * cell} 2000 3000],1`).join("\n")}\n`,
        ),
      }),
    );
    expect(byPair(wiring)).toEqual(summed(rows, idOf));
    expect(labelsNamed(wiring, "class")!.values).toEqual(["", "Kenyon, Cell"]);
    expect([...wiring.positionsUm!.subarray(9, 12)]).toEqual([3, 2, 3]);
    const [odd, even] = [rows.find(({ pre }) => pre % 2)!.pre, rows.find(({ pre }) => pre % 2 === 0)!.pre];
    expect([wiring.signs[odd], wiring.signs[even]]).toEqual([1, -1]);
  });

  it("the worm's: names trimmed, electrical rows once, kept apart", async () => {
    const table =
      "Source,Target,Weight,Type\nDD1 ,AVA  ,3,chemical\nAVA,DD1,2,electrical\nDD1 , AVA,2,electrical\nAVA,AVA,1,electrical\n";
    const wiring = await readWiring(fileOf("worm.csv", table));
    expect(wiring.names).toEqual(["DD1", "AVA"]);
    expect(byPair(wiring)).toEqual(new Map([["DD1>AVA", 3]]));
    const electrical = wiring.layers.find(({ name }) => name === "electrical")!;
    expect(electrical.drives).toBe(false);
    expect(byPair(wiring, electrical)).toEqual(new Map([["DD1>AVA", 2]]));
    expect([...wiring.signs]).toEqual([-1, 1]);
  });

  it("the larva's matrices of different order are joined by id, and axo-axonic synapses do not drive", async () => {
    const order = Array.from({ length: 12 }, (_, cell) => cell);
    const turned = [...order].reverse();
    const few = someRows(12, 60);
    const wiring = await readWiring(
      folderOf({
        "ad_connectivity_matrix.csv": matrixFile(order, few),
        "dd_connectivity_matrix.csv": matrixFile(turned, few),
        "aa_connectivity_matrix.csv": matrixFile(turned, few),
        "annotations.csv":
          "left_id,right_id,celltype,additional_annotations,level_7_cluster\n100,101,KC,KC,1\n102,no pair,LN,APL,1\nno pair,103,MBIN,DAN-d1,1\n999,no pair,KC,KC,1\n",
      }),
    );
    const twice = new Map([...summed(few, (cell) => 100 + cell)].map(([pair, count]) => [pair, 2 * count]));
    expect(byPair(wiring)).toEqual(twice);
    const [first, second, third, fourth] = ["100", "101", "102", "103"].map((name) =>
      wiring.names.indexOf(name),
    );
    expect([first, second, third, fourth].map((cell) => wiring.signs[cell])).toEqual([1, 1, -1, 0]);
    expect([first, second, third].map((cell) => wiring.pairs![cell])).toEqual([second, first, -1]);
    expect(wiring.facts.notes.join()).toMatch(/1 cells of the annotation are not in the matrices/);
  });

  it("SONATA: populations, attributes in groups and libraries, types beside, synapses of every edge", async () => {
    const folder = folderOf({});
    const files = await sonataFiles(folder, CELLS, rows);
    const wiring = await readWiring(folder);
    const name = (cell: number) => sonataName(cell, CELLS);
    expect(byPair(wiring)).toEqual(summed(rows, name));
    expect(wiring.names).toEqual(Array.from({ length: CELLS }, (_, cell) => name(cell)));
    const label = (column: string, cell: number) => {
      const { values, of } = labelsNamed(wiring, column)!;
      return values[of[cell]];
    };
    expect([0, 1, 2, 3].map((cell) => label("side", cell))).toEqual(["right", "left", "right", ""]);
    expect([label("type", 0), label("type", CELLS - 1)]).toEqual(["pyramidal", "basket"]);
    expect([...wiring.signs.slice(0, 4)]).toEqual([1, -1, 1, -1]);
    expect(wiring.positionsUm![0]).toBeNaN();
    expect([...wiring.positionsUm!.slice(12, 15)]).toEqual([4.5, 4.5, 4.5]);
    // The edges alone give the same synapses, and no cell that has none.
    expect(byPair(await readWiring(files.edges))).toEqual(summed(rows, name));
    await refused(files.nodes, /expected a column for pre/);
    const damaged = readFileSync(files.edges);
    await refused(fileOf("cut_edges.h5", damaged.subarray(0, damaged.length / 2)), /HDF5|damaged/);
    await refused(fileOf("other.h5", await hdf5Of("spikes")), /expected SONATA.*got HDF5 with spikes/);
    const small = folderOf({});
    await sonataFiles(small, CELLS - 20, []);
    copyFileSync(files.edges, join(small, "net_edges.h5"));
    await refused(small, /does not list.*different releases/);
  });

  it("a parquet page without a size, or with one that leads back, is refused, not read for ever", async () => {
    const { completeness, connectivity } = shiuFiles(CELLS, rows);
    const read = (bytes: Buffer) =>
      refused(
        folderOf({ "Completeness_783.csv": completeness, "Connectivity_783.parquet": bytes }),
        /no whole/,
      );
    // The first page header lies behind the magic: fields 1 (kind), 2 and 3 (sizes), each an i32 of the next number.
    expect([connectivity[4], connectivity[6]]).toEqual([0x15, 0x15]);
    const sizeAt = connectivity.indexOf(0x15, 8);
    const unsized = Buffer.from(connectivity);
    unsized[sizeAt] = 0x25; // field 4 in place of 3
    await read(unsized);
    const back = Buffer.from(connectivity);
    back[sizeAt + 1] = back[sizeAt + 1] | 1; // zigzag: odd is below 0
    await read(back);
  });

  it("a parquet file that claims 10^9 rows is refused before anything is allocated", async () => {
    const { completeness, connectivity } = shiuFiles(CELLS, rows);
    // The footer's number of rows, 500, as a zigzag varint.
    const claimed = Buffer.from(connectivity);
    const at = claimed.indexOf(
      Buffer.of(0xe8, 0x07),
      claimed.length - 8 - claimed.readUInt32LE(claimed.length - 8),
    );
    expect(at).toBeGreaterThan(0);
    const billion = Buffer.of(0x80, 0xa8, 0xd6, 0xb9, 0x07);
    const footer = Buffer.concat([claimed.subarray(0, at), billion, claimed.subarray(at + 2)]);
    footer.writeUInt32LE(claimed.readUInt32LE(claimed.length - 8) + 3, footer.length - 8);
    const before = process.memoryUsage().heapUsed;
    await refused(
      folderOf({ "Completeness_783.csv": completeness, "Connectivity_783.parquet": footer }),
      /rows|damaged|whole/,
    );
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 2 ** 20);
  });

  it("any table of pairs by its columns, with an annotation and a rule of signs", async () => {
    const annotation = fileOf("cells.tsv", "id\tclass\na\tin\nb\tout\n");
    const table = fileOf("pairs.tsv", "who\twhom\tn\na\tb\t4\nb\ta\t2\n");
    const wiring = await readWiring(table, {
      columns: { pre: "who", post: "whom", weight: "n" },
      annotation,
      signs: "class:out=-,else=+",
    });
    expect(byPair(wiring)).toEqual(
      new Map([
        ["a>b", 4],
        ["b>a", 2],
      ]),
    );
    expect([...wiring.signs]).toEqual([1, -1]);
  });

  it("a dense matrix that stands alone; one that is not square is refused", async () => {
    const few = someRows(5, 12);
    const text = matrixFile([0, 1, 2, 3, 4], few);
    expect(byPair(await readWiring(fileOf("m.csv", text)))).toEqual(summed(few, (cell) => 100 + cell));
    const lines = text.trimEnd().split("\n");
    await refused(
      fileOf("m.csv", lines.slice(0, -1).join("\n")),
      /expected a square matrix, got 4 rows and 5 columns/,
    );
    await refused(fileOf("m.csv", text.replace(/,\d+\n/, "\n")), /expected/);
  });

  it("a feather batch that claims 10^9 rows, or is cut short, is refused before anything is allocated", async () => {
    const { weights, annotations } = maleFiles(CELLS, rows);
    const read = (bytes: Buffer) =>
      refused(
        folderOf({ "connectome-weights.feather": bytes, "body-annotations.feather": annotations }),
        /claims|damaged|no whole/,
      );
    const claiming = Buffer.from(weights);
    for (let at = 0; at + 8 <= claiming.length; at += 8)
      if (claiming.readBigInt64LE(at) === 64n) claiming.writeBigInt64LE(1_000_000_000n, at);
    await read(claiming);
    await read(weights.subarray(0, weights.length / 2));
  });

  it("ids that have lost their digits, counts that are none, and rows of another length are refused", async () => {
    await refused(
      fileOf("t.csv", "pre,post,weight\n7.20575940600000e+17,1,2\n"),
      /expected an integer as the id.*spreadsheet/,
    );
    const { completeness } = shiuFiles(CELLS, rows);
    const lost = completeness.toString().replace(`${idOf(3)}`, "LHN-3");
    const { connectivity } = shiuFiles(CELLS, rows);
    await refused(
      folderOf({ "Completeness_783.csv": lost, "Connectivity_783.parquet": connectivity }),
      /expected an integer as the id of a cell, got "LHN-3"/,
    );
    await refused(fileOf("t.csv", "pre,post,weight\n1,2,many\n"), /whole number of synapses, got "many"/);
    await refused(fileOf("t.csv", "pre,post,weight\n1,2,-3\n"), /whole number of synapses/);
    await refused(fileOf("t.csv", "pre,post,weight\n1,2,3\n1,2\n"), /row 3: expected 3 values/);
    await refused(fileOf("t.csv", "a,b,c\n1,2,3\n"), /expected a column for pre .*--columns pre=NAME/);
    await refused(fileOf("t.csv", "pre,post,weight\n"), /expected rows/);
    await refused(fileOf("t.csv", "pre,post,weight\n1,2,3\n"), /expected a column of/, {
      columns: { weight: "no" },
    });
  });
});
