/** The part of report.json that only figures use: excerpts of one seed, small enough to live in a page. */
import { z } from "zod";

const finite = z.number();
const channels = z.array(z.int().min(0));

/** A stretch of held-out steps: the true next value, and each predictor's. For symbols values are class numbers. */
const series = z.object({
  firstStep: z.int().min(0),
  unit: z.string(),
  truth: z.array(finite),
  /** By arm or baseline name; descent first. */
  predicted: z.record(z.string(), z.array(finite)),
});

/** One probe presentation. */
const rasterTrial = z.object({
  timesMs: z.array(finite),
  channels,
  /** Electrodes that the datum was put on, at 0 ms. */
  contextChannels: channels,
  /** The true next class. */
  label: z.int().min(0),
});

/** The same probe presentations before and after training. */
const raster = z.object({
  trialMs: finite,
  /** Electrodes that data are put on. */
  sensoryChannels: channels,
  /** Electrodes that stand for each class. */
  classChannels: z.array(channels),
  before: z.array(rasterTrial),
  after: z.array(rasterTrial),
});

/** Mean change of the synapses from the neurons at one electrode to those at another, `[from][to]`. */
const weightChange = z.object({
  fromChannels: channels,
  toChannels: channels,
  /** Where the order of `toChannels` puts one class after the other: how many electrodes each has. */
  classSizes: z.array(z.int().min(0)),
  unit: z.string(),
  /** Null where no synapse joins the two. */
  meanChange: z.array(z.array(finite.nullable())),
});

/** The way of one presentation through the emulator's latent space, on its first two principal axes. */
const path = z.object({
  label: z.int().min(0),
  points: z.array(z.tuple([finite, finite])).min(1),
});

const latent = z.object({
  /** Share of variance on each of the two axes. */
  explained: z.tuple([finite, finite]),
  before: z.array(path),
  after: z.array(path),
});

export const figures = z.object({
  /** The seed whose culture is drawn. */
  seed: z.int(),
  series: series.nullable(),
  raster: raster.nullable(),
  weightChange: weightChange.nullable(),
  latent: latent.nullable(),
});

export type Figures = z.infer<typeof figures>;
export type SeriesFigure = z.infer<typeof series>;
export type RasterFigure = z.infer<typeof raster>;
export type RasterTrial = z.infer<typeof rasterTrial>;
export type WeightChangeFigure = z.infer<typeof weightChange>;
export type LatentFigure = z.infer<typeof latent>;
export type LatentPath = z.infer<typeof path>;
