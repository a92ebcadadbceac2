/**
 * SONATA files (HDF5) as tables: nodes and edges of populations, their attributes in groups. One file may hold both: columns that are asked
 * for tell which. A cell is called `POPULATION:ID`. Types beside the file (`*node_types.csv`) are joined in. Positions (um) are given as one column, in nm as other layouts have them. Format: Dai et al. 2020, PLoS
 * Comput. Biol. 16, e1007696, https://doi.org/10.1371/journal.pcbi.1007696; https://github.com/AllenInstitute/sonata
 */
import { existsSync } from "node:fs";
import { type Hdf5Columns, openHdf5Columns } from "../../recording/columns/hdf5.ts";
import { firstLines } from "../../recording/text/lines.ts";
import { WiringError } from "../contract.ts";
import type { Batch, Table, Value } from "./contract.ts";
import { openText } from "./text.ts";

const ROWS = 65_536;
const [SOURCE, TARGET, SYNAPSES] = ["source_node_id", "target_node_id", "nsyns"];
const NODE = "node_id";
const POSITION = "position";
const AXES = ["x", "y", "z"];

/** Throws `WiringError` where the file is damaged or no SONATA. */
export async function openSonata(path: string): Promise<Table> {
  const file = await safely(path, () => openHdf5Columns(path));
  try {
    const nodes = file.groups("/nodes");
    const edges = file.groups("/edges");
    if (nodes.length + edges.length === 0)
      throw new WiringError(
        `${path}: expected SONATA (groups /nodes or /edges), got HDF5 with ${file.groups("/").slice(0, 6).join(", ") || "nothing in it"}`,
      );
    const types = await nodeTypes(path);
    const columns = [
      ...(nodes.length > 0 ? nodeColumns(file, nodes, types) : []),
      ...(edges.length > 0 ? [SOURCE, TARGET, ...(hasSynapses(file, edges) ? [SYNAPSES] : [])] : []),
    ];
    return {
      path,
      columns,
      batches: (wanted) =>
        reopened(path, (again) =>
          wanted.some((name) => name === SOURCE || name === TARGET)
            ? edgeBatches(again, path, wanted)
            : nodeBatches(again, path, { wanted, types }),
        ),
    };
  } finally {
    file.close();
  }
}

/** Any fault of HDF5 as one line of ours. */
async function safely<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw faultOf(path, error);
  }
}

function faultOf(path: string, error: unknown): Error {
  if (error instanceof WiringError) return error;
  const { message } = error as Error;
  return new WiringError(message.includes(path) ? message : `${path}: ${message}`, { cause: error as Error });
}

async function* reopened(
  path: string,
  batches: (file: Hdf5Columns) => Iterable<Batch>,
): AsyncIterable<Batch> {
  const file = await safely(path, () => openHdf5Columns(path));
  try {
    yield* batches(file);
  } catch (error) {
    throw faultOf(path, error);
  } finally {
    file.close();
  }
}

interface Types {
  readonly columns: readonly string[];
  readonly byId: ReadonlyMap<string, readonly string[]>;
}

/** The table of node types beside `*nodes.h5`, where there is one. */
async function nodeTypes(path: string): Promise<Types> {
  const beside = path.replace(/nodes\.(h5|hdf5|sonata)$/i, "node_types.csv");
  if (beside === path || !existsSync(beside)) return { columns: [], byId: new Map() };
  const [header] = await firstLines(beside, 1);
  const table = await openText(beside);
  if (!table.columns.includes("node_type_id"))
    throw new WiringError(`${beside}: expected a column node_type_id, got ${(header ?? "").slice(0, 80)}`);
  const columns = table.columns.filter((name) => name !== "node_type_id");
  const byId = new Map<string, readonly string[]>();
  for await (const batch of table.batches(["node_type_id", ...columns]))
    for (let row = 0; row < batch.rows; row++)
      byId.set(
        `${batch.columns[0][row]}`,
        columns.map((_, i) => text(batch.columns[1 + i][row])),
      );
  return { columns, byId };
}

/** What SONATA writes for nothing is nothing. */
const text = (value: Value) => (`${value ?? ""}` === "NULL" ? "" : `${value ?? ""}`);

const groupsOf = (file: Hdf5Columns, population: string) =>
  file.groups(population).filter((name) => /^\d+$/.test(name));

function attributesOf(file: Hdf5Columns, population: string): string[] {
  return groupsOf(file, population).flatMap((group) =>
    file
      .groups(`${population}/${group}`)
      .filter((name) => !name.startsWith("@") && file.rows(`${population}/${group}/${name}`) !== undefined),
  );
}

function nodeColumns(file: Hdf5Columns, populations: readonly string[], types: Types): string[] {
  const own = new Set(populations.flatMap((name) => attributesOf(file, `/nodes/${name}`)));
  const position = AXES.every((axis) => own.has(axis)) ? [POSITION] : [];
  return [NODE, "population", ...new Set([...own, ...types.columns]), ...position];
}

function hasSynapses(file: Hdf5Columns, populations: readonly string[]): boolean {
  return populations.some((name) => attributesOf(file, `/edges/${name}`).includes(SYNAPSES));
}

/** Rows of a dataset that must be there. */
function rowsOf(file: Hdf5Columns, at: string, path: string): number {
  const rows = file.rows(at);
  if (rows === undefined)
    throw new WiringError(`${path}: expected a dataset ${at} of one dimension, got none`);
  return rows;
}

/** Values of an attribute by row of the population, whatever group they are in; undefined where none has it. */
function attribute(file: Hdf5Columns, population: string, name: string) {
  const groups = new Map<number, ArrayLike<Value>>();
  for (const group of groupsOf(file, population)) {
    const at = `${population}/${group}/${name}`;
    const rows = file.rows(at);
    if (rows === undefined) continue;
    const library = `${population}/${group}/@library/${name}`;
    const names = file.rows(library) === undefined ? undefined : file.read(library, 0, file.rows(library)!);
    const values = file.read(at, 0, rows);
    groups.set(Number(group), names ? Array.from(values, (value) => names[Number(value)]) : values);
  }
  if (groups.size === 0) return undefined;
  const kind = population.startsWith("/nodes") ? "node" : "edge";
  return (from: number, to: number): Value[] => {
    const [id, index] = ["id", "index"].map((what) => `${population}/${kind}_group_${what}`);
    const isSimple = file.rows(id) === undefined || file.rows(index) === undefined;
    const [ids, indices] = isSimple ? [[], []] : [file.read(id, from, to), file.read(index, from, to)];
    return Array.from({ length: to - from }, (_, i) =>
      isSimple ? groups.get(0)?.[from + i] : groups.get(Number(ids[i]))?.[Number(indices[i])],
    );
  };
}

interface Asked {
  readonly wanted: readonly string[];
  readonly types: Types;
}

function* nodeBatches(file: Hdf5Columns, path: string, { wanted, types }: Asked): Iterable<Batch> {
  for (const name of file.groups("/nodes")) {
    const at = `/nodes/${name}`;
    const typeIds = `${at}/node_type_id`;
    const rows = rowsOf(file, typeIds, path);
    const hasIds = file.rows(`${at}/${NODE}`) !== undefined;
    const own = new Map([...wanted, ...AXES].map((column) => [column, attribute(file, at, column)]));
    for (let from = 0; from < rows; from += ROWS) {
      const to = Math.min(rows, from + ROWS);
      const kinds = file.read(typeIds, from, to);
      const ids = hasIds ? file.read(`${at}/${NODE}`, from, to) : undefined;
      const axes = wanted.includes(POSITION) ? AXES.map((axis) => own.get(axis)?.(from, to)) : [];
      yield {
        rows: to - from,
        columns: wanted.map((column): ArrayLike<Value> => {
          const values = column === NODE || column === POSITION ? undefined : own.get(column)?.(from, to);
          const type = types.columns.indexOf(column);
          return Array.from({ length: to - from }, (_, i): Value => {
            if (column === NODE) return nameOf(name, ids ? ids[i] : from + i);
            if (column === "population") return name;
            if (column === POSITION)
              return axes.map((axis) => Math.round(1000 * Number(axis?.[i] ?? Number.NaN))).join(" ");
            return text(values?.[i]) || (type < 0 ? "" : types.byId.get(`${kinds[i]}`)?.[type]);
          });
        }),
      };
    }
  }
}

const nameOf = (population: string, id: Value): string => `${population}:${id}`;

function* edgeBatches(file: Hdf5Columns, path: string, wanted: readonly string[]): Iterable<Batch> {
  for (const name of file.groups("/edges")) {
    const at = `/edges/${name}`;
    const rows = rowsOf(file, `${at}/${SOURCE}`, path);
    if (rowsOf(file, `${at}/${TARGET}`, path) !== rows)
      throw new WiringError(`${path}: ${at}: expected as many targets as sources, which are ${rows}`);
    const said = [SOURCE, TARGET].map((end) => populationOf(file, `${at}/${end}`, path));
    const own = new Map(wanted.map((column) => [column, attribute(file, at, column)]));
    for (let from = 0; from < rows; from += ROWS) {
      const to = Math.min(rows, from + ROWS);
      yield {
        rows: to - from,
        columns: wanted.map((column): ArrayLike<Value> => {
          const end = [SOURCE, TARGET].indexOf(column);
          if (end < 0) return own.get(column)?.(from, to) ?? new Array<Value>(to - from).fill(1);
          const ids = file.read(`${at}/${column}`, from, to);
          return Array.from(ids, (id) => nameOf(said[end], id));
        }),
      };
    }
  }
}

function populationOf(file: Hdf5Columns, at: string, path: string): string {
  const population = file.attribute(at, "node_population");
  if (population !== undefined) return population;
  throw new WiringError(
    `${path}: expected the attribute node_population of ${at}, which says whose numbers it has, got none`,
  );
}
