/** Lines over a shared x axis, each with the band of its interval: learning curves, write fidelity. */
import { frame } from "./frame.ts";
import { type LegendItem, legend, legendHeight } from "./legend.ts";
import { type Extent, extentOf, niceExtent } from "./scale.ts";
import { type Drawing, element, line, pathThrough, svg, text, tooltip } from "./svg.ts";

export interface Line {
  readonly label: string;
  readonly class: string;
  readonly dash?: string;
  readonly x: readonly number[];
  readonly mean: readonly number[];
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

export interface LinePlot extends Drawing {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xFormat?: (value: number) => string;
  readonly yDomain?: Extent;
  readonly yFormat?: (value: number) => string;
  /** First at the back. */
  readonly lines: readonly Line[];
  /** Horizontal marks such as chance. */
  readonly references?: readonly { readonly label: string; readonly y: number }[];
  readonly legend?: boolean;
}

/** The plot as SVG. */
export function linePlot(plot: LinePlot): string {
  const { width, height, lines } = plot;
  const references = plot.references ?? [];
  const yDomain =
    plot.yDomain ??
    niceExtent(
      extentOf([...lines.flatMap(({ lo, hi }) => [...lo, ...hi]), ...references.map(({ y }) => y)]),
      5,
    );
  const items: LegendItem[] = plot.legend === false ? [] : lines.map(itemOf).reverse();
  const foot = items.length > 0 ? legendHeight(items, width - 8) + 8 : 0;
  const area = frame(
    {
      width,
      height: height - foot,
      margins: { top: 34, right: references.length > 0 ? 54 : 14, bottom: 46, left: 46 },
    },
    {
      domain: extentOf(lines.flatMap(({ x }) => [...x])),
      label: plot.xLabel,
      ...(plot.xFormat ? { format: plot.xFormat } : {}),
    },
    { domain: yDomain, label: plot.yLabel, ...(plot.yFormat ? { format: plot.yFormat } : {}) },
  );
  const marks = references.map(
    ({ label, y }) =>
      line([area.left, area.y(y)], [area.right, area.y(y)], { class: "reference" }) +
      text(area.right + 6, area.y(y) + 4, label, { class: "tick" }),
  );
  const bands = lines.map(({ x, lo, hi, class: name }) => {
    const there = x.map((at, i) => [area.x(at), area.y(hi[i])] as const);
    const back = x.map((at, i) => [area.x(at), area.y(lo[i])] as const).reverse();
    return element("path", { d: `${pathThrough([...there, ...back])}Z`, class: `band ${name}` });
  });
  const strokes = lines.map(({ x, mean, class: name, dash, label }) =>
    element(
      "path",
      {
        d: pathThrough(x.map((at, i) => [area.x(at), area.y(mean[i])] as const)),
        class: `line ${name}`,
        "stroke-dasharray": dash,
      },
      tooltip(label),
    ),
  );
  const key = legend(items, 4, height - foot + 8, width - 8);
  return svg(plot, area.markup, ...bands, ...marks, ...strokes, key);
}

function itemOf(entry: Line): LegendItem {
  return { label: entry.label, class: entry.class, ...(entry.dash ? { dash: entry.dash } : {}) };
}
