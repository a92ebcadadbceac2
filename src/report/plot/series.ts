/** A predicted series over the true one, one strip per predictor, all on the same axes. */
import { frame } from "./frame.ts";
import { type Extent, extentOf } from "./scale.ts";
import { type Drawing, element, pathThrough, svg, text } from "./svg.ts";

export interface SeriesPlot extends Omit<Drawing, "height"> {
  readonly firstStep: number;
  readonly truth: readonly number[];
  readonly strips: readonly {
    readonly label: string;
    readonly class: string;
    readonly values: readonly number[];
  }[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly stripHeight?: number;
  /** Draw values as steps: for symbols, which have nothing in between. */
  readonly stepped?: boolean;
}

export function seriesPlot(plot: SeriesPlot): string {
  const strip = plot.stripHeight ?? 104;
  const height = plot.strips.length * strip + 58;
  const [lo, hi] = extentOf([...plot.truth, ...plot.strips.flatMap(({ values }) => [...values])]);
  const air = 0.06 * (hi - lo || 1);
  const domain: Extent = [lo - air, hi + air];
  const xDomain: Extent = [plot.firstStep, plot.firstStep + Math.max(1, plot.truth.length - 1)];
  const parts: string[] = [];
  plot.strips.forEach(({ label, class: name, values }, i) => {
    const last = i === plot.strips.length - 1;
    const top = 34 + i * strip;
    const area = frame(
      { width: plot.width, height: top + strip - 30 + 46, margins: { top, right: 14, bottom: 46, left: 46 } },
      { domain: xDomain, label: last ? plot.xLabel : "", tickCount: last ? 6 : 0 },
      { domain, label: i === 0 ? plot.yLabel : "", tickCount: 3 },
    );
    const points = (data: readonly number[]) =>
      data.map((y, t) => [area.x(plot.firstStep + t), area.y(y)] as const);
    const truth = points(plot.truth);
    const drawn = plot.stepped ? steps(truth) : truth;
    parts.push(area.markup, element("path", { d: pathThrough(drawn), class: "line truth" }));
    const dots = points(values).map(([cx, cy]) => element("circle", { cx, cy, r: 2.2 }));
    if (!plot.stepped)
      parts.push(element("path", { d: pathThrough(points(values)), class: `line thin ${name}` }));
    parts.push(element("g", { class: `dot ${name}` }, ...dots));
    parts.push(text(area.right, top - 6, label, { class: `strip halo ${name}`, "text-anchor": "end" }));
  });
  return svg({ ...plot, height }, ...parts);
}

function steps(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  return points.flatMap((point, i) => (i === 0 ? [point] : [[point[0], points[i - 1][1]] as const, point]));
}
