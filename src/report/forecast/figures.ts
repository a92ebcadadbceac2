/** The figures of a forecast report. */
import { fixed, percent } from "../format.ts";
import { figure } from "../page/markup.ts";
import { frame } from "../plot/frame.ts";
import { heatMap } from "../plot/heatmap.ts";
import { type Line, linePlot } from "../plot/lines.ts";
import { domainsOf, type PlanePath, pathPlot } from "../plot/paths.ts";
import { linearScale } from "../plot/scale.ts";
import { coordinate, element, escapeText, line, pathThrough, svg, text } from "../plot/svg.ts";
import type {
  CorrelationFigure,
  FanFigure,
  ForecastReport,
  LatentPathsFigure,
  ScoredForecaster,
  SpikesFigure,
} from "./schema.ts";

const COLOURS = ["descent", "control", "teacher", "random", "yoked", "frozen", "scrambled"];
const STROKES = [undefined, "5 5", "7 3", "9 4 2 4", "2 4", "1 4", "12 5"];

/** Bits per spike by bin of the horizon, one line per forecaster. */
export function horizonFigure({ scores, data }: ForecastReport): string {
  const lines = scores.map(({ name, bits: { perBin } }, i): Line => {
    const dash = STROKES[i % STROKES.length];
    return {
      label: name,
      class: COLOURS[i % COLOURS.length],
      x: perBin.map((_, f) => (f + 1) * data.binSeconds * 1000),
      mean: perBin,
      lo: perBin,
      hi: perBin,
      ...(dash ? { dash } : {}),
    };
  });
  const plot = linePlot({
    title: "Bits per spike by horizon",
    description:
      "Bits per spike over the train mean in each bin after the forecast, one line per forecaster.",
    width: 620,
    height: 380,
    lines: lines.reverse(),
    xLabel: "time after the forecast (ms)",
    yLabel: "bits per spike",
    references: [{ label: "mean", y: 0 }],
  });
  return figure(plot, "Bits per spike over the mean rate of the training part, bin by bin.");
}

export function fanFigure(fan: FanFigure): string {
  const { truth, startSeconds, patchSeconds } = fan;
  const end = startSeconds + truth.length * patchSeconds;
  const top = Math.max(1, ...truth, ...fan.hi90);
  const area = frame(
    { width: 980, height: 300, margins: { top: 34, right: 14, bottom: 46, left: 46 } },
    { domain: [startSeconds, end], label: "time in the scored part (s)", tickCount: 8 },
    { domain: [0, top], label: `spikes of all channels per ${fixed(patchSeconds * 1000, 0)} ms` },
  );
  // Each patch is a step as wide as the time it covers.
  const steps = (values: readonly number[]) =>
    values.flatMap((value, p) => [
      [area.x(startSeconds + p * patchSeconds), area.y(value)] as const,
      [area.x(startSeconds + (p + 1) * patchSeconds), area.y(value)] as const,
    ]);
  const band = (lo: readonly number[], hi: readonly number[]) =>
    element("path", {
      d: `${pathThrough([...steps(hi), ...steps(lo).reverse()])}Z`,
      class: "band descent",
    });
  const starts = truth.flatMap((_, p) => {
    const x = area.x(startSeconds + p * patchSeconds);
    return p % fan.patchesPerForecast === 0
      ? [line([x, area.top], [x, area.bottom], { class: "reference" })]
      : [];
  });
  const drawing = svg(
    {
      title: "Forecast and recorded counts",
      description: `Population count per patch with 50 % and 90 % intervals of ${fan.name}.`,
      width: 980,
      height: 300,
    },
    area.markup,
    ...starts,
    band(fan.lo90, fan.hi90),
    band(fan.lo50, fan.hi50),
    element("path", { d: pathThrough(steps(fan.median)), class: "line descent" }),
    element("path", { d: pathThrough(steps(truth)), class: "line thin" }),
  );
  return figure(
    drawing,
    `Thin dark line: recorded spikes. Blue: median of the forecast of <b>${escapeText(fan.name)}</b>; the darker band should hold half of the recorded counts, both bands together 90 %. Dotted: start of a new forecast, made from what was recorded until then.`,
  );
}

/** Histogram of transforms of one forecaster; flat when calibrated. */
export function pitFigure({ name, calibration: { pit } }: ScoredForecaster): string {
  const bins = pit.histogram.length;
  const area = frame(
    { width: 310, height: 220, margins: { top: 34, right: 14, bottom: 46, left: 46 } },
    { domain: [0, 1], label: "place among the samples" },
    {
      domain: [0, Math.max(2 / bins, ...pit.histogram)],
      label: "windows (%)",
      format: (value) => percent(value, 0),
    },
  );
  const bars = pit.histogram.map((share, i) =>
    element("rect", {
      x: area.x(i / bins) + 0.5,
      y: area.y(share),
      class: "fill control",
      width: area.x(1 / bins) - area.x(0) - 1,
      height: area.y(0) - area.y(share),
    }),
  );
  const flat = line([area.left, area.y(1 / bins)], [area.right, area.y(1 / bins)], { class: "reference" });
  const drawing = svg(
    { title: `Calibration of ${name}`, description: "Histogram of PIT values.", width: 310, height: 220 },
    ...[area.markup, ...bars, flat],
  );
  return figure(drawing, `<b>${escapeText(name)}</b>, ${pit.windows} windows.`);
}

export function rasterFigure({
  name,
  startSeconds,
  binSeconds,
  bins,
  channels,
  ...both
}: SpikesFigure): string {
  const [width, left, row] = [480, 46, Math.max(4, Math.min(10, 240 / Math.max(1, channels.length)))];
  const panel = ({ bins: at, rows }: SpikesFigure["real"], title: string) => {
    const bottom = 26 + channels.length * row;
    const x = linearScale([0, bins], [left, width - 8]);
    const d = at.map(
      (bin, i) => `M${coordinate(x(bin + 0.5))} ${coordinate(26 + rows[i] * row)}v${coordinate(row)}`,
    );
    const tick = (bin: number) =>
      text(x(bin), bottom + 18, fixed(startSeconds + bin * binSeconds, 1), {
        class: "tick",
        "text-anchor": "middle",
      });
    return svg(
      {
        title: `Raster: ${title}`,
        description: `Spikes of ${channels.length} channels over ${fixed(bins * binSeconds, 1)} s.`,
        width,
        height: bottom + 44,
      },
      text(left, 16, title, { class: "heading" }),
      element("path", { d: d.join("") || "M0 0", class: "spike" }),
      line([left, bottom + 2], [width - 8, bottom + 2], { class: "axis" }),
      ...[0, bins / 2, bins].map(tick),
      text(width - 8, bottom + 36, "time (s)", { class: "label", "text-anchor": "end" }),
    );
  };
  return `<div class="pair">${figure(panel(both.real, "recorded"), `One row per channel, the ${channels.length} that fire most; a mark per bin of ${fixed(binSeconds * 1000, 0)} ms that holds a spike.`)}${figure(panel(both.sampled, "sampled"), `One sample of <b>${escapeText(name)}</b> for the same times, forecast window by window.`)}</div>`;
}

/** Below the diagonal what was recorded, above it what was sampled: alike when the matrix is symmetric. */
export function correlationFigure({ name, real, sampled, windows }: CorrelationFigure): string {
  const values = real.map((row, i) => row.map((value, j) => (j < i ? value : j > i ? sampled[i][j] : null)));
  const drawing = heatMap({
    title: "Pairwise correlations",
    description:
      "Correlations of bin counts of pairs of channels, recorded below the diagonal, sampled above.",
    width: 480,
    values,
    rowLabel: "channel",
    columnLabel: "channel",
    scaleLabel: "correlation r",
  });
  return figure(
    drawing,
    `Correlation of the counts per bin of each two channels in ${windows} windows. Below the diagonal: recorded. Above: one sample per window of <b>${escapeText(name)}</b>. The more alike the two halves, the better.`,
  );
}

export function latentFigure({ explained, paths }: LatentPathsFigure): string {
  const ways = paths.map((points, label): PlanePath => ({ label, points }));
  const axis = (k: 0 | 1) => `principal axis ${k + 1} (${percent(explained[k], 0)} % of variance)`;
  const drawing = pathPlot({
    title: "Latent trajectories",
    description: "Windows of the recording in the emulator's latent space, first two principal axes.",
    width: 480,
    height: 400,
    paths: ways,
    classes: paths.length,
    ...domainsOf(ways),
    xLabel: axis(0),
    yLabel: axis(1),
  });
  return figure(
    drawing,
    "Paths of some windows through the emulator’s latent space (arbitrary units), each ending in a dot.",
  );
}
