/** One number of many cultures over their age: recordings as grey dots, simulated cultures as a line of dots. */
import { frame } from "./frame.ts";
import { type Extent, extentOf, niceExtent } from "./scale.ts";
import { type Drawing, element, line, pathThrough, svg, tooltip } from "./svg.ts";

export interface AgePoint {
  readonly label: string;
  /** Null where unknown: then drawn as a mark on the right edge. */
  readonly divDays: number | null;
  readonly value: number;
}

export interface AgePlot extends Drawing {
  readonly real: readonly AgePoint[];
  readonly simulated: readonly AgePoint[];
  readonly yLabel: string;
}

export function agePlot(plot: AgePlot): string {
  const real = plot.real.filter(({ value }) => Number.isFinite(value));
  const simulated = plot.simulated.filter(({ value }) => Number.isFinite(value));
  const all = [...real, ...simulated];
  const [lo, hi] = extentOf(all.map(({ value }) => value));
  const [first, last] = extentOf(all.flatMap(({ divDays }) => divDays ?? []));
  const xDomain: Extent = [first - 2, last + 2];
  const area = frame(
    { width: plot.width, height: plot.height, margins: { top: 34, right: 16, bottom: 46, left: 46 } },
    { domain: xDomain, label: "days in vitro", tickCount: 4 },
    { domain: niceExtent([Math.min(0, lo), hi], 4), label: plot.yLabel, tickCount: 4 },
  );
  const draw = ({ label, divDays, value }: AgePoint, name: string, r: number) => {
    const y = area.y(value);
    const title = tooltip(label);
    if (divDays === null)
      return element("g", {}, title, line([area.right - 8, y], [area.right, y], { class: `line ${name}` }));
    return element("circle", { cx: area.x(divDays), cy: y, r, class: `dot ${name}` }, title);
  };
  const way = simulated
    .filter(({ divDays }) => divDays !== null)
    .sort((a, b) => a.divDays! - b.divDays!)
    .map(({ divDays, value }) => [area.x(divDays!), area.y(value)] as const);
  return svg(
    plot,
    area.markup,
    element("g", { opacity: 0.6 }, ...real.map((point) => draw(point, "control", 3.2))),
    element("path", { d: pathThrough(way), class: "line thin descent" }),
    ...simulated.map((point) => draw(point, "descent", 5)),
  );
}
