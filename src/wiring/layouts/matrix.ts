/** Dense matrices of counts: a header of postsynaptic cells, and a row for each presynaptic one. */
import { firstLines, lineBatches } from "../../recording/text/lines.ts";
import { Cells, countIn } from "../cells.ts";
import { type Connections, WiringError } from "../contract.ts";
import { Edges } from "../edges.ts";
import { separatorOf, splitLine } from "../tables/text.ts";

export interface MatrixHeader {
  readonly separator: string;
  /** Cells of the columns, in their order. */
  readonly cells: readonly string[];
}

/** The header of a matrix; undefined where the first two lines are not such a file's. */
export async function matrixHeader(path: string): Promise<MatrixHeader | undefined> {
  const [first, second] = await firstLines(path, 2);
  if (first === undefined || second === undefined) return undefined;
  const separator = separatorOf(first);
  const [corner, ...cells] = splitLine(first, separator);
  const [row, ...values] = splitLine(second, separator);
  const isMatrix = corner === "" && cells.length > 1 && cells.includes(row) && values.length === cells.length;
  return isMatrix ? { separator, cells } : undefined;
}

/** Puts the cells of a header in; throws where one is there twice. */
export function cellsOfHeader(path: string, { cells }: MatrixHeader): Cells {
  const all = new Cells(path);
  for (const name of cells) all.put(name);
  if (all.names.length !== cells.length)
    throw new WiringError(`${path}: expected every cell once in the header, got one twice`);
  return all;
}

/** The matrix by cells, whatever their order in the file. Throws `WiringError` where it is not square or has other cells. */
export async function readMatrix(path: string, cells: Cells): Promise<Connections> {
  const header = await matrixHeader(path);
  if (!header)
    throw new WiringError(
      `${path}: expected a square matrix with the names of its cells in the first row and column`,
    );
  const columns = header.cells.map((name) => cells.find(name));
  const missing = columns.indexOf(-1);
  if (missing >= 0)
    throw new WiringError(
      `${path}: has cell ${header.cells[missing]}, which the other matrices lack: take all from one release`,
    );
  if (columns.length !== cells.names.length || new Set(columns).size !== columns.length)
    throw new WiringError(
      `${path}: expected ${cells.names.length} columns, as many as there are cells, got ${columns.length}`,
    );
  const edges = new Edges();
  const seen = new Uint8Array(columns.length);
  let row = -1;
  for await (const lines of lineBatches(path))
    for (const line of lines) {
      if (line.trim() === "" || ++row === 0) continue;
      const values = line.split(header.separator);
      if (values.length !== columns.length + 1)
        throw new WiringError(
          `${path}, row ${row}: expected ${columns.length} values, got ${values.length - 1}: the matrix is not whole`,
        );
      const pre = cells.find(values[0].replaceAll('"', ""));
      if (pre < 0 || seen[pre] === 1)
        throw new WiringError(
          `${path}, row ${row}: expected each cell of the header once, got ${JSON.stringify(values[0].slice(0, 40))}`,
        );
      seen[pre] = 1;
      for (let j = 0; j < columns.length; j++) {
        const value = values[j + 1];
        if (value !== "0" && value !== "0.0") {
          const count = countIn(value, `${path}, row ${row}`);
          if (count > 0) edges.add(pre, columns[j], count);
        }
      }
    }
  if (row !== columns.length)
    throw new WiringError(`${path}: expected a square matrix, got ${row} rows and ${columns.length} columns`);
  return edges.connections(columns.length);
}
