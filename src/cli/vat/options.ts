/** The options of `wetgrad vat run`, checked and made into a `VatConfig`. */

import { installedDoom } from "../../engines/installed.ts";
import { armsOfTask, defaultArms, type VatConfig, vatConfig } from "../../experiment/vat/config.ts";
import { vatTaskNames } from "../../tasks/descriptions.ts";
import type { LiveOptions } from "../dashboard/access.ts";
import { UsageError } from "../manners/errors.ts";
import { type ConfigFlags, savedValues } from "../options/config.ts";
import type { NatsFlags } from "../options/nats.ts";
import type { RunFlags } from "../options/run.ts";
import { checkedBy, type OptionTexts, readTexts } from "../options/schema.ts";

/** The texts of the schema's own options, and what is beside them. */
export type VatRunOptions = OptionTexts & RunFlags & NatsFlags & LiveOptions & { readonly live?: boolean };

/** The experiment that `options` ask for. Throws `UsageError` with the first thing wrong. */
export function vatConfigOf(options: VatRunOptions): VatConfig {
  const given = Object.assign(
    savedValues(options as ConfigFlags, "vat", vatConfig),
    readTexts(vatConfig, options),
  );
  const task = vatTaskNames().find((name) => name === given["task"]) ?? "peers";
  if (task === "doom") given["engine"] ??= installedDoom().build;
  given["arms"] ??= defaultArms({ ...given, task });
  const config = checkedBy(vatConfig, given, { arms: armsOfTask(task) });
  assertDishes(config, options);
  return config;
}

/** A dish cannot be put back to where another arm began, nor be two brains. */
function assertDishes({ dishes = [], brains, seeds, arms }: VatConfig, { nats }: VatRunOptions): void {
  if (dishes.length === 0) return;
  const got = `--dishes ${dishes.join(",")}`;
  if (nats === undefined) throw new UsageError(`${got}: expected with --nats, the server of their hosts`);
  if (new Set(dishes).size < dishes.length || dishes.length > brains)
    throw new UsageError(`${got}: expected at most ${brains} hosts (--brains), each once`);
  if (seeds !== 1 || arms.length !== 1)
    throw new UsageError(
      `${got}: expected --seeds 1 and one arm, for a dish cannot be put back to where another arm began; got ${seeds} seeds, ${arms.length} arms`,
    );
}
