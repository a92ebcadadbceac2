/** The readers of wiring diagrams, each with a small file of its layout; what belongs to it lies beside it, sound. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { makeZip } from "../../src/recording/testing/makers.ts";
import type { Wiring } from "../../src/wiring/contract.ts";
import { Edges } from "../../src/wiring/edges.ts";
import { saveWiring } from "../../src/wiring/file/save.ts";
import { readWiring } from "../../src/wiring/layouts/read.ts";
import {
  idOf,
  maleFiles,
  matrixFile,
  shiuFiles,
  someRows,
  sonataFiles,
} from "../../src/wiring/testing/files.ts";
import type { FuzzedReader } from "./readers.ts";

const CELLS = 12;
const rows = someRows(CELLS, 80);

export async function wiringFiles(): Promise<FuzzedReader[]> {
  const sonata = await sonataBytes();
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
    {
      name: "wiring sonata edges",
      extension: "h5",
      original: sonata.edges,
      fileName: "sonata/net_edges.h5",
      beside: { "sonata/net_nodes.h5": sonata.nodes, "sonata/net_node_types.csv": sonata.types },
      read: folder,
    },
    {
      name: "wiring sonata nodes",
      extension: "h5",
      original: sonata.nodes,
      fileName: "sonata/net_nodes.h5",
      beside: { "sonata/net_edges.h5": sonata.edges, "sonata/net_node_types.csv": sonata.types },
      read: folder,
    },
    {
      name: "wiring codex",
      extension: "gz",
      original: gzipSync(
        `pre_root_id,post_root_id,neuropil,syn_count,nt_type\n${rows.map(({ pre, post, count }) => `${idOf(pre)},${idOf(post)},NP,${count},ACH`).join("\n")}\n`,
      ),
      fileName: "codex/connections.csv.gz",
      beside: {
        "codex/classification.csv.gz": gzipSync(
          `root_id,super_class,class\n${order.map((cell) => `${idOf(cell)},central,KC`).join("\n")}\n`,
        ),
        "codex/coordinates.csv.gz": gzipSync(
          `root_id,position\n${order.map((cell) => `${idOf(cell)},[${cell} 2 3]`).join("\n")}\n`,
        ),
      },
      read: folder,
    },
    { name: "wiring larva", extension: "zip", original: larva(order), read: alone },
  ];
}

/** The archive of the larva's matrices, with its annotation. */
function larva(order: readonly number[]): Buffer {
  const turned = [...order].reverse();
  const pairs = order.filter((cell) => cell % 2 === 0).map((cell) => `${cell},${cell + 1},KC,KC`);
  return makeZip([
    ["S1/ad_connectivity_matrix.csv", Buffer.from(matrixFile(order, rows))],
    ["S1/aa_connectivity_matrix.csv", Buffer.from(matrixFile(turned, rows))],
    [
      "S1/annotations.csv",
      Buffer.from(`left_id,right_id,celltype,additional_annotations\n${pairs.join("\n")}\n`),
    ],
  ]);
}

async function sonataBytes(): Promise<Record<"nodes" | "edges" | "types", Buffer>> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-fuzz-"));
  try {
    const files = await sonataFiles(folder, CELLS, rows);
    return {
      nodes: readFileSync(files.nodes),
      edges: readFileSync(files.edges),
      types: readFileSync(files.types),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
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
