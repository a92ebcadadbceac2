/** The options of `wetgrad organoid`, checked and made into an `OrganoidConfig`. */
import { join } from "node:path";
import { SCAFFOLDS, scaffolds } from "../../device/simulated/scaffolds.ts";
import type { Extension } from "../../experiment/extensions/extension.ts";
import { armsOf, methodChoices } from "../../experiment/organoid/arms.ts";
import {
  DISH_BABBLES,
  MAIN,
  type OrganoidConfig,
  organoidConfig,
  QUICK,
} from "../../experiment/organoid/config.ts";
import { ONE_DISH } from "../../experiment/organoid/dish-defaults.ts";
import { defaultRunName } from "../../experiment/organoid/run-name.ts";
import { UsageError } from "../manners/errors.ts";
import { type ConfigFlags, savedValues } from "../options/config.ts";
import { readLimits } from "../options/limits.ts";
import type { RunFlags } from "../options/run.ts";
import { checkedBy, type OptionTexts, readTexts } from "../options/schema.ts";

/** The texts of the schema's own options, and what is beside them. */
export type OrganoidOptions = OptionTexts &
  RunFlags & { readonly quick?: boolean; readonly main?: boolean; readonly live?: boolean };

/** The experiment that `options` ask for. Throws `UsageError` with the first thing wrong. */
export function organoidConfigOf(options: OrganoidOptions): OrganoidConfig {
  const named = readTexts(organoidConfig, options, { limits: (path) => readLimits(path, arrayOf(options)) });
  const saved = savedValues(options as ConfigFlags, "organoid", organoidConfig);
  const asked = { ...saved, ...named };
  const dish = asked["dish"] !== undefined;
  const one = dish ? ONE_DISH : {};
  const babbles = dish || asked["conditions"] === "dish" ? { babbleTrials: DISH_BABBLES } : {};
  const quick = options.quick ? { ...QUICK, ...one } : {};
  if (options.main && dish)
    throw new UsageError(
      "--main: expected without --dish, got both; the main experiment is on simulated cultures",
    );
  const isMain = options.main === true && !options.quick;
  const main = isMain ? MAIN : {};
  const given: Record<string, unknown> = { ...main, ...babbles, ...one, ...saved, ...quick, ...named };
  if (asked["scalingLimit"] !== undefined && asked["conditions"] !== "dish")
    throw new UsageError(
      "--scaling-limit: expected with --conditions dish, under which tissue scales by itself; ideal ones scale it by hand",
    );
  const method = methodChoices().find((name) => name === given["method"]) ?? "stimulate";
  const arms = armsOf(method);
  // Each way to descend has arms of its own.
  const hasOwn = asked["arms"] !== undefined || dish || (isMain && method === MAIN.method);
  if (method !== "stimulate" && !hasOwn) given["arms"] = [...arms];
  if (given["method"] === "stimulate") delete given["method"];
  return checkedBy(organoidConfig, given, { arms });
}

/** Undefined where the scaffold is unknown: the schema says so. */
function arrayOf({ scaffold }: OptionTexts) {
  return SCAFFOLDS.flatMap((name) => (name === scaffold ? scaffolds[name].profile : []))[0];
}

/** The folder of a run that names none: the same experiment finds its own again, another gets another. */
export function defaultFolder(config: OrganoidConfig, extensions?: readonly Extension[]): string {
  return join("runs", defaultRunName(config, extensions));
}
