/** Text in columns two spaces apart; widths are counted before colour is added. */

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export function columns(rows: readonly (readonly Cell[])[]): string {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].text.length)));
  const draw = ({ text, paint }: Cell, c: number) =>
    (paint ? paint(text) : text) + " ".repeat(widths[c] - text.length);
  return rows.map((row) => `  ${row.map(draw).join("  ")}`.trimEnd()).join("\n");
}

/** How to set off text; each function may return it unchanged. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
}

const same = (text: string) => text;
export const PLAIN: Paint = { bold: same, dim: same, green: same, yellow: same, red: same };
