/**
 * The protocol of a dish on a tissue that nothing was chosen on (src/culture/izhikevich), behind the protocol of a served culture: one
 * dish for each seed and arm, settled, served by a process of its own, and taught as any dish at an address is.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { simulatedProfile } from "../../src/device/simulated/array.ts";
import { organoidConfig } from "../../src/experiment/organoid/config.ts";
import { dishDefaults } from "../../src/experiment/organoid/dish-defaults.ts";
import { runOrganoid } from "../../src/experiment/organoid/run.ts";
import { bootstrapInterval } from "../../src/math/interval.ts";
import { mean } from "../../src/math/statistics.ts";

export interface SecondTissue {
  readonly accuracy: number;
  readonly ci95: readonly [number, number];
  readonly perSeed: readonly number[];
  /** Spikes on the array within 20 ms of a volley, and 20 to 200 ms after it, over those without one, before teaching; by seed. */
  readonly evoked: readonly (string | null)[];
}

export interface SecondTissuePlan {
  readonly series: string;
  readonly seeds: readonly number[];
  /** Each an arm of the organoid cycle; "teacher@10": with writes 10 ms after their volleys. */
  readonly arms: readonly string[];
  /** Runs are kept here. */
  readonly folder: string;
}

/** Of the models, which play no part in what is read by electrode counts but for the arm of descent. */
const FIT_STEPS = 100;
/** Waits for a culture that settles on a busy machine. */
const LISTENING_MS = 30 * 60_000;

/** What cultures alone have right by electrode counts, by arm. */
export async function secondTissue({
  series,
  seeds,
  arms,
  folder,
}: SecondTissuePlan): Promise<Record<string, SecondTissue>> {
  const found: Record<string, SecondTissue> = {};
  for (const arm of arms) {
    const dishes = [];
    for (const seed of seeds) {
      dishes.push(await taught(series, arm, seed, join(folder, `second-${series}-${arm}-${seed}`)));
      console.error(
        `bench dish: second tissue, ${series}, ${arm}, seed ${seed}: ${JSON.stringify(dishes.at(-1))}`,
      );
    }
    const perSeed = dishes.map(({ right }) => right);
    const { ci95 } = bootstrapInterval(perSeed);
    found[arm] = { accuracy: mean(perSeed), ci95, perSeed, evoked: dishes.map(({ evoked }) => evoked) };
  }
  return found;
}

async function taught(series: string, armAt: string, seed: number, folder: string) {
  const [arm, writeMs] = armAt.split("@");
  const dish = await served(seed);
  try {
    const address = `cl1://127.0.0.1:${dish.port}?scaffold=mea64`;
    const config = organoidConfig.parse({
      ...dishDefaults,
      ...{ series, dish: address, arms: [arm], firstSeed: seed, fitSteps: FIT_STEPS, retentionSeconds: 0 },
      ...(writeMs !== undefined && { writeMs: Number(writeMs) }),
    });
    const place = { kind: "dish", address, profile: simulatedProfile } as const;
    const { report } = await runOrganoid(config, folder, { wetgradVersion: "bench", place });
    const right = report.series[0].arms[arm]?.probe.countAccuracy?.mean;
    if (right === undefined) throw new Error(`bench dish: no probe of ${arm}, seed ${seed}`);
    return { right, evoked: report.notes.find((note) => note.startsWith("Before all else")) ?? null };
  } finally {
    dish.child.kill("SIGINT");
    await once(dish.child, "exit");
  }
}

/** The second tissue of a seed in a process of its own, at a port. */
async function served(seed: number): Promise<{ child: ChildProcess; port: number }> {
  const cli = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
  const words = ["culture", "serve", "--model", "izhikevich", "--seed", `${seed}`, "--port", "0", "--json"];
  const child = spawn(process.execPath, [cli, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), pause(LISTENING_MS, undefined, { ref: false })]);
  const { port } = first?.value === undefined ? {} : JSON.parse(first.value);
  if (typeof port !== "number")
    throw new Error(`bench dish: the second tissue of seed ${seed} was not served`);
  return { child, port };
}
