/** Spikes of a few presentations side by side: one row per electrode, the prediction zone sorted by class. */
import { linearScale } from "./scale.ts";
import { coordinate, type Drawing, element, line, svg, text } from "./svg.ts";

export interface RasterPlotTrial {
  readonly timesMs: readonly number[];
  readonly channels: readonly number[];
  readonly contextChannels: readonly number[];
  readonly label: number;
}

export interface RasterPlot extends Omit<Drawing, "height"> {
  readonly trials: readonly RasterPlotTrial[];
  readonly trialMs: number;
  readonly sensoryChannels: readonly number[];
  readonly classChannels: readonly (readonly number[])[];
}

const LEFT = 46;
const TOP = 26;
const GAP = 10;
const FOOT = 46;
/** All rows together, so that an array of many electrodes is no taller than one of 64. */
const ROWS_HEIGHT = 260;
const LARGEST_ROW = 4;
const SHORTEST_TICK = 2;

/** Rows from the top: classes in order, then a gap, then the sensory electrodes. */
export function rowsOf(
  classChannels: readonly (readonly number[])[],
  sensory: readonly number[],
): Map<number, number> {
  const rows = new Map<number, number>();
  for (const channel of classChannels.flat()) if (!rows.has(channel)) rows.set(channel, rows.size);
  for (const channel of sensory) if (!rows.has(channel)) rows.set(channel, rows.size);
  return rows;
}

export function rasterPlot(plot: RasterPlot): string {
  const rows = rowsOf(plot.classChannels, plot.sensoryChannels);
  const rowHeight = Math.min(LARGEST_ROW, ROWS_HEIGHT / rows.size);
  const predictionRows = new Set(plot.classChannels.flat()).size;
  const yOf = (row: number) => TOP + row * rowHeight + (row >= predictionRows ? GAP : 0);
  const bottom = yOf(rows.size);
  const height = bottom + FOOT;
  const right = plot.width - 6;
  const trialWidth = (right - LEFT) / Math.max(1, plot.trials.length);
  const parts: string[] = [];
  plot.trials.forEach((trial, t) => {
    const left = LEFT + t * trialWidth;
    const x = linearScale([0, plot.trialMs], [left + 2, left + trialWidth - 4]);
    const target = new Set(plot.classChannels[trial.label] ?? []);
    const places = [...target].flatMap((channel) => rows.get(channel) ?? []);
    if (places.length > 0) {
      const runs = runsOf(places);
      for (const [from, to] of runs) {
        const size = { x: left, y: yOf(from), width: trialWidth - 4, height: (to - from) * rowHeight };
        parts.push(element("rect", { ...size, class: "target" }));
      }
    }
    const d = { hit: "", other: "", context: "" };
    trial.timesMs.forEach((timeMs, i) => {
      const row = rows.get(trial.channels[i]);
      if (row === undefined) return;
      d[target.has(trial.channels[i]) ? "hit" : "other"] += tick(x(timeMs), yOf(row), rowHeight);
    });
    for (const channel of trial.contextChannels) {
      const row = rows.get(channel);
      if (row !== undefined) d.context += tick(x(0), yOf(row), rowHeight);
    }
    parts.push(element("path", { d: d.other, class: "spike" }));
    parts.push(element("path", { d: d.hit, class: "spike hit" }));
    parts.push(element("path", { d: d.context, class: "pulse" }));
    parts.push(text((left + left + trialWidth) / 2, TOP - 10, `class ${trial.label + 1}`, anchored("tick")));
    if (t > 0) parts.push(line([left - 1, TOP], [left - 1, bottom], { class: "grid" }));
    for (const timeMs of [0, plot.trialMs])
      if (timeMs === 0 || t === plot.trials.length - 1)
        parts.push(text(x(timeMs), bottom + 16, String(timeMs), anchored("tick")));
  });
  parts.push(line([LEFT, bottom + 2], [right, bottom + 2], { class: "axis" }));
  parts.push(text(right, bottom + 34, "time after the datum (ms)", { class: "label", "text-anchor": "end" }));
  parts.push(zone("prediction", yOf(0), yOf(predictionRows - 1) + rowHeight));
  parts.push(zone("sensory", yOf(predictionRows), bottom));
  return svg({ ...plot, height }, ...parts);
}

function anchored(name: string) {
  return { class: name, "text-anchor": "middle" };
}

function tick(x: number, y: number, rowHeight: number): string {
  return `M${coordinate(x)} ${coordinate(y)}v${coordinate(Math.max(rowHeight, SHORTEST_TICK))}`;
}

/** Consecutive rows as `[from, to)`. */
function runsOf(places: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const row of [...places].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && last[1] === row) last[1] = row + 1;
    else runs.push([row, row + 1]);
  }
  return runs;
}

function zone(label: string, top: number, bottom: number): string {
  const middle = (top + bottom) / 2;
  const turn = `rotate(-90 22 ${coordinate(middle)})`;
  return (
    text(22, middle, label, { class: "label", "text-anchor": "middle", transform: turn }) +
    line([LEFT - 12, top], [LEFT - 12, bottom], { class: "axis" })
  );
}
