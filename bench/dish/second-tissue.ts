/**
 * The protocol of a dish on a tissue that nothing was chosen on (src/culture/izhikevich), behind the protocol of a served culture: one
 * dish for each seed and arm, settled, served by a process of its own, and taught as any dish at an address is.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulatedProfile } from "../../src/device/simulated/array.ts";
import { organoidConfig } from "../../src/experiment/organoid/config.ts";
import { dishDefaults } from "../../src/experiment/organoid/dish-defaults.ts";
import { runOrganoid } from "../../src/experiment/organoid/run.ts";
import { bootstrapInterval } from "../../src/math/interval.ts";
import { startProgram } from "../../src/tissue/nats/testing.ts";
import { keptUnder } from "../kept.ts";

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
}

/** Of the models, which play no part in what is read by electrode counts but for the arm of descent. */
const FIT_STEPS = 100;

/** What cultures alone have right by electrode counts, by arm. A dish that was taught is kept: each has a port of its own, so its run cannot be. */
export async function secondTissue({
  series,
  seeds,
  arms,
}: SecondTissuePlan): Promise<Record<string, SecondTissue>> {
  const found: Record<string, SecondTissue> = {};
  for (const arm of arms) {
    const dishes = [];
    for (const seed of seeds) {
      const about = { series, arm, seed, fitSteps: FIT_STEPS };
      const dish = await keptUnder("dish", about, () => taught(series, arm, seed));
      dishes.push(dish);
      console.error(`bench dish: second tissue, ${series}, ${arm}, seed ${seed}: ${JSON.stringify(dish)}`);
    }
    const { mean: accuracy, ...rest } = bootstrapInterval(dishes.map(({ right }) => right));
    found[arm] = { accuracy, ...rest, evoked: dishes.map(({ evoked }) => evoked) };
  }
  return found;
}

async function taught(series: string, armAt: string, seed: number) {
  const [arm, writeMs] = armAt.split("@");
  const words = ["culture", "serve", "--model", "izhikevich", "--seed", `${seed}`, "--port", "0", "--json"];
  const dish = startProgram("dist/src/cli/main.js", words);
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-bench-"));
  try {
    await dish.until(({ event }) => event === "listening");
    const address = `cl1://127.0.0.1:${dish.events[0]["port"]}?scaffold=mea64`;
    const config = organoidConfig.parse({
      ...dishDefaults,
      ...{ series, dish: address, arms: [arm], firstSeed: seed, fitSteps: FIT_STEPS, retentionSeconds: 0 },
      ...(writeMs !== undefined && { writeMs: Number(writeMs) }),
    });
    const place = { kind: "dish", address, profile: simulatedProfile } as const;
    const { report } = await runOrganoid(config, join(folder, "run"), { wetgradVersion: "bench", place });
    const right = report.series[0].arms[arm]?.probe.countAccuracy?.mean;
    if (right === undefined) throw new Error(`bench dish: no probe of ${arm}, seed ${seed}`);
    return { right, evoked: report.notes.find((note) => note.startsWith("Before all else")) ?? null };
  } finally {
    await dish.kill("SIGINT");
    rmSync(folder, { recursive: true, force: true });
  }
}
