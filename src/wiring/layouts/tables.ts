/** Carries out the plan of a layout of tables: list of cells, connections, annotation, signs. */
import { Cells } from "../cells.ts";
import {
  type Connections,
  type Labels,
  type Layer,
  labelsOf,
  type Wiring,
  WiringError,
} from "../contract.ts";
import type { SignRule } from "../signs.ts";
import { parseSignRule, signsBy } from "../signs.ts";
import { openTable } from "../tables/open.ts";
import { annotate } from "./annotate.ts";
import { requiredColumn } from "./columns.ts";
import { mostSaid, type ReadEdges, readEdges } from "./edges.ts";
import { electricalOnce } from "./electrical.ts";
import { BY_LETTER, BY_TRANSMITTER, type LayoutPlan } from "./plan.ts";

const ELECTRICAL = /^(electrical|gap.?junction|ej)$/i;
/** Fewer cells of the list in the connections say that the list is of another release. */
const LEAST_CONNECTED = 0.25;

export async function readPlan(plan: LayoutPlan, signs?: SignRule): Promise<Wiring> {
  const cells = new Cells(plan.cells?.path ?? plan.edges.path, plan.idsAreIntegers);
  if (plan.cells) await readList(cells, plan.cells);
  const read = await readEdges(plan, cells);
  checkRelease(plan, read);
  const names = cells.names;
  const notes = [`${plan.edges.path}: ${read.rows} rows`];
  if (read.unlisted > 0)
    notes.push(
      `${read.unlisted} rows are of cells that are not listed, and left out: ${read.examples.join(", ")}, ...`,
    );
  const layers = layersOf(read, names.length, notes);
  checkConnected(plan, layers, names.length);
  const annotated = await annotate(cells, plan.annotations);
  notes.push(...annotated.notes);
  const { labels, ofTable } = saidLabels(read, annotated.labels, { cells: names.length, notes });
  const rule = signs ?? defaultRule(plan, labels, ofTable !== undefined);
  const signed = rule
    ? signsBy(rule, { names, labels })
    : { signs: ofTable ?? new Int8Array(names.length).fill(1), notes: [] };
  notes.push(...signed.notes);
  const signRule = rule?.text ?? (ofTable ? "as the table says" : "none is known: every cell excites");
  if (!rule && !ofTable)
    notes.push(
      "sign: the table says nothing of signs: every cell is taken as excitatory (--signs says otherwise)",
    );
  const { source, licence } = plan;
  const { positionsUm } = annotated;
  return {
    names,
    signs: signed.signs,
    layers,
    labels,
    ...(positionsUm && { positionsUm }),
    facts: { source, licence, signRule, notes },
  };
}

async function readList(cells: Cells, { path, id }: NonNullable<LayoutPlan["cells"]>): Promise<void> {
  const table = await openTable(path);
  const column = requiredColumn(table, id, "id");
  let rows = 0;
  for await (const { columns } of table.batches([column]))
    for (let row = 0; row < columns[0].length; row++, rows++) cells.put(columns[0][row]);
  if (rows !== cells.names.length)
    throw new WiringError(
      `${path}: expected every cell once, got ${rows - cells.names.length} rows of a cell that was there before`,
    );
}

function checkRelease(
  { cells, edges, mostUnlisted }: LayoutPlan,
  { rows, unlisted, examples }: ReadEdges,
): void {
  if (rows === 0) throw new WiringError(`${edges.path}: expected rows of connections, got none`);
  if (cells && unlisted > mostUnlisted * rows)
    throw new WiringError(
      `${edges.path}: ${unlisted} of ${rows} rows are of cells that ${cells.path} does not list (${examples.join(", ")}): these are tables of different releases, take both from one`,
    );
}

function checkConnected(
  { cells: list, edges }: LayoutPlan,
  layers: readonly Connections[],
  cells: number,
): void {
  const seen = new Uint8Array(cells);
  for (const { offsets, targets } of layers) {
    for (let cell = 0; cell < cells; cell++) if (offsets[cell + 1] > offsets[cell]) seen[cell] = 1;
    for (const target of targets) seen[target] = 1;
  }
  const connected = seen.reduce((sum, is) => sum + is, 0);
  if (list && connected < LEAST_CONNECTED * cells)
    throw new WiringError(
      `${edges.path}: connects ${connected} of the ${cells} cells of ${list.path}: these are tables of different releases, take both from one`,
    );
}

function layersOf({ kinds }: ReadEdges, cells: number, notes: string[]): Layer[] {
  return [...kinds].map(([kind, edges]): Layer => {
    const { rows } = edges;
    const connections = edges.connections(cells);
    const summed = rows - connections.targets.length;
    if (!ELECTRICAL.test(kind)) {
      if (summed > 0)
        notes.push(`${summed} rows were of a pair that was there before (summed), or without synapses`);
      return { name: kind || "chemical", drives: true, ...connections };
    }
    const once = electricalOnce(connections);
    notes.push(
      `${rows} electrical rows are ${once.connections.targets.length} gap junctions, each taken once; ${once.differing} were listed with two weights, ${once.ontoItself} of a cell onto itself are left out; spikes do not drive through them`,
    );
    return { name: "electrical", drives: false, ...once.connections };
  });
}

interface Said {
  readonly labels: readonly Labels[];
  /** Signs, where the table gives them. */
  readonly ofTable?: Int8Array;
}

/** What the rows of the connections say of their presynaptic cells. */
function saidLabels(
  { said }: ReadEdges,
  labels: readonly Labels[],
  { cells, notes }: { cells: number; notes: string[] },
): Said {
  if (!said) return { labels };
  const { texts, divided } = mostSaid(said.tally, cells);
  if (divided > 0)
    notes.push(
      `${said.column}: rows of ${divided} cells say different things; what most of their synapses say is taken`,
    );
  if (said.column === "sign") return { labels, ofTable: Int8Array.from(texts, signIn) };
  if (labels.some(({ name }) => name === "transmitter")) return { labels };
  return { labels: [...labels, labelsOf("transmitter", texts)] };
}

/** Cells without any connection of their own have no sign to say, and need none. */
function signIn(text: string): number {
  if (text === "" || Number(text) === 0 || text === "false")
    return text === "" ? 1 : Number(text) === 0 ? 0 : -1;
  return /^-|^inh|^neg/i.test(text) ? -1 : 1;
}

function defaultRule(
  { signs }: LayoutPlan,
  labels: readonly Labels[],
  hasSigns: boolean,
): SignRule | undefined {
  if (hasSigns || signs === "table") return undefined;
  if (signs !== "unsaid") return parseSignRule(signs);
  if (labels.some(({ name }) => name === "ei")) return parseSignRule(BY_LETTER);
  return labels.some(({ name }) => name === "transmitter") ? parseSignRule(BY_TRANSMITTER) : undefined;
}
