/** `wetgrad culture serve`: a live simulated culture for programs on this machine. */
import { isIP } from "node:net";
import { Command } from "commander";
import { FIRST_DAY } from "../../culture/growth/grow.ts";
import { LAST_DAY } from "../../culture/growth/plan.ts";
import { PRESETS } from "../../culture/presets.ts";
import { RULES } from "../../culture/rules/rules.ts";
import type { LedgerReport } from "../../device/gate/ledger.ts";
import type { ServingEvent } from "../../device/serving/server.ts";
import { DEFAULT_SCAFFOLD, SHAPES, scaffolds } from "../../device/simulated/scaffolds.ts";
import type { UdpEvent } from "../../device/udp/server.ts";
import { Interrupted, UsageError, wrongOption } from "../manners/errors.ts";
import { interruptible } from "../manners/interrupt.ts";
import { print } from "../manners/output.ts";
import { createProgress } from "../manners/progress.ts";
import { readLimits } from "../options/limits.ts";
import { nameOf } from "../options/names.ts";
import { numberOf } from "../options/numbers.ts";
import { scaffoldOf, withGrowthOptions } from "./options.ts";

const MODELS = ["culture", "izhikevich"] as const;

interface ServeOptions {
  readonly port: string;
  readonly seed: string;
  readonly scaffold: string;
  readonly shape: string;
  readonly neurons?: string;
  readonly div: string;
  readonly preset: string;
  readonly rule: string;
  readonly model: string;
  readonly settle: string;
  readonly limits?: string;
  readonly udp?: boolean;
  readonly trainer: string;
  readonly ticks: string;
  readonly json?: boolean;
}

export function serveCommand(): Command {
  return withGrowthOptions(new Command("serve"))
    .description(
      "serve a live simulated culture over TCP on this machine (integrations/cl-sdk has a client), or UDP",
    )
    .option("--port <n>", "port to listen on; 0 for any free one", "7766")
    .option("--div <days>", "days in vitro", "21")
    .option(
      "--model <name>",
      `how its cells live: ${MODELS.join(", ")} (a second tissue, on which nothing was chosen)`,
      MODELS[0],
    )
    .option("--settle <minutes>", "with --model izhikevich: how long it lives before it is served", "20")
    .option("--limits <file>", "limits of stimulation (JSON) over the safety gate's own")
    .option(
      "--udp",
      "be a virtual CL1 over UDP instead (ports 12345 to 12348), in real time, for its trainers",
    )
    .option("--trainer <address>", "with --udp: where the trainer is; spikes go there", "127.0.0.1")
    .option("--ticks <n>", "with --udp: ticks per second", "10")
    .option("--json", "print events as JSON, one per line")
    .addHelpText(
      "after",
      "\nExamples:\n  $ wetgrad culture serve --port 7766 --seed 3\n  $ wetgrad culture serve --udp --preset quiet\n  $ wetgrad culture serve --model izhikevich\n",
    )
    .action(serve);
}

async function serve(options: ServeOptions, command: Command): Promise<void> {
  const model = nameOf(options.model, "--model", MODELS);
  const foreign = model === "culture" ? ["settle"] : ["preset", "rule", "div", "neurons", "shape"];
  for (const name of foreign)
    if (command.getOptionValueSource(name) === "cli")
      throw new UsageError(`--${name}: --model ${model} has no such thing; leave it out`);
  const settleMinutes = numberOf(options.settle, "--settle", { min: 0, max: 100_000, whole: true });
  const preset = nameOf(options.preset, "--preset", PRESETS);
  const rule = nameOf(options.rule, "--rule", RULES);
  const port = numberOf(options.port, "--port", { min: 0, max: 65_535, whole: true });
  const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
  const { scaffold, neurons } = scaffoldOf(options);
  const shape = nameOf(options.shape, "--shape", SHAPES);
  if (options.udp && scaffold !== DEFAULT_SCAFFOLD)
    throw new UsageError(
      `--udp: expected the scaffold ${DEFAULT_SCAFFOLD}, for the interface is that of a CL1 with 64 channels; got ${scaffold}`,
    );
  const div = numberOf(options.div, "--div", { min: FIRST_DAY, max: LAST_DAY });
  const limits =
    options.limits === undefined ? {} : { limits: readLimits(options.limits, scaffolds[scaffold].profile) };
  const ticksPerSecond = numberOf(options.ticks, "--ticks", { min: 1, max: 1000, whole: true });
  if (isIP(options.trainer) !== 4) throw wrongOption("--trainer", "an IPv4 address", options.trainer);
  const [{ serveCulture }, { serveUdp }, { growSimulated }, { growIzhikevich }] = await Promise.all([
    import("../../device/serving/server.ts"),
    import("../../device/udp/server.ts"),
    import("../../device/simulated/grow.ts"),
    import("../../device/simulated/grow-izhikevich.ts"),
  ]);
  const progress = createProgress(process.stderr);
  const tell = (event: string, about: object, line: string) => {
    if (options.json) print(JSON.stringify({ event, ...about }));
    else progress.say(line);
  };
  const onMinute = (done: number) =>
    progress.update({ done, total: settleMinutes, unit: "minutes", message: "settling" });
  const [driver, about, culture] =
    model === "izhikevich"
      ? ([
          growIzhikevich({ scaffold, seed, settleMinutes, onMinute }),
          { model, scaffold, neurons, seed, settleMinutes },
          `a network of ${neurons} Izhikevich neurons, ${settleMinutes} minutes old,`,
        ] as const)
      : ([
          growSimulated({ scaffold, shape, preset, rule, seed, div, neurons }),
          { model, scaffold, neurons, seed, div, preset, rule },
          `a culture of ${neurons} neurons, DIV ${div},`,
        ] as const);
  const onEvent = ({ event, ...rest }: ServingEvent | UdpEvent) => {
    const { frame, ...details } = rest;
    tell(event, rest, `frame ${frame}: ${event} ${Object.values(details).map(textOf).join(", ")}`.trim());
  };
  const refused = (error: NodeJS.ErrnoException): never => {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES" && error.code !== "EADDRNOTAVAIL") throw error;
    throw new UsageError(
      options.udp
        ? `--udp: ports 12345, 12347 and 12348 cannot be listened on (${error.code}); is another interface running?`
        : `--port ${port}: cannot be listened on (${error.code}): choose another`,
    );
  };
  let server: { close(): Promise<LedgerReport> };
  if (options.udp) {
    const { trainer } = options;
    const host = trainer.startsWith("127.") ? "127.0.0.1" : "0.0.0.0";
    const udp = await serveUdp({ driver, host, trainer, ticksPerSecond, ...limits, onEvent }).catch(refused);
    const ports = Object.entries(udp.ports).map(([name, number]) => `${name} ${number}`);
    tell(
      "listening",
      { host, trainer, ports: udp.ports, ...about },
      `${culture} over UDP: ${ports.join(", ")}`,
    );
    server = udp;
  } else {
    const tcp = await serveCulture({ driver, port, ...limits, onEvent }).catch(refused);
    tell("listening", { host: "127.0.0.1", port: tcp.port, ...about }, `${culture} at 127.0.0.1:${tcp.port}`);
    server = tcp;
  }
  try {
    await interruptible(
      (signal) => new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
      () => {},
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error; // Ctrl-C is how serving ends
  } finally {
    const { pulses, refusals, refusedByRule } = await server.close();
    const rules = Object.entries(refusedByRule).map(([rule, count]) => `${rule} ${count}`);
    const why = rules.length > 0 ? ` (${rules.join(", ")})` : "";
    tell(
      "closed",
      { pulses, refusals, refusedByRule },
      `closed; ${pulses} pulses delivered, ${refusals} refused${why}`,
    );
  }
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
