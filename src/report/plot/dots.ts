/** One row per name: the mean as a dot, its interval as a bar, every seed as a faint tick. */
import { type Frame, frame } from "./frame.ts";
import type { Extent } from "./scale.ts";
import { type Drawing, element, line, svg, text, tooltip } from "./svg.ts";

export interface DotRow {
  readonly label: string;
  readonly class: string;
  readonly mean: number;
  readonly ci95: Extent;
  readonly perSeed: readonly number[];
  /** Shown on hovering, and to who cannot see the row. */
  readonly title: string;
  /** Drawn as a ring: nothing is claimed of it. */
  readonly isOpen?: boolean;
}

export interface DotPlot extends Omit<Drawing, "height"> {
  readonly groups: readonly { readonly heading: string; readonly rows: readonly DotRow[] }[];
  readonly xLabel: string;
  readonly xDomain: Extent;
  readonly xFormat?: (value: number) => string;
  /** The interval drawn down the whole figure, to compare all others against. */
  readonly against?: Extent;
  /** A line down the whole figure. */
  readonly zero?: number;
  readonly labelWidth: number;
}

const ROW = 25;
const HEADING = 28;

/** The plot as SVG. */
export function dotPlot(plot: DotPlot): string {
  const groups = plot.groups.filter(({ rows }) => rows.length > 0);
  const body = groups.reduce((sum, { rows }) => sum + HEADING + rows.length * ROW, 0);
  const margins = { top: 4, right: 14, bottom: 46, left: plot.labelWidth };
  const height = margins.top + body + 8 + margins.bottom;
  const x = { domain: plot.xDomain, label: plot.xLabel, ...(plot.xFormat ? { format: plot.xFormat } : {}) };
  const area = frame({ width: plot.width, height, margins }, x, { domain: [0, 1], label: "", tickCount: 0 });
  const parts = [area.markup];
  if (plot.against) {
    const [lo, hi] = plot.against.map(area.x);
    const size = { x: lo, y: area.top, width: Math.max(1, hi - lo), height: area.bottom - area.top };
    parts.push(element("rect", { ...size, class: "against" }));
  }
  if (plot.zero !== undefined) {
    const at = area.x(plot.zero);
    parts.push(line([at, area.top], [at, area.bottom], { class: "zero" }));
  }
  let y = margins.top;
  for (const { heading, rows } of groups) {
    parts.push(text(0, y + HEADING - 10, heading, { class: "heading" }));
    y += HEADING;
    for (const row of rows) {
      parts.push(drawRow(row, y + ROW / 2, area));
      y += ROW;
    }
  }
  return svg({ ...plot, height }, ...parts);
}

function drawRow(row: DotRow, y: number, { x, left, right }: Frame): string {
  const seeds = row.perSeed.map((value) =>
    line([x(value), y - 5], [x(value), y + 5], { class: `seed ${row.class}` }),
  );
  return element(
    "g",
    {},
    tooltip(row.title),
    text(left - 12, y + 4, row.label, { class: "label", "text-anchor": "end" }),
    line([left, y], [right, y], { class: "grid" }),
    ...seeds,
    line([x(row.ci95[0]), y], [x(row.ci95[1]), y], { class: `interval ${row.class}` }),
    element("circle", {
      cx: x(row.mean),
      cy: y,
      r: 4.5,
      class: `dot ${row.class}${row.isOpen ? " hollow" : ""}`,
    }),
  );
}
