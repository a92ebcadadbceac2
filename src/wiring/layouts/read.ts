/** A wiring diagram from whatever holds it: a file of ours, a folder or archive of a release, a table of pairs, a matrix. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { temporaryFolder } from "../../recording/temporary.ts";
import { unpack, zipEntries } from "../../recording/zip.ts";
import { type Wiring, WiringError } from "../contract.ts";
import { loadWiring } from "../file/load.ts";
import { parseSignRule, type SignRule, signsBy } from "../signs.ts";
import { firstBytes, openTable } from "../tables/open.ts";
import { isLarva, readLarva } from "./larva.ts";
import { cellsOfHeader, matrixHeader, readMatrix } from "./matrix.ts";
import { annotationTable, ID, type LayoutPlan } from "./plan.ts";
import { planOfFolder, planOfTable } from "./published.ts";
import { readPlan } from "./tables.ts";

export interface ReadWiringOptions {
  /** Names of columns: pre, post, weight, sign, transmitter, kind of the connections; id of the annotation. */
  readonly columns?: Readonly<Record<string, string>>;
  /** A table of what the cells are, for a table of pairs or a matrix. */
  readonly annotation?: string;
  /** In the words of `signs.ts`, instead of the layout's own rule. */
  readonly signs?: string;
}

/** Of deflate itself: matrices of zeros come near it. */
const MOST_DEFLATED = 1032;

export const COLUMNS = ["pre", "post", "weight", "sign", "transmitter", "kind", "id"] as const;

/** Throws `WiringError` where what is there cannot be read. */
export async function readWiring(path: string, options: ReadWiringOptions = {}): Promise<Wiring> {
  const signs = options.signs === undefined ? undefined : parseSignRule(options.signs);
  if (statSync(path).isDirectory()) return readFolder(path, readdirSync(path), signs);
  const magic = firstBytes(path, 9);
  if (magic.length === 9 && magic[8] === 0x7b && magic.readUInt32LE(4) === 0)
    return resigned(loadWiring(path), signs);
  if (magic.toString("latin1", 0, 4) === "PK\x03\x04") return readArchive(path, signs);
  return readTable(path, options, signs);
}

async function readFolder(folder: string, files: readonly string[], signs?: SignRule): Promise<Wiring> {
  if (isLarva(files)) return readLarva(folder, files, signs);
  const plan = planOfFolder(folder, files);
  if (plan) return readPlan(plan, signs);
  throw new WiringError(
    `${folder}: expected the files of a release (FlyWire: Completeness_*.csv and Connectivity_*.parquet, or Codex's connections and classification tables; MaleCNS: connectome-weights and body-annotations feather files; SONATA: *nodes.h5 and *edges.h5; the larva's matrices), got ${files.slice(0, 6).join(", ") || "an empty folder"}; name a table of pairs itself`,
  );
}

async function readArchive(path: string, signs?: SignRule): Promise<Wiring> {
  const folder = temporaryFolder("wiring");
  try {
    for (const entry of zipEntries(path)) {
      const name = basename(entry.name);
      if (
        /\.(csv|parquet|feather)(\.gz)?$/i.test(name) &&
        !name.startsWith(".") &&
        !/^__MACOSX/.test(entry.name)
      )
        await unpack(path, entry, join(folder, name), MOST_DEFLATED);
    }
    return await readFolder(folder, readdirSync(folder), signs).catch((error: Error) => {
      throw new WiringError(error.message.replaceAll(`${folder}/`, `${path}: `).replaceAll(folder, path), {
        cause: error,
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readTable(
  path: string,
  { columns = {}, annotation }: ReadWiringOptions,
  signs?: SignRule,
): Promise<Wiring> {
  const table = await openTable(path);
  if (columns["pre"] === undefined && (await isMatrix(path))) return readMatrixFile(path, signs);
  const plan = planOfTable(path, table.columns);
  const chosen = { ...plan.edges };
  for (const [what, name] of Object.entries(columns)) {
    if (what !== "id" && !table.columns.includes(name))
      throw new WiringError(
        `--columns ${what}=${name}: expected a column of ${path} (${table.columns.slice(0, 12).join(", ")})`,
      );
    if (what !== "id") Object.assign(chosen, { [what]: [name] });
  }
  const annotations =
    annotation === undefined
      ? plan.annotations
      : [{ ...annotationTable(annotation), id: columns["id"] ? [columns["id"]] : ID }];
  const whole: LayoutPlan = { ...plan, edges: chosen, annotations };
  return readPlan(whole, signs);
}

async function isMatrix(path: string): Promise<boolean> {
  const magic = firstBytes(path, 6).toString("latin1");
  return (
    !magic.startsWith("PAR1") &&
    !magic.startsWith("\x89HDF") &&
    magic !== "ARROW1" &&
    (await matrixHeader(path)) !== undefined
  );
}

async function readMatrixFile(path: string, signs?: SignRule): Promise<Wiring> {
  const cells = cellsOfHeader(path, (await matrixHeader(path))!);
  const connections = await readMatrix(path, cells);
  const wiring: Wiring = {
    names: cells.names,
    signs: new Int8Array(cells.names.length).fill(1),
    layers: [{ name: "chemical", drives: true, ...connections }],
    labels: [],
    facts: {
      source: "unknown: a matrix",
      licence: "unknown",
      signRule: "none is known: every cell excites",
      notes: [
        "sign: the matrix says nothing of signs: every cell is taken as excitatory (--signs says otherwise)",
      ],
    },
  };
  return resigned(wiring, signs);
}

/** The same wiring, its signs by another rule. */
export function resigned(wiring: Wiring, rule: SignRule | undefined): Wiring {
  if (!rule) return wiring;
  const { signs, notes } = signsBy(rule, wiring);
  const kept = wiring.facts.notes.filter((note) => !note.startsWith("sign:"));
  return { ...wiring, signs, facts: { ...wiring.facts, signRule: rule.text, notes: [...kept, ...notes] } };
}
