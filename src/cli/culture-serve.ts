/** `wetgrad culture serve`: a live simulated culture for programs on this machine. */
import { Command } from "commander";
import { FIRST_DAY } from "../culture/growth/grow.ts";
import { LAST_DAY } from "../culture/growth/plan.ts";
import { PRESETS } from "../culture/presets.ts";
import { Interrupted, UsageError } from "./errors.ts";
import { interruptible } from "./interrupt.ts";
import { readLimits } from "./limits.ts";
import { numberOf } from "./numbers.ts";
import { print } from "./output.ts";
import { createProgress } from "./progress.ts";

interface ServeOptions {
  readonly port: string;
  readonly seed: string;
  readonly neurons: string;
  readonly div: string;
  readonly preset: string;
  readonly limits?: string;
  readonly json?: boolean;
}

export function serveCommand(): Command {
  return new Command("serve")
    .description("serve a live simulated culture over TCP on this machine (integrations/cl-sdk has a client)")
    .option("--port <n>", "port to listen on; 0 for any free one", "7766")
    .option("--seed <n>", "seed of the culture", "1")
    .option("--neurons <n>", "neurons of the culture", "1000")
    .option("--div <days>", "days in vitro", "21")
    .option("--preset <name>", "default (bursts) or quiet", "default")
    .option("--limits <file>", "limits of stimulation (JSON) over the safety gate's own")
    .option("--json", "print events as JSON, one per line")
    .addHelpText("after", "\nExample:\n  $ wetgrad culture serve --port 7766 --seed 3\n")
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const preset = PRESETS.find((name) => name === options.preset);
  if (!preset)
    throw new UsageError(
      `--preset: expected one of ${PRESETS.join(", ")}, got ${JSON.stringify(options.preset)}`,
    );
  const port = numberOf(options.port, "--port", { min: 0, max: 65_535, whole: true });
  const seed = numberOf(options.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
  const neurons = numberOf(options.neurons, "--neurons", { min: 100, max: 20_000, whole: true });
  const div = numberOf(options.div, "--div", { min: FIRST_DAY, max: LAST_DAY });
  const limits = options.limits === undefined ? {} : { limits: readLimits(options.limits) };
  const [{ serveCulture }, { SimulatedMea }, { Culture }, { growCulture }] = await Promise.all([
    import("../device/serving/server.ts"),
    import("../device/simulated/driver.ts"),
    import("../culture/culture.ts"),
    import("../culture/presets.ts"),
  ]);
  const progress = createProgress(process.stderr);
  const tell = (event: string, about: object, line: string) => {
    if (options.json) print(JSON.stringify({ event, ...about }));
    else progress.say(line);
  };
  const { anatomy, parameters } = growCulture({ preset, seed, div, neurons });
  const server = await serveCulture({
    driver: new SimulatedMea(new Culture(anatomy, parameters, seed), { seed }),
    port,
    ...limits,
    onEvent: ({ event, ...about }) =>
      tell(event, about, `frame ${about.frame}: ${event}${"reason" in about ? `: ${about.reason}` : ""}`),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    throw new UsageError(`--port ${port}: cannot be listened on (${error.code}): choose another`);
  });
  const about = { host: "127.0.0.1", port: server.port, neurons, seed, div, preset };
  tell("listening", about, `a culture of ${neurons} neurons, DIV ${div}, at 127.0.0.1:${server.port}`);
  try {
    await interruptible(
      (signal) => new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
      () => {},
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error; // Ctrl-C is how serving ends
  } finally {
    const { pulses, refusals } = await server.close();
    tell("closed", { pulses, refusals }, `closed; ${pulses} pulses delivered, ${refusals} refused`);
  }
}
