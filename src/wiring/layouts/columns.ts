/** Columns by the names that they may have. */
import { WiringError } from "../contract.ts";
import type { Table } from "../tables/contract.ts";
import type { Candidates } from "./plan.ts";

const plain = (name: string) => name.toLowerCase().replace(/[\s_.-]/g, "");

/** The first candidate that the table has. */
export function columnFor({ columns }: Pick<Table, "columns">, candidates: Candidates): string | undefined {
  for (const candidate of candidates) {
    const found = columns.find((name) => plain(name) === plain(candidate));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same, or one line that says which option chooses it. */
export function requiredColumn(table: Table, candidates: Candidates, what: string): string {
  const found = columnFor(table, candidates);
  if (found !== undefined) return found;
  const named = table.columns.slice(0, 12).map((name) => name.slice(0, 40));
  throw new WiringError(
    `${table.path}: expected a column for ${what} (${candidates.slice(0, 4).join(", ")}), got ${named.join(", ")}${table.columns.length > 12 ? ", ..." : ""}; choose it with --columns ${what}=NAME`,
  );
}
