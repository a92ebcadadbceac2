/** `wetgrad vat run`: a vat experiment, on this machine or on the hosts of a NATS server. */
import { join } from "node:path";
import { Command } from "commander";
import { vatConfig } from "../../experiment/vat/config.ts";
import { vatName, vatRunName } from "../../experiment/vat/run-name.ts";
import { withLiveOptions } from "../dashboard/access.ts";
import { runCommandOf } from "../dashboard/run-command.ts";
import { withConfigOption } from "../options/config.ts";
import { type ExtensionFlags, extensionsOf, withExtensions } from "../options/extensions.ts";
import { natsOptionsOf, withNatsOptions } from "../options/nats.ts";
import { withRunOptions, workersOf } from "../options/run.ts";
import { withSchemaOptions } from "../options/schema.ts";
import { type VatRunOptions, vatConfigOf } from "./options.ts";

const EXAMPLES = `
Examples:
  $ wetgrad vat run --task peers --brains 16 --seeds 4
  $ wetgrad vat run --task pong --brains 16 --arms descent,unconnected,feedback,random,sham
  $ wetgrad vat run --task signals --streams laser,henon,weather.csv:mean --brains 12
  $ wetgrad vat run --with examples/cart-pole.mjs --task cart-pole
  $ wetgrad vat run --task peers --nats nats://127.0.0.1        on the hosts there (wetgrad vat host)
  $ wetgrad vat run --task peers --nats nats://127.0.0.1 --dishes dish-1 --seeds 1 --arms descent

Ctrl-C stops the stimulation, saves and exits; the same command continues where it stopped.`;

export function vatRunCommand(): Command {
  const command = new Command("run").description(
    "train many cultures as one, beside the unconnected twin and all controls, and report",
  );
  withSchemaOptions(command, vatConfig);
  withNatsOptions(command).option(
    "--live",
    "show the vat on a page while it goes; the page stays until Ctrl-C",
  );
  withRunOptions(withExtensions(withConfigOption(command)), "one in runs/ named after the experiment");
  return withLiveOptions(command, "--live-port").addHelpText("after", EXAMPLES).action(runCommand);
}

async function runCommand(options: VatRunOptions & ExtensionFlags): Promise<void> {
  const extensions = await extensionsOf(options);
  const config = vatConfigOf(options);
  const workers = workersOf(options);
  const nats = natsOptionsOf(options);
  return runCommandOf(
    { kind: "vat", config },
    {
      folder: options.out ?? join("runs", vatRunName(config, extensions)),
      options,
      extensions,
      place: nats
        ? {
            kind: "nats",
            nats,
            vat: vatName(config, extensions),
            dishes: (config.dishes ?? []).map((host, brain) => ({ brain, host })),
          }
        : { kind: "threads", threads: workers },
    },
  );
}
