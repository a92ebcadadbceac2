/** What tables say of cells: labels, positions. */
import type { Cells } from "../cells.ts";
import { type Labels, labelsOf, WiringError } from "../contract.ts";
import { openTable } from "../tables/open.ts";
import { columnFor, requiredColumn } from "./columns.ts";
import type { AnnotationTable } from "./plan.ts";

const NM_PER_UM = 1000;
const MOST_VALUE = 200;

export interface Annotated {
  readonly labels: readonly Labels[];
  readonly positionsUm?: Float32Array;
  readonly notes: readonly string[];
}

/** Labels of all tables; where two have the same column, the first that says something of a cell. */
export async function annotate(cells: Cells, tables: readonly AnnotationTable[]): Promise<Annotated> {
  const count = cells.names.length;
  const texts = new Map<string, string[]>();
  const positions = new Float32Array(3 * count).fill(Number.NaN);
  const notes: string[] = [];
  for (const plan of tables) {
    const table = await openTable(plan.path);
    const id = requiredColumn(table, plan.id, "id");
    const found = Object.entries(plan.columns).flatMap(([to, candidates]) => {
      const from = columnFor(
        table,
        candidates.filter((name) => name !== id),
      );
      return from === undefined || from === id ? [] : [{ from, to }];
    });
    const place = columnFor(table, plan.positionNm ?? []);
    for (const { to } of found) if (!texts.has(to)) texts.set(to, new Array<string>(count).fill(""));
    let [rows, others] = [0, 0];
    for await (const batch of table.batches([
      id,
      ...found.map(({ from }) => from),
      ...(place ? [place] : []),
    ]))
      for (let row = 0; row < batch.rows; row++) {
        rows++;
        const cell = cells.find(batch.columns[0][row]);
        if (cell < 0) {
          others++;
          continue;
        }
        found.forEach(({ to }, i) => {
          const own = texts.get(to)!;
          if (own[cell] === "") own[cell] = `${batch.columns[1 + i][row] ?? ""}`.trim().slice(0, MOST_VALUE);
        });
        if (place) putPosition(positions, cell, batch.columns[1 + found.length][row]);
      }
    if (others > 0)
      notes.push(`${others} of ${rows} rows of ${plan.path} are of cells that are not in the wiring`);
    if (rows > 0 && others === rows)
      throw new WiringError(
        `${plan.path}: expected rows of the cells of the wiring, got none: is it of another release?`,
      );
  }
  const labels = [...texts].map(([name, column]) => labelsOf(name, column));
  return { labels, notes, ...(positions.some(Number.isFinite) && { positionsUm: positions }) };
}

/** `[x y z]`, however it is bracketed. */
function putPosition(positions: Float32Array, cell: number, value: unknown): void {
  const found = (
    typeof value === "object" && value !== null
      ? Array.from(value as ArrayLike<number>).join(" ")
      : `${value ?? ""}`
  ).match(/-?\d+(\.\d+)?/g);
  if (found?.length !== 3 || Number.isFinite(positions[3 * cell])) return;
  for (let axis = 0; axis < 3; axis++) positions[3 * cell + axis] = Number(found[axis]) / NM_PER_UM;
}
