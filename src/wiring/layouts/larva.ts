/**
 * The larva's whole brain: Winding et al. 2023, "The connectome of an insect brain", Science 379, eadd9330,
 * https://doi.org/10.1126/science.add9330, supplementary data S1. A matrix for each compartment of the pre- and the postsynaptic
 * cell (a: axon, d: dendrite), each with the cells in an order of its own, and an annotation of left and right cells by pairs.
 */
import { join } from "node:path";
import type { Cells } from "../cells.ts";
import { type Labels, type Layer, labelsOf, type Wiring, WiringError } from "../contract.ts";
import { parseSignRule, type SignRule, signsBy } from "../signs.ts";
import { openTable } from "../tables/open.ts";
import { cellsOfHeader, matrixHeader, readMatrix } from "./matrix.ts";

const FILE = /^(aa|ad|da|dd)_connectivity_matrix\.csv$/;
const WORDS = { a: "axo", d: "dendro" } as const;
const ONTO = { a: "axonic", d: "dendritic" } as const;

/**
 * No transmitters are told. Sensory, ascending, projection and Kenyon cells are cholinergic in the larva and excite; local neurons (APL
 * among them) inhibit; dopamine and octopamine cells have no fast current; of the others a share inhibits, pairs alike.
 */
const SIGNS = "class:LN=-,MBIN=0,sensory=+,ascending=+,PN=+,PN-somato=+,KC=+,else=30%@1";

export function isLarva(files: readonly string[]): boolean {
  return files.some((name) => FILE.test(name)) && files.includes("annotations.csv");
}

export async function readLarva(folder: string, files: readonly string[], signs?: SignRule): Promise<Wiring> {
  const matrices = files.filter((name) => FILE.test(name)).sort();
  const first = join(folder, matrices[0]);
  const header = await matrixHeader(first);
  if (!header)
    throw new WiringError(
      `${first}: expected a square matrix with the names of its cells in the first row and column`,
    );
  const cells = cellsOfHeader(first, header);
  const layers: Layer[] = [];
  for (const name of matrices) {
    const [from, onto] = name as unknown as ["a" | "d", "a" | "d"];
    const connections = await readMatrix(join(folder, name), cells);
    layers.push({
      name: `${WORDS[from]}-${ONTO[onto]}`,
      drives: !(from === "a" && onto === "a"),
      ...connections,
    });
  }
  const notes = ["axo-axonic synapses are kept and do not drive"];
  const { labels, pairs } = await readPairs(join(folder, "annotations.csv"), cells, notes);
  const rule = signs ?? parseSignRule(SIGNS);
  const signed = signsBy(rule, { names: cells.names, labels, pairs });
  notes.push(...signed.notes);
  return {
    names: cells.names,
    signs: signed.signs,
    layers,
    labels,
    pairs,
    facts: {
      source: "Drosophila larva, Winding et al. 2023, Science 379, eadd9330, supplementary data S1",
      licence: "as the paper says",
      signRule: rule.text,
      notes,
    },
  };
}

/** One row a pair; "no pair" on the other side of a cell that is alone. */
async function readPairs(
  path: string,
  cells: Cells,
  notes: string[],
): Promise<{ labels: Labels[]; pairs: Int32Array }> {
  const table = await openTable(path);
  const wanted = ["left_id", "right_id", "celltype", "additional_annotations"];
  const lacking = wanted.find((name) => !table.columns.includes(name));
  if (lacking !== undefined)
    throw new WiringError(
      `${path}: expected a column ${lacking}, got ${table.columns.slice(0, 8).join(", ")}`,
    );
  const count = cells.names.length;
  const [kinds, types, sides] = [0, 1, 2].map(() => new Array<string>(count).fill(""));
  const pairs = new Int32Array(count).fill(-1);
  let absent = 0;
  for await (const { rows, columns } of table.batches(wanted))
    for (let row = 0; row < rows; row++) {
      const [left, right] = [0, 1].map((side) => {
        const name = `${columns[side][row]}`;
        return name === "no pair" || name === "" ? -1 : cells.find(name);
      });
      absent += [0, 1].filter((side) => columns[side][row] !== "no pair" && [left, right][side] < 0).length;
      [left, right].forEach((cell, side) => {
        if (cell < 0) return;
        kinds[cell] = `${columns[2][row]}`;
        types[cell] = typeIn(`${columns[3][row]}`);
        sides[cell] = side === 0 ? "left" : "right";
      });
      if (left >= 0 && right >= 0) [pairs[left], pairs[right]] = [right, left];
    }
  const unknown = kinds.filter((kind) => kind === "").length;
  notes.push(
    `${absent} cells of the annotation are not in the matrices; ${unknown} cells have no annotation`,
  );
  const finer = kinds.map((kind, cell) => fineClass(kind, types[cell]));
  return {
    labels: [
      labelsOf("class", kinds),
      labelsOf("type", types),
      labelsOf("fine", finer),
      labelsOf("side", sides),
    ],
    pairs,
  };
}

const typeIn = (text: string) => (text === "no official annotation" ? "" : text);

/** What a rewiring must not mix: projection neurons of smell and of taste, sensory cells by modality, APL among local neurons. */
function fineClass(kind: string, type: string): string {
  if (type === "APL") return "APL";
  if (kind === "sensory" && type !== "") return `sensory ${type}`;
  return kind === "PN" && /\buPN\b/.test(type) ? "uPN" : kind;
}
