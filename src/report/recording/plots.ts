/** Figures of one culture: a raster, intervals on a logarithmic axis, rates at their places. */
import { significant } from "../format.ts";
import { frame } from "../plot/frame.ts";
import { coordinate, element, svg, tooltip } from "../plot/svg.ts";
import type { ViewedChannel, ViewedCulture } from "./viewed.ts";

const MARGINS = { top: 30, right: 14, bottom: 46, left: 46 };
/** Rows of the raster are so high, where there is room. */
const ROW = { most: 9, least: 1.2 };
const TALLEST = 640;

type Excerpt = Pick<ViewedCulture, "excerpt" | "channels" | "bursts"> & { readonly width: number };

export function excerptPlot({ excerpt, channels, bursts, width }: Excerpt): string {
  const rows = Math.max(1, channels.length);
  const row = Math.max(ROW.least, Math.min(ROW.most, TALLEST / rows));
  const height = MARGINS.top + rows * row + MARGINS.bottom;
  const area = frame(
    { width, height, margins: MARGINS },
    { domain: [0, Math.max(1e-6, excerpt.seconds)], label: "time from the start (s)" },
    { domain: [rows, 0], label: "channel", tickCount: Math.min(5, rows) },
  );
  const ticks = excerpt.times
    .map((times, c) =>
      times
        .map((time) => `M${coordinate(area.x(time))} ${coordinate(area.y(c + 0.1))}v${coordinate(row * 0.8)}`)
        .join(""),
    )
    .join("");
  const shaded = bursts
    .filter(({ start }) => start < excerpt.seconds)
    .map(({ start, end }) => {
      const [from, to] = [area.x(start), area.x(Math.min(end, excerpt.seconds))];
      return element("rect", {
        x: from,
        y: area.top,
        width: Math.max(1, to - from),
        height: area.bottom - area.top,
        class: "target",
      });
    });
  return svg(
    {
      title: "Spikes",
      description: `Spikes of ${channels.length} channels in the first ${significant(excerpt.seconds)} s.`,
      width,
      height,
    },
    area.markup,
    ...shaded,
    element("path", { d: ticks, class: "spike" }),
  );
}

const [PER_DECADE, FIRST_DECADE] = [10, -1];

export function intervalPlot({
  intervals,
  width,
}: {
  readonly intervals: readonly number[];
  readonly width: number;
}): string {
  const height = 260;
  const area = frame(
    { width, height, margins: MARGINS },
    {
      domain: [FIRST_DECADE, FIRST_DECADE + intervals.length / PER_DECADE],
      label: "interval (ms)",
      tickCount: 6,
      format: (decade) => significant(10 ** decade),
    },
    { domain: [0, Math.max(1, ...intervals)], label: "intervals" },
  );
  const bars = intervals
    .map((count, i) => {
      const [left, right] = [i, i + 1].map((bin) => area.x(FIRST_DECADE + bin / PER_DECADE));
      return `M${coordinate(left)} ${coordinate(area.bottom)}V${coordinate(area.y(count))}H${coordinate(right)}V${coordinate(area.bottom)}z`;
    })
    .join("");
  return svg(
    {
      title: "Intervals",
      description: "Histogram of intervals between spikes of one channel.",
      width,
      height,
    },
    area.markup,
    element("path", { d: bars, class: "fill descent" }),
  );
}

const LARGEST = 16;

export function placePlot({
  channels,
  width,
}: {
  readonly channels: readonly ViewedChannel[];
  readonly width: number;
}): string {
  const placed = channels.flatMap(({ xUm, yUm, ...channel }) =>
    xUm === undefined || yUm === undefined ? [] : [{ ...channel, xUm, yUm }],
  );
  const extent = (values: readonly number[]): [number, number] => {
    const [lo, hi] = values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    const rim = Math.max(20, (hi - lo) * 0.08);
    return [lo - rim, hi + rim];
  };
  const most = Math.max(1e-9, ...placed.map(({ rateHz }) => rateHz));
  const height = width;
  const area = frame(
    { width, height, margins: MARGINS },
    { domain: extent(placed.map(({ xUm }) => xUm)), label: "x (µm)" },
    { domain: extent(placed.map(({ yUm }) => yUm)), label: "y (µm)" },
  );
  const dots = placed.map(({ name, xUm, yUm, rateHz }) =>
    element(
      "circle",
      {
        cx: area.x(xUm),
        cy: area.y(yUm),
        r: Math.max(1, LARGEST * Math.sqrt(rateHz / most)),
        class: "fill teacher",
        opacity: 0.7,
      },
      tooltip(`${name}: ${significant(rateHz)} Hz`),
    ),
  );
  return svg(
    { title: "Rates on the array", description: "The rate of each channel at its position.", width, height },
    area.markup,
    ...dots,
  );
}
