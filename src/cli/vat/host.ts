/** `wetgrad vat host`: offers the brains of this machine to the vats of a NATS server. */
import { appendFileSync } from "node:fs";
import { Command } from "commander";
import { DeviceError } from "../../device/lost.ts";
import type { ServingEvent } from "../../tissue/nats/host/host.ts";
import { deviceToken } from "../device/token.ts";
import { Interrupted, UsageError } from "../manners/errors.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { type NatsFlags, natsOptionsOf, withNatsOptions } from "../options/nats.ts";
import { numberOf } from "../options/numbers.ts";

interface HostFlags extends NatsFlags {
  readonly brains?: string;
  readonly dish?: string;
  readonly name?: string;
  readonly lease: string;
  readonly threads?: string;
  readonly journal?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ nats-server -js &                                             a server on this machine
  $ wetgrad vat host --nats nats://127.0.0.1 --brains 25          as often, and on as many machines, as you like
  $ wetgrad vat host --nats tls://nats.lab:4222 --nats-creds host.creds --brains 100
  $ wetgrad vat host --nats nats://127.0.0.1 --name dish-1 --dish cl1://127.0.0.1:7767   a dish (docs/devices.md)

Ctrl-C stops the stimulation and gives the brains back; the run goes on elsewhere. docs/vat-hosts.md says how.`;

export function vatHostCommand(): Command {
  return withNatsOptions(new Command("host"))
    .description("offer brains to the vats of a NATS server, from any machine")
    .option("--brains <n>", "how many simulated brains to offer (default: 25)")
    .option("--dish <address>", "offer the dish on this device instead (wetgrad device list)")
    .option("--name <name>", "name of this host, its own among all hosts (default: machine and process)")
    .option("--lease <seconds>", "after this silence the brains are taken elsewhere", "10")
    .option("--threads <n>", "worker threads that keep the brains (default: one per core)")
    .option("--journal <file>", "append a line of JSON before each stimulation of a brain")
    .option("--json", "print events as JSON, one per line")
    .addHelpText("after", EXAMPLES)
    .action(host);
}

async function host(flags: HostFlags): Promise<void> {
  const nats = natsOptionsOf(flags);
  if (!nats) throw new UsageError("--nats: expected the address of a NATS server, such as nats://127.0.0.1");
  if (flags.dish !== undefined && (flags.brains ?? flags.threads) !== undefined)
    throw new UsageError("--dish: expected without --brains and --threads, for it offers one dish");
  if (flags.dish !== undefined && flags.name === undefined)
    throw new UsageError("--dish: expected with --name, by which a run finds its dish again");
  const brains = numberOf(flags.brains ?? "25", "--brains", { min: 1, max: 10_000, whole: true });
  const leaseMs = 1000 * numberOf(flags.lease, "--lease", { min: 1, max: 3600 });
  const threads =
    flags.threads === undefined
      ? undefined
      : numberOf(flags.threads, "--threads", { min: 1, max: 1024, whole: true });
  const { hostTissue } = await import("../../tissue/nats/host/host.ts");
  const progress = createProgress(process.stderr);
  const journal = flags.journal;
  if (journal !== undefined) appendFileSync(journal, "");
  const onEvent = (event: ServingEvent) => {
    if (event.event === "stimulating") {
      const { event: _, ...line } = event;
      if (journal !== undefined) appendFileSync(journal, `${JSON.stringify(line)}\n`);
    } else if (flags.json) print(JSON.stringify(event));
    else progress.say(lineOf(event));
  };
  const own = await hostTissue({
    nats,
    brains,
    leaseMs,
    onEvent,
    ...(flags.dish !== undefined && { device: flags.dish, ...dishToken() }),
    ...(flags.name !== undefined && { name: flags.name }),
    ...(threads !== undefined && { threads }),
  });
  try {
    await interruptible(
      (signal) =>
        new Promise<void>((resolve, reject) => {
          signal.addEventListener("abort", () => resolve());
          own.gone.then((error) => reject(new DeviceError(error.message)));
        }),
      progress.say,
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error; // Ctrl-C is how hosting ends
  } finally {
    await own.close();
    if (flags.json) print(JSON.stringify({ event: "closed", host: own.name }));
    else progress.say(`host ${own.name} has left`);
  }
}

function dishToken() {
  const { token } = deviceToken();
  return token === undefined ? {} : { deviceToken: token };
}

function lineOf(event: Exclude<ServingEvent, { event: "stimulating" }>): string {
  switch (event.event) {
    case "offering":
      return event.device === null
        ? `host ${event.host} offers ${event.brains} brains`
        : `host ${event.host} offers the dish on ${event.device}`;
    case "adopted":
      return `vat ${event.vat}: brain ${event.brain} is here, at step ${event.step}`;
    case "given-up":
      return `vat ${event.vat}: brain ${event.brain} is given up: ${event.why}`;
    case "fault":
      return `vat ${event.vat}: brain ${event.brain}: ${event.why}`;
    case "lost-lease":
      return `host ${event.host} was taken for lost: stimulation has stopped; it offers its brains anew`;
    case "message-dropped":
      return `dropped what is no message: ${event.why}`;
  }
}
