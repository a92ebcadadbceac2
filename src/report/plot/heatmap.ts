/** A matrix as squares on a scale that diverges from zero: one colour up, the other down, the page's own at zero. */
import { significant } from "../format.ts";
import { coordinate, type Drawing, element, line, svg, text } from "./svg.ts";

export interface HeatMap extends Omit<Drawing, "height"> {
  /** `[row][column]`; null is left empty. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly rowLabel: string;
  readonly columnLabel: string;
  readonly scaleLabel: string;
  /** Sizes of column groups, told apart by thin lines and numbered. */
  readonly columnGroups?: readonly number[];
}

const LEVELS = 12;
const LEFT = 26;
const TOP = 26;

export function heatMap(plot: HeatMap): string {
  const columns = Math.max(1, ...plot.values.map((row) => row.length));
  const cell = (plot.width - LEFT - 6) / columns;
  const bottom = TOP + cell * plot.values.length;
  const height = bottom + 78;
  const limit = Math.max(...plot.values.flat().map((value) => Math.abs(value ?? 0)), 0);
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
    if (column < columns) parts.push(line(to, TOP, to, bottom, { class: "grid" }));
  });
  parts.push(text(right, bottom + 18, plot.columnLabel, { class: "label", "text-anchor": "end" }));
  const middle = (TOP + bottom) / 2;
  const turn = { transform: `rotate(-90 14 ${coordinate(middle)})`, "text-anchor": "middle", class: "label" };
  parts.push(text(14, middle, plot.rowLabel, turn), scaleBar(plot.scaleLabel, limit, bottom + 36));
  return svg({ ...plot, height }, ...parts);
}

function shade(level: number) {
  return { class: level > 0 ? "up" : "down", "fill-opacity": Math.abs(level) / LEVELS };
}

function scaleBar(label: string, limit: number, y: number): string {
  const width = 9;
  const bars = Array.from({ length: 2 * LEVELS + 1 }, (_, i) =>
    element("rect", { x: LEFT + i * width, y, width, height: 10, ...shade(i - LEVELS) }),
  );
  const end = LEFT + (2 * LEVELS + 1) * width;
  const at = (x: number, value: string) => text(x, y + 25, value, { class: "tick", "text-anchor": "middle" });
  return (
    bars.join("") +
    at(LEFT + 10, significant(-limit, 2)) +
    at((LEFT + end) / 2, "0") +
    at(end - 10, `+${significant(limit, 2)}`) +
    text(end + 12, y + 9, label, { class: "label" })
  );
}
