/** Rows of a table of pairs, as connections by kind and what the rows say of their presynaptic cells. */
import type { Cells } from "../cells.ts";
import { countIn } from "../cells.ts";
import { WiringError } from "../contract.ts";
import { Edges } from "../edges.ts";
import type { Value } from "../tables/contract.ts";
import { openTable } from "../tables/open.ts";
import { columnFor, requiredColumn } from "./columns.ts";
import type { LayoutPlan } from "./plan.ts";

export interface ReadEdges {
  /** Rows by kind; "" where the table has none. */
  readonly kinds: ReadonlyMap<string, Edges>;
  readonly rows: number;
  /** Rows with a cell that is not listed, and the first such cells. */
  readonly unlisted: number;
  readonly examples: readonly string[];
  /** Synapses by presynaptic cell and what its rows say of it: a sign or a transmitter. */
  readonly said?: {
    readonly column: "sign" | "transmitter";
    readonly tally: ReadonlyMap<number, Map<string, number>>;
  };
}

export async function readEdges({ edges, cells: list }: LayoutPlan, cells: Cells): Promise<ReadEdges> {
  const table = await openTable(edges.path);
  const optional = (candidates: readonly string[] = []) => columnFor(table, candidates);
  const [kind, sign, transmitter] = [optional(edges.kind), optional(edges.sign), optional(edges.transmitter)];
  const weight = optional(edges.weight);
  const said = sign ?? transmitter;
  const wanted = [requiredColumn(table, edges.pre, "pre"), requiredColumn(table, edges.post, "post")];
  const extra = [weight, kind, said].flatMap((name) => name ?? []);
  const at = (name: string | undefined) => (name === undefined ? -1 : 2 + extra.indexOf(name));
  const places = { weight: at(weight), kind: at(kind), said: at(said) };
  const kinds = new Map<string, Edges>();
  const tally = new Map<number, Map<string, number>>();
  let [rows, unlisted] = [0, 0];
  const examples: string[] = [];
  for await (const batch of table.batches([...wanted, ...extra])) {
    const [pre, post] = batch.columns;
    for (let row = 0; row < batch.rows; row++) {
      rows++;
      const [from, to] = [indexOf(cells, pre[row], list), indexOf(cells, post[row], list)];
      if (from < 0 || to < 0) {
        unlisted++;
        if (examples.length < 3) examples.push(`${from < 0 ? pre[row] : post[row]}`);
        continue;
      }
      const count = places.weight < 0 ? 1 : countIn(batch.columns[places.weight][row], table.path);
      const name = places.kind < 0 ? "" : `${batch.columns[places.kind][row] ?? ""}`.trim();
      let same = kinds.get(name);
      if (same === undefined) {
        if (kinds.size === 16)
          throw new WiringError(
            `${table.path}: expected few kinds of connections in ${kind}, got more than 16; is it another column?`,
          );
        kinds.set(name, (same = new Edges()));
      }
      same.add(from, to, count);
      if (places.said >= 0)
        tell(tally, from, { text: `${batch.columns[places.said][row] ?? ""}`.trim(), count });
    }
  }
  return {
    kinds,
    rows,
    unlisted,
    examples,
    ...(said && { said: { column: sign ? "sign" : "transmitter", tally } }),
  };
}

function indexOf(cells: Cells, value: Value, list: LayoutPlan["cells"]): number {
  return list ? cells.find(value) : cells.put(value);
}

function tell(
  tally: Map<number, Map<string, number>>,
  cell: number,
  { text, count }: { text: string; count: number },
): void {
  let own = tally.get(cell);
  if (!own) tally.set(cell, (own = new Map()));
  own.set(text, (own.get(text) ?? 0) + count);
}

/** What most synapses of a cell say, and how many cells say more than one thing. */
export function mostSaid(tally: ReadonlyMap<number, Map<string, number>>, cells: number) {
  const texts = new Array<string>(cells).fill("");
  let divided = 0;
  for (const [cell, said] of tally) {
    if (said.size > 1) divided++;
    texts[cell] = [...said].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0];
  }
  return { texts, divided };
}
