/** `wetgrad organoid`: the whole experiment. */
import { Command } from "commander";
import { organoidConfig } from "../../experiment/organoid/config.ts";
import { defaultRunName } from "../../experiment/organoid/run-name.ts";
import { type LiveOptions, withLiveOptions } from "../dashboard/access.ts";
import { runCommandOf } from "../dashboard/run-command.ts";
import { withConfigOption } from "../options/config.ts";
import { type ExtensionFlags, extensionsOf, withExtensions } from "../options/extensions.ts";
import { type NatsFlags, natsOptionsOf, withNatsOptions } from "../options/nats.ts";
import { withRunOptions, workersOf } from "../options/run.ts";
import { withSchemaOptions } from "../options/schema.ts";
import { shardedBy } from "../options/shard.ts";
import { assertDishOptions, dishPlaceOf } from "./dish.ts";
import { defaultFolder, type OrganoidOptions, organoidConfigOf } from "./options.ts";
import { rehearseRun } from "./rehearse.ts";

const EXAMPLES = `
Examples:
  $ wetgrad organoid --quick                      a demonstration: an easy series, six cultures, about a minute
  $ wetgrad organoid --series henon --seeds 10
  $ wetgrad organoid --with examples/twice.mjs --method twice
  $ wetgrad organoid --series temperatures.csv --column mean --out runs/weather
  $ wetgrad organoid --quick --nats nats://127.0.0.1     its culture at a host there (wetgrad vat host)
  $ wetgrad organoid --dish cl1://10.0.0.8 --file lab.json --rehearse    what it would do to a dish
  $ wetgrad organoid --dish cl1://10.0.0.8 --file lab.json               docs/dish.md says how

Ctrl-C stops the stimulation, saves and exits; the same command continues where it stopped.`;

export function organoidCommand(): Command {
  const command = new Command("organoid").description(
    "train a culture, simulated or in a dish, to predict a series, beside all its controls, and report",
  );
  withSchemaOptions(command, organoidConfig)
    .option("--file <file>", "with --dish: the device file, what is known of the array (docs/devices.md)")
    .option("--shard <i/n>", "run the i-th of n parts of the seeds; wetgrad experiment merge joins them")
    .option("--rehearse", "say what would be done, how long, with how many pulses; stimulate nothing")
    .option("--main", "what npm start runs: 252 electrodes, data read first, written to where it is needed")
    .option("--quick", "a demonstration: noisy-cycle, six seeds, three arms, one cycle")
    .option("--live", "show the run on a page while it goes; the page stays until Ctrl-C");
  withRunOptions(
    withNatsOptions(withExtensions(withConfigOption(command))),
    "one in runs/ named after the experiment",
  );
  return withLiveOptions(command, "--live-port").addHelpText("after", EXAMPLES).action(runCommand);
}

type RunOptions = OrganoidOptions &
  NatsFlags &
  LiveOptions &
  ExtensionFlags & { readonly file?: string; readonly rehearse?: boolean; readonly shard?: string };

async function runCommand(options: RunOptions): Promise<void> {
  const extensions = await extensionsOf(options);
  const config = shardedBy(options.shard, organoidConfigOf(options));
  assertDishOptions(options, config);
  const nats = natsOptionsOf(options);
  const dish = await dishPlaceOf(config, options.file);
  if (options.rehearse) return rehearseRun(config, dish, options.json);
  return runCommandOf(
    { kind: "organoid", config },
    {
      folder: options.out ?? defaultFolder(config, extensions),
      options,
      extensions,
      workers: workersOf(options),
      place: dish ?? (nats && { kind: "nats", nats, vat: defaultRunName(config, extensions) }),
    },
  );
}
