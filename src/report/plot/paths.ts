/** Ways through a plane, coloured and numbered by class: each a line that ends in a dot. */
import { frame } from "./frame.ts";
import { type Extent, extentOf } from "./scale.ts";
import { type Drawing, element, pathThrough, svg, text } from "./svg.ts";

export interface PlanePath {
  readonly label: number;
  readonly points: readonly (readonly [number, number])[];
}

export interface PathPlot extends Drawing {
  readonly paths: readonly PlanePath[];
  readonly classes: number;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xDomain: Extent;
  readonly yDomain: Extent;
}

/** The domains that hold all `paths`, with a little air. */
export function domainsOf(paths: readonly PlanePath[]): { xDomain: Extent; yDomain: Extent } {
  const air = ([lo, hi]: Extent): Extent => [lo - 0.06 * (hi - lo || 1), hi + 0.06 * (hi - lo || 1)];
  const points = paths.flatMap(({ points: all }) => all);
  return { xDomain: air(extentOf(points.map(([x]) => x))), yDomain: air(extentOf(points.map(([, y]) => y))) };
}

export function pathPlot(plot: PathPlot): string {
  const area = frame(
    { width: plot.width, height: plot.height, margins: { top: 34, right: 14, bottom: 46, left: 46 } },
    { domain: plot.xDomain, label: plot.xLabel, tickCount: 4 },
    { domain: plot.yDomain, label: plot.yLabel, tickCount: 4 },
  );
  const at = ([x, y]: readonly [number, number]) => [area.x(x), area.y(y)] as const;
  const ways = plot.paths.map(({ label, points }) => {
    const [cx, cy] = at(points[points.length - 1]);
    const way =
      points.length > 1 ? element("path", { d: pathThrough(points.map(at)), class: "line hair" }) : "";
    return element(
      "g",
      { class: `k${classShade(label, plot.classes)}` },
      way,
      element("circle", { cx, cy, r: 3 }),
    );
  });
  const names = Array.from({ length: plot.classes }, (_, k) => {
    const ends = plot.paths
      .filter(({ label }) => label === k)
      .map(({ points }) => at(points[points.length - 1]));
    if (ends.length === 0) return "";
    const x = ends.reduce((sum, [value]) => sum + value, 0) / ends.length;
    const y = ends.reduce((sum, [, value]) => sum + value, 0) / ends.length;
    return text(x, y + 5, String(k + 1), { class: "class halo", "text-anchor": "middle" });
  });
  return svg(plot, area.markup, ...ways, ...names);
}

/** Which of the eight class colours class `k` of `classes` has; neighbours in value are neighbours in colour. */
export function classShade(k: number, classes: number): number {
  return classes <= 1 ? 0 : Math.round((7 * k) / (classes - 1));
}
