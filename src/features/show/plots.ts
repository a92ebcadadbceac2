/** Figures of one feature. */
import { significant } from "../../report/format.ts";
import { arrayMap } from "../../report/plot/array-map.ts";
import { frame } from "../../report/plot/frame.ts";
import { coordinate, element, pathThrough, svg, text } from "../../report/plot/svg.ts";
import type { FittedFeatures } from "../fit-recording.ts";
import type { WindowSpikes } from "./excerpts.ts";
import { AROUND, type FeatureLook } from "./look.ts";

const MARGINS = { top: 30, right: 14, bottom: 46, left: 46 };

/** Weights at the electrodes' places; in rows of channels where the file gives no places. */
export function weightMap(feature: FeatureLook, { channels }: FittedFeatures): string {
  const side = Math.ceil(Math.sqrt(channels.length));
  const placed = channels.every(({ xUm, yUm }) => xUm !== null && yUm !== null);
  return arrayMap({
    width: 250,
    title: "Weights on the array",
    description: `Feature ${feature.index}: how many of its spikes come from each electrode.`,
    scaleLabel: "share of its spikes",
    electrodes: channels.map(({ name, xUm, yUm }, d) => ({
      channel: Number.isFinite(Number(name)) ? Number(name) : d,
      xUm: placed ? xUm! : 100 * (d % side),
      yUm: placed ? yUm! : 100 * Math.floor(d / side),
      value: Math.max(0, feature.weights[d]),
    })),
  });
}

interface Bars {
  readonly title: string;
  readonly values: readonly number[];
  readonly domain: readonly [number, number];
  readonly xLabel: string;
  readonly yLabel: string;
}

function bars({ title, values, domain, xLabel, yLabel }: Bars): string {
  const [width, height] = [300, 200];
  const most = Math.max(1e-9, ...values);
  const area = frame(
    { width, height, margins: MARGINS },
    { domain, label: xLabel, tickCount: 4 },
    { domain: [0, most], label: yLabel, tickCount: 3 },
  );
  const step = (domain[1] - domain[0]) / values.length;
  const path = values
    .map((value, i) => {
      const [left, right] = [i, i + 1].map((at) => area.x(domain[0] + at * step));
      return `M${coordinate(left)} ${coordinate(area.bottom)}V${coordinate(area.y(value))}H${coordinate(right)}V${coordinate(area.bottom)}z`;
    })
    .join("");
  const description = `${values.length} bars, the highest ${most.toPrecision(3)}.`;
  return svg({ width, height, title, description }, area.markup, element("path", { d: path, class: "up" }));
}

export function histogramPlot({ histogram, greatest }: FeatureLook): string {
  return bars({
    ...{ title: "Activations", values: histogram.map((count) => Math.log10(1 + count)) },
    ...{ domain: [0, Math.max(1e-6, greatest)], xLabel: "code", yLabel: "windows (log10, 1 + n)" },
  });
}

export function timePlot({ overTime }: FeatureLook, minutes: number): string {
  return bars({
    ...{ title: "Over the recording", values: overTime.map((share) => 100 * share) },
    ...{ domain: [0, minutes], xLabel: "minutes", yLabel: "windows with it (%)" },
  });
}

export function onsetPlot({ onset }: FeatureLook, windowSeconds: number): string {
  const [width, height] = [300, 200];
  const reach = AROUND * windowSeconds * 1000;
  const area = frame(
    { width, height, margins: MARGINS },
    { domain: [-reach, reach], label: "from its onset (ms)", tickCount: 4 },
    { domain: [0, Math.max(1e-9, ...onset)], label: "mean code", tickCount: 3 },
  );
  const points = onset.map(
    (value, i) => [area.x((i - AROUND) * windowSeconds * 1000), area.y(value)] as const,
  );
  return svg(
    { width, height, title: "Around its onsets", description: "Mean code before and after it comes." },
    area.markup,
    element("path", { d: pathThrough(points), class: "line descent" }),
  );
}

const ROW = 1.6;

/** Windows side by side, a row for each channel, the feature's electrodes marked. */
export function rasters(
  windows: readonly WindowSpikes[],
  feature: FeatureLook,
  { width, windowSeconds, title }: { width: number; windowSeconds: number; title: string },
): string {
  const D = feature.weights.length;
  const most = Math.max(...feature.weights);
  const isOwn = feature.weights.map((weight) => weight > 0.25 * most);
  const cell = width / Math.max(1, windows.length);
  const height = 22 + D * ROW;
  const ticks = { own: "", other: "" };
  const labels: string[] = [];
  for (const [i, { timesMs, columns, code }] of windows.entries()) {
    labels.push(
      text(i * cell + cell / 2, 12, significant(code, 2), { class: "tick", "text-anchor": "middle" }),
    );
    for (const [s, timeMs] of timesMs.entries()) {
      const x = i * cell + 2 + (timeMs / (1000 * windowSeconds)) * (cell - 5);
      ticks[isOwn[columns[s]] ? "own" : "other"] +=
        `M${coordinate(x)} ${coordinate(20 + columns[s] * ROW)}v${ROW}`;
    }
  }
  const fences = windows
    .slice(1)
    .map((_, i) => `M${coordinate((i + 1) * cell)} 18V${coordinate(height)}`)
    .join("");
  return svg(
    { width, height, title, description: `${windows.length} windows; its code above each.` },
    element("path", { d: fences, class: "grid" }),
    ...labels,
    element("path", { d: ticks.other, class: "spike" }),
    element("path", { d: ticks.own, class: "spike hit" }),
  );
}
