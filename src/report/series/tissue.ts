/** What happened in the tissue: predictions, spikes, synapses and latent states of one culture. */
import { percent } from "../format.ts";
import { labelOf } from "../names.ts";
import { figure, section, twoWidths } from "../page/markup.ts";
import { colourClass } from "../page/style.ts";
import type { Held } from "../page/synapses.ts";
import { heatMap } from "../plot/heatmap.ts";
import { domainsOf, pathPlot } from "../plot/paths.ts";
import { rasterPlot } from "../plot/raster.ts";
import { seriesPlot } from "../plot/series.ts";
import { escapeText } from "../plot/svg.ts";
import type {
  LatentFigure,
  RasterFigure,
  RasterTrial,
  SeriesFigure,
  WeightChangeFigure,
} from "../schema/figures.ts";
import type { CodeReport } from "../schema/series.ts";
import type { Report } from "../schema.ts";

/** What its synapses held, and what the cultures said by the bridge. */
export function heldOf({ synapses, arms, curves, retention }: CodeReport): Held {
  const [before] = Object.values(curves).map(({ accuracy: { mean, lo, hi, perSeed } }) => ({
    mean: mean[0],
    ci95: [lo[0], hi[0]] as const,
    perSeed: perSeed.map((values) => values[0]),
  }));
  return {
    holdings: synapses,
    says: {
      ...Object.fromEntries(Object.entries(arms).map(([name, { probe }]) => [name, probe.accuracy])),
      before,
      retention: retention?.arms["descent"]?.accuracy,
    },
  };
}

/** What convinces at a glance, of one culture: its answers before and after, and its predictions over what came. */
export function pictureOf({ task }: Report, { figures: { series, raster } }: CodeReport): string {
  return (raster ? rasters(raster) : "") + (series ? predictions(series, task) : "");
}

export function tissueSections(report: Report, code: CodeReport): string {
  const { task } = report;
  const { weightChange, latent, seed } = code.figures;
  const one = `Of one culture, seed ${seed}.`;
  const inside = [
    weightChange ? weights(weightChange) : "",
    latent ? latentFigures(latent, task.classes) : "",
  ];
  return [
    section(
      `${code.code}-tissue`,
      "What changed inside",
      one,
      inside.join("") && `<div class="pair">${inside.join("")}</div>`,
    ),
  ].join("");
}

function predictions(series: SeriesFigure, task: Report["task"]): string {
  const draw = (width: number, count: number) =>
    seriesPlot({
      title: `Predicted and true next values of ${task.name}`,
      description: `Held-out steps, one strip for each of ${Object.keys(series.predicted)
        .map((name) => labelOf(name))
        .join(", ")}.`,
      width,
      firstStep: series.firstStep,
      truth: series.truth.slice(0, count),
      strips: Object.entries(series.predicted).map(([name, values]) => ({
        label: labelOf(name),
        class: colourClass(name),
        values: values.slice(0, count),
      })),
      xLabel: "step",
      yLabel: series.unit,
      stepped: task.kind === "symbols",
    });
  const drawing = twoWidths((width) => draw(width, width < 600 ? 60 : series.truth.length), 1000, 440);
  return figure(
    `<div style="margin-top:22px">${drawing}</div>`,
    "Grey: the true next value. Dots: what was predicted before it came. Held-out steps of one culture, nothing is written.",
  );
}

function rasters(raster: RasterFigure): string {
  const { trialMs, sensoryChannels, classChannels } = raster;
  const shown = firstOfEachClass(raster.after);
  const draw = (when: "before" | "after") =>
    rasterPlot({
      title: `Spikes ${when} training`,
      description: `${shown.length} probe presentations, one row per electrode, the prediction zone above the sensory zone.`,
      width: 480,
      trials: shown.flatMap((trial) => raster[when][trial] ?? []),
      trialMs,
      sensoryChannels,
      classChannels,
    });
  return `<div class="pair picture">${figure(draw("before"), "<b>Before training.</b> Below, in blue, the pulses that put a datum in; above, the culture's own spikes, electrodes sorted by the class that they stand for. Shaded: the class that comes next.")}${figure(draw("after"), "<b>After training,</b> the same data. Orange: spikes on the electrodes of the class that comes next. Nothing stimulates those electrodes: the culture answers.")}</div>`;
}

const RASTER_TRIALS = 8;

/** Presentations of the probe that are followed by different classes, the first of each, in the order of classes: a staircase. */
function firstOfEachClass(trials: readonly RasterTrial[]): number[] {
  const first = new Map<number, number>();
  trials.forEach(({ label }, trial) => {
    if (!first.has(label)) first.set(label, trial);
  });
  return [...first]
    .sort(([a], [b]) => a - b)
    .map(([, trial]) => trial)
    .slice(0, RASTER_TRIALS);
}

function weights(change: WeightChangeFigure): string {
  const drawing = heatMap({
    title: "Weight change map",
    description:
      "Mean change of excitatory synapses from each sensory electrode to each prediction electrode.",
    width: 470,
    values: change.meanChange,
    rowLabel: "from sensory electrode",
    columnLabel: "to electrode of class",
    scaleLabel: `mean change (${change.unit})`,
    columnGroups: change.classSizes,
  });
  return figure(
    drawing,
    "<b>Weight change.</b> Synapses between the neurons near two electrodes: orange grew, blue shrank.",
  );
}

function latentFigures(latent: LatentFigure, classes: number): string {
  const domains = domainsOf([...latent.before, ...latent.after]);
  const axis = (i: 0 | 1) => `principal axis ${i + 1} (${percent(latent.explained[i], 0)} % of variance)`;
  const draw = (when: "before" | "after") =>
    pathPlot({
      title: `Latent trajectories ${when} training`,
      description:
        "Probe presentations in the emulator's latent space, numbered by the class that comes next.",
      width: 470,
      height: 330,
      paths: latent[when],
      classes,
      ...domains,
      xLabel: axis(0),
      yLabel: axis(1),
    });
  const note = escapeText(
    "Each line is one presentation's way through the emulator's latent space; the number is the class that comes next.",
  );
  return `<div>${figure(draw("before"), `<b>Latent states before training.</b> ${note}`)}<div style="height:28px"></div>${figure(draw("after"), "<b>After training,</b> the same presentations on the same axes.")}</div>`;
}
