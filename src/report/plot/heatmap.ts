/** A matrix as squares on a scale that diverges from zero: one colour up, the other (where needed) down, the page's own at zero. */
import { significant } from "../format.ts";
import { coordinate, type Drawing, element, line, svg, text } from "./svg.ts";

export interface HeatMap extends Omit<Drawing, "height"> {
  /** `[row][column]`; null is left empty. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly rowLabel: string;
  readonly columnLabel: string;
  readonly scaleLabel: string;
  /** Value of the darkest shade; the largest there is if not given. */
  readonly limit?: number;
  /** Number of the first column, where columns are to be numbered below. */
  readonly firstColumn?: number;
  /** Sizes of column groups, separated by thin lines and numbered. */
  readonly columnGroups?: readonly number[];
}

const LEVELS = 12;
const LEFT = 26;
const TOP = 26;
const NUMBERS = 14;
/** Room that a number needs. */
const NUMBER_WIDTH = 34;

/** The plot as SVG. */
export function heatMap(plot: HeatMap): string {
  const columns = Math.max(1, ...plot.values.map((row) => row.length));
  const cell = (plot.width - LEFT - 6) / columns;
  const bottom = TOP + cell * plot.values.length;
  const below = bottom + (plot.firstColumn === undefined ? 0 : NUMBERS);
  const height = below + 78;
  const all = plot.values.flat().map((value) => value ?? 0);
  const limit = plot.limit ?? Math.max(...all.map(Math.abs), 0);
  const lowest = all.some((value) => value < 0) ? -LEVELS : 0;
  // Cells of one shade share one path: a few paths instead of thousands of rectangles.
  const shades = new Map<number, string>();
  plot.values.forEach((row, r) => {
    row.forEach((value, c) => {
      const level = value === null || limit === 0 ? 0 : Math.round((value / limit) * LEVELS);
      if (level === 0) return;
      const square = `M${coordinate(LEFT + c * cell)} ${coordinate(TOP + r * cell)}h${coordinate(cell)}v${coordinate(cell)}h${coordinate(-cell)}z`;
      shades.set(level, (shades.get(level) ?? "") + square);
    });
  });
  const right = LEFT + cell * columns;
  const size = { x: LEFT, y: TOP, width: right - LEFT, height: bottom - TOP };
  const parts = [element("rect", { ...size, class: "field" })];
  for (const [level, d] of [...shades].sort(([a], [b]) => a - b))
    parts.push(element("path", { d, ...shade(level) }));
  let column = 0;
  (plot.columnGroups ?? []).forEach((count, k) => {
    if (count === 0) return;
    const from = LEFT + column * cell;
    column += count;
    const to = LEFT + column * cell;
    parts.push(text((from + to) / 2, TOP - 8, String(k + 1), { class: "tick", "text-anchor": "middle" }));
    if (column < columns) parts.push(line([to, TOP], [to, bottom], { class: "grid" }));
  });
  if (plot.firstColumn !== undefined)
    parts.push(...numbers(plot.firstColumn, columns, cell, bottom + NUMBERS));
  parts.push(text(right, below + 18, plot.columnLabel, { class: "label", "text-anchor": "end" }));
  const middle = (TOP + bottom) / 2;
  const turn = { transform: `rotate(-90 14 ${coordinate(middle)})`, "text-anchor": "middle", class: "label" };
  parts.push(text(14, middle, plot.rowLabel, turn), scaleBar(plot.scaleLabel, lowest, limit, below + 36));
  return svg({ ...plot, height }, ...parts);
}

/** Numbers of columns, as many as there is room for. */
function numbers(first: number, columns: number, cell: number, y: number): string[] {
  const step = [1, 2, 4, 8, 16, 32, 64].find((n) => n * cell >= NUMBER_WIDTH) ?? 128;
  return Array.from({ length: Math.ceil(columns / step) }, (_, i) =>
    text(LEFT + (i * step + 0.5) * cell, y, String(first + i * step), {
      class: "tick",
      "text-anchor": "middle",
    }),
  );
}

function shade(level: number) {
  return { class: level > 0 ? "up" : "down", "fill-opacity": Math.abs(level) / LEVELS };
}

function scaleBar(label: string, lowest: number, limit: number, y: number): string {
  const width = 9;
  const levels = Array.from({ length: LEVELS - lowest + 1 }, (_, i) => lowest + i);
  const left = (level: number) => LEFT + (level - lowest) * width;
  const bars = levels.map((level) =>
    element("rect", { x: left(level), y, width, height: 10, ...shade(level) }),
  );
  const at = (level: number, value: string) =>
    text(left(level) + width / 2, y + 25, value, { class: "tick", "text-anchor": "middle" });
  return (
    bars.join("") +
    (lowest < 0 ? at(lowest + 1, significant(-limit, 2)) : "") +
    at(0, "0") +
    at(LEVELS - 1, `${lowest < 0 ? "+" : ""}${significant(limit, 2)}`) +
    text(left(LEVELS + 1) + 12, y + 9, label, { class: "label" })
  );
}
