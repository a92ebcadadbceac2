/** The readers of wiring diagrams, each with a small file of its layout; what belongs to it lies beside it, sound. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Wiring } from "../../src/wiring/contract.ts";
import { Edges } from "../../src/wiring/edges.ts";
import { saveWiring } from "../../src/wiring/file/save.ts";
import { readWiring } from "../../src/wiring/layouts/read.ts";
import { maleFiles, matrixFile, shiuFiles, someRows } from "../../src/wiring/testing/files.ts";
import type { FuzzedReader } from "./readers.ts";

const CELLS = 12;
const rows = someRows(CELLS, 80);

export function wiringFiles(): FuzzedReader[] {
  const { completeness, connectivity } = shiuFiles(CELLS, rows);
  const { weights, annotations, transmitters } = maleFiles(CELLS, rows);
  const pairs = rows.map(
    ({ pre, post, count }) => `${pre},${post},${count},${pre % 2 ? "chemical" : "electrical"}`,
  );
  const alone = async (path: string) => void (await readWiring(path));
  const folder = async (path: string) => void (await readWiring(dirname(path)));
  const order = Array.from({ length: CELLS }, (_, cell) => cell);
  return [
    {
      name: "wiring pairs",
      extension: "csv",
      original: Buffer.from(`Source,Target,Weight,Type\n${pairs.join("\n")}\n`),
      read: alone,
    },
    { name: "wiring matrix", extension: "csv", original: Buffer.from(matrixFile(order, rows)), read: alone },
    { name: "wiring safetensors", extension: "safetensors", original: saved(), read: alone },
    {
      name: "wiring parquet",
      extension: "parquet",
      original: connectivity,
      fileName: "shiu/connectivity.parquet",
      beside: { "shiu/completeness.csv": completeness },
      read: folder,
    },
    {
      name: "wiring feather",
      extension: "feather",
      original: weights,
      fileName: "male/connectome-weights.feather",
      beside: {
        "male/body-annotations.feather": annotations,
        "male/body-neurotransmitters.feather": transmitters,
      },
      read: folder,
    },
  ];
}

function saved(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-fuzz-"));
  const edges = new Edges();
  for (const { pre, post, count } of rows) edges.add(pre, post, count);
  const wiring: Wiring = {
    names: Array.from({ length: CELLS }, (_, cell) => `${cell}`),
    signs: new Int8Array(CELLS).fill(1),
    layers: [{ name: "chemical", drives: true, ...edges.connections(CELLS) }],
    labels: [],
    facts: { source: "made", licence: "none", signRule: "all excite", notes: [] },
  };
  try {
    saveWiring(join(folder, "w"), wiring);
    return readFileSync(join(folder, "w"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
