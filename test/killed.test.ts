/** Experiments of one culture and of many, killed or stopped at any moment: they end with the bits of an undisturbed run. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RunControl } from "../src/experiment/control/control.ts";
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import type { Experiment } from "../src/experiment/plans.ts";
import { runReported } from "../src/experiment/reported.ts";
import { type RunHooks, runExperiment } from "../src/experiment/run.ts";
import { NOT_SHARED } from "../src/experiment/timing.ts";
import { vatConfig } from "../src/experiment/vat/config.ts";
import { fileHashes } from "../src/files/hash.ts";
import { Random } from "../src/math/random.ts";
import { moduleAt, withModules } from "./setup/program.ts";

const MINUTES = 60_000;
const root = mkdtempSync(join(tmpdir(), "wetgrad-killed-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Two jobs: one culture, two codes. */
const organoid: Experiment = {
  kind: "organoid",
  config: organoidConfig.parse({
    series: "henon",
    seeds: 1,
    firstSeed: 3,
    codes: ["assigned", "free"],
    cycles: 2,
    presentations: 16,
    probeTrials: 16,
    babbleTrials: 200,
    fitSteps: 20,
    retentionSeconds: 2,
  }),
};
const vat: Experiment = {
  kind: "vat",
  config: vatConfig.parse({
    task: "peers",
    brains: 3,
    seeds: 2,
    arms: ["descent", "unconnected", "yoked", "frozen", "sham"],
    cycles: 2,
    neurons: 120,
    presentations: 16,
    probeTrials: 30,
    babbleTrials: 50,
    fitSteps: 20,
    record: true,
  }),
};

function run(experiment: Experiment, folder: string, hooks: Partial<RunHooks>): Promise<unknown> {
  return runReported(experiment, folder, { wetgradVersion: "test", ...hooks });
}

/** Runs the experiment in a process of its own, and kills it `afterMs` after its `event`-th sign of life. */
function runChild(experiment: Experiment, folder: string, kill?: { event: number; afterMs: number }) {
  const script = fileURLToPath(new URL("./killed/child.mjs", import.meta.url));
  const words = [...withModules(script), folder, JSON.stringify(experiment), moduleAt("experiment/reported")];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
  let [events, errors] = [0, ""];
  child.stderr.on("data", (text) => (errors += text));
  child.stdout.on("data", (text) => {
    const before = events;
    events += String(text).split("\n").length - 1;
    if (kill && before < kill.event && events >= kill.event)
      setTimeout(() => child.kill("SIGKILL"), kill.afterMs);
  });
  return new Promise<{ end: NodeJS.Signals | number | null; errors: string }>((resolve) => {
    child.on("close", (code, signal) => resolve({ end: signal ?? code, errors }));
  });
}

/** The hash of every file of a run's folder, but of those that say how long it took, and who held it. */
const hashesOf = (folder: string) => fileHashes(folder, NOT_SHARED);

describe.each([
  { name: "one culture", experiment: organoid, two: { workers: 2 }, lastEvent: 20, stopAt: 100, models: 2 },
  {
    name: "many cultures",
    experiment: vat,
    two: { place: { kind: "threads", threads: 2 } as const },
    lastEvent: 60,
    stopAt: 150,
    models: 4,
  },
])("an experiment of $name", ({ name, experiment, two, lastEvent, stopAt, models }) => {
  const whole = join(root, `${name} whole`);
  beforeAll(() => run(experiment, whole, two), 4 * MINUTES);

  test(
    "stopped, then killed again and again on one worker, it ends with the same bits as undisturbed on two",
    async () => {
      const folder = join(root, `${name} disturbed`);
      const control = new RunControl();
      const stopped = run(experiment, folder, {
        workers: 1,
        place: { kind: "local" },
        control,
        onProgress: ({ done }) => {
          if (done >= stopAt) control.stop();
        },
      });
      await expect(stopped).rejects.toMatchObject({ name: "Stopped" });
      const random = Random.of(17, "kills");
      let killed = 0;
      for (let life = 0; life < 3 && !existsSync(join(folder, "report.json")); life++) {
        const kill = { event: 2 + random.integer(lastEvent), afterMs: random.integer(1000) };
        const { end, errors } = await runChild(experiment, folder, kill);
        expect(errors).toBe("");
        // A fast machine may finish what a later life still had to do before the kill comes.
        if (killed === 0 || end !== 0) expect(end, `life ${life}`).toBe("SIGKILL");
        killed += 1;
      }
      expect(await runChild(experiment, folder)).toEqual({ end: 0, errors: "" });
      expect(readdirSync(join(whole, "models"))).toHaveLength(models);
      expect(hashesOf(folder)).toEqual(hashesOf(whole));
    },
    8 * MINUTES,
  );

  test(
    "asked for again when it is done, it computes nothing",
    async () => {
      const before = hashesOf(whole);
      const found = await runExperiment(experiment, whole, { wetgradVersion: "test", ...two }, (all) => all);
      expect(found.timing.stages).toEqual({});
      expect(hashesOf(whole)).toEqual(before);
    },
    2 * MINUTES,
  );
});
