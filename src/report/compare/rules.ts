/** `wetgrad culture rules` on a terminal: plasticity rules in the numbers that are measured in tissue. */
import { type Cell, columns, type Paint, PLAIN } from "../columns.ts";
import { fixed } from "../format.ts";

/** A rule's numbers, by name; null where it has none of that kind. */
export interface RuleRow {
  readonly rule: string;
  readonly summary: string;
  readonly numbers: Readonly<Record<string, number | null>>;
}

/** What stands at the head of a column, and what of tissue it is to be compared with. */
export interface RuleColumn {
  readonly key: string;
  readonly short: string;
  readonly label: string;
  readonly digits: number;
  readonly published: { readonly value: string; readonly in: string; readonly source: string } | null;
}

export function rulesTable(
  rows: readonly RuleRow[],
  heads: readonly RuleColumn[],
  paint: Paint = PLAIN,
): string {
  const head = ["", ...heads.map(({ short }) => short)].map((text): Cell => ({ text, paint: paint.dim }));
  const body = rows.map(({ rule, numbers }): Cell[] => [
    { text: rule, paint: paint.bold },
    ...heads.map(({ key, digits }): Cell => ({ text: number(numbers[key], digits) })),
  ]);
  const tissue: Cell[] = [
    { text: "tissue", paint: paint.dim },
    ...heads.map(
      ({ published }): Cell => ({ text: published === null ? "–" : published.value.split(":")[0] }),
    ),
  ];
  const notes = heads.map(
    ({ short, label, published }) =>
      `${short}: ${label}${published === null ? "" : `. In tissue ${published.value} (${published.in}; ${published.source})`}`,
  );
  const rules = rows.map(({ rule, summary }) => `${rule}: ${summary}`);
  return `${columns([head, ...body, tissue])}\n\n${paint.dim([...notes, "", ...rules].join("\n"))}`;
}

function number(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? "–" : fixed(value, digits);
}
