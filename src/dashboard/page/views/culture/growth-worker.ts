/** Lays out the life of a culture beside the page, so that the page does not halt meanwhile. */
import { type GrowthDay, growthDay } from "../../../../culture/growth/day.ts";
import { LAST_DAY } from "../../../../culture/growth/plan.ts";
import type { Indices } from "../../../../culture/indices.ts";
import { maturations, type Preset, planCulture } from "../../../../culture/presets.ts";
import { type ScaffoldName, sheetOn } from "../../../../device/simulated/scaffolds.ts";

export interface GrowthQuestion {
  readonly seed: number;
  readonly neurons: number;
  readonly preset: Preset;
  readonly scaffold: ScaffoldName;
}

export interface GrowthFilm {
  /** x, y of each soma. */
  readonly positionsMm: Float32Array;
  readonly excitatoryCount: number;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Some of the synapses: from, to, and the day on which each is born. */
  readonly pre: Indices;
  readonly post: Indices;
  readonly bornDay: Float32Array;
  /** Of how many. */
  readonly synapses: number;
  /** One for each day in vitro, from 1. */
  readonly days: readonly GrowthDay[];
}

/** Synapses that are drawn. */
const DRAWN = 4000;

addEventListener("message", ({ data }: MessageEvent<GrowthQuestion>) => {
  const sheet = sheetOn(data.scaffold, data.neurons);
  const plan = planCulture({ ...data, sheet });
  const maturation = maturations[data.preset];
  const every = Math.max(1, Math.floor(plan.pre.length / DRAWN));
  const some = <T extends Indices | Float32Array>(column: T): T =>
    (column as Float32Array).filter((_, k) => k % every === 0) as T;
  const film: GrowthFilm = {
    positionsMm: plan.positionsMm,
    excitatoryCount: plan.excitatoryCount,
    widthMm: sheet.widthMm,
    heightMm: sheet.heightMm,
    pre: some(plan.pre),
    post: some(plan.post),
    bornDay: some(plan.bornDay),
    synapses: plan.pre.length,
    days: Array.from({ length: LAST_DAY }, (_, i) => growthDay(plan, maturation, i + 1)),
  };
  postMessage(film);
});
