/** Small cultures for tests, alone or on the simulated array. */
import { growSheet } from "../../culture/anatomy.ts";
import { Culture } from "../../culture/culture.ts";
import { quiet } from "../../culture/parameters.ts";
import { type GrowOptions, growCulture } from "../../culture/presets.ts";
import { SimulatedMea, type SimulatedMeaOptions } from "./driver.ts";

export interface SmallCultureOptions {
  readonly neurons?: number;
  readonly meanOutDegree?: number;
  readonly sheetSeed?: number;
  readonly seed?: number;
}

/** A quiet culture on a sheet, made in no time. */
export function smallCulture(options: SmallCultureOptions = {}): Culture {
  const { neurons = 200, meanOutDegree = 30, sheetSeed = 1, seed = 2 } = options;
  return new Culture(growSheet(sheetSeed, { neurons, meanOutDegree }), quiet, seed);
}

/** The small culture on its array. */
export function smallMea(
  culture: SmallCultureOptions = {},
  array: Partial<SimulatedMeaOptions> = {},
): SimulatedMea {
  return new SimulatedMea(smallCulture(culture), { seed: 3, ...array });
}

/** A grown culture, for tests that look at it beside its device: `new SimulatedMea(culture, { seed })`. */
export function grownCulture(options: GrowOptions): Culture {
  const { anatomy, parameters } = growCulture(options);
  return new Culture(anatomy, parameters, options.seed);
}
