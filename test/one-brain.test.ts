/** One culture is one culture, whichever command asks for it and wherever it is held. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RUN_FORMAT } from "../src/experiment/folder.ts";
import type { Outcome } from "../src/experiment/job/outcome.ts";
import { entriesOf } from "../src/experiment/journal/entries.ts";
import { Journal } from "../src/experiment/journal/journal.ts";
import { type OrganoidConfig, organoidConfig } from "../src/experiment/organoid/config.ts";
import type { Experiment } from "../src/experiment/plans.ts";
import { type RunHooks, runExperiment } from "../src/experiment/run.ts";
import { vatConfig } from "../src/experiment/vat/config.ts";
import { runVat } from "../src/experiment/vat/run.ts";
import { NwbReader } from "../src/recording/nwb/reader.ts";

const MINUTES = 60_000;
const root = mkdtempSync(join(tmpdir(), "wetgrad-one-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Pong of the journal of a run's folder. */
function courtsOf(folder: string) {
  const journal = Journal.open(join(folder, "journal.sqlite"), RUN_FORMAT);
  try {
    const courts = entriesOf(journal, "court");
    expect(courts.map(({ arm, cycle }) => `${arm} ${cycle}`)).toEqual([
      ...["common -1", "descent 0", "feedback 0", "sham 0"],
    ]);
    return courts.map(({ places, ...court }) => ({
      ...court,
      places: new Float32Array(Uint8Array.from(Buffer.from(places, "base64")).buffer),
    }));
  } finally {
    journal.close();
  }
}

const ARMS = ["descent", "teacher", "yoked", "random", "frozen", "sham"] as const;
const numbers = {
  seeds: 1,
  arms: [...ARMS],
  cycles: 1,
  presentations: 32,
  probeTrials: 30,
  babbleTrials: 200,
  fitSteps: 40,
  neurons: 120,
  preset: "quiet",
} as const;

function outcomesOf(experiment: Experiment, folder: string, hooks: Partial<RunHooks> = {}) {
  return runExperiment(
    experiment,
    join(root, folder),
    { wetgradVersion: "test", ...hooks },
    ({ outcomes }) => outcomes,
  );
}

const organoidOf = (given: Partial<OrganoidConfig> = {}): Experiment => ({
  kind: "organoid",
  config: organoidConfig.parse({
    ...numbers,
    series: "laser",
    codes: ["assigned"],
    retentionSeconds: 0,
    ...given,
  }),
});

describe("a vat of one brain on a series", () => {
  const one = { organoid: [] as Outcome[], vat: [] as Outcome[] };
  beforeAll(async () => {
    one.organoid = [...(await outcomesOf(organoidOf(), "organoid"))];
    const config = vatConfig.parse({
      ...numbers,
      task: "signals",
      streams: ["laser"],
      brains: 1,
      record: true,
    });
    one.vat = [...(await outcomesOf({ kind: "vat", config }, "vat"))];
  }, 5 * MINUTES);

  it("is the organoid of that seed, arm by arm, to the bit", () => {
    const [[organoid], [vat]] = [one.organoid, one.vat];
    expect(vat.before).toEqual(organoid.before);
    for (const arm of ARMS) expect(vat.arms[arm], arm).toEqual(organoid.arms[arm]);
    expect(vat.baselines).toEqual(organoid.baselines);
    expect(vat.predicted).toEqual(organoid.predicted);
    expect(new Set(ARMS.map((arm) => JSON.stringify(vat.arms[arm].probes))).size).toBeGreaterThan(3);
  });

  it("is that of its spikes and pulses, in every stretch that both have", async () => {
    const stretchesOf = async (folder: string) => {
      const reader = await NwbReader.open(join(root, folder, "recording.nwb"));
      const stretches = new Map<string, string[]>();
      for (const unit of reader.units()) {
        const { seed, code, arm, cycle, phase, channel, spikeTimes } = unit;
        const key = [seed, code, arm, cycle, phase].join(" ");
        const own = stretches.get(key) ?? [];
        stretches.set(key, own);
        for (const at of Array.from(spikeTimes)) own.push(`${channel} ${at}`);
      }
      for (const { seed, code, arm, cycle, phase, channel, startSeconds } of reader.stimulation())
        stretches.get([seed, code, arm, cycle, phase].join(" "))?.push(`pulse ${channel} ${startSeconds}`);
      reader.close();
      return stretches;
    };
    const [organoid, vat] = [await stretchesOf("organoid"), await stretchesOf("vat")];
    // The vat does not scramble its trained brains.
    expect([...organoid.keys()].filter((key) => !vat.has(key))).toEqual(["1 assigned scrambled 0 probe"]);
    expect(vat.size).toBe(3 + 2 * ARMS.length);
    for (const [key, stretch] of vat) expect(stretch, key).toEqual(organoid.get(key));
  });

  it("keeps the same models", () => {
    const modelOf = (folder: string) => readFileSync(join(root, folder, "models", "1-assigned.safetensors"));
    expect(modelOf("vat").equals(modelOf("organoid"))).toBe(true);
  });
});

describe("one culture on worker threads", () => {
  it(
    "comes to the same as in the threads of the run",
    async () => {
      const tiny = organoidOf({
        series: "henon",
        arms: ["descent", "sham"],
        presentations: 32,
        probeTrials: 16,
      });
      const held = await outcomesOf(tiny, "threads", { place: { kind: "threads", threads: 1 } });
      const local = await outcomesOf(tiny, "local", { place: { kind: "local" }, workers: 1 });
      expect(held).toEqual(local);
      const recording = (folder: string) => readFileSync(join(root, folder, "recording.nwb"));
      expect(recording("threads").equals(recording("local"))).toBe(true);
    },
    5 * MINUTES,
  );
});

describe("one culture on a game", () => {
  it(
    "runs and reports: nobody listens to it, and there is no twin to leave unconnected",
    async () => {
      const config = vatConfig.parse({
        ...numbers,
        task: "pong",
        brains: 1,
        arms: ["descent", "feedback", "sham"],
        babbleTrials: 60,
        presentations: 20,
        fitSteps: 20,
      });
      const outcomes: Outcome[] = [];
      const { report } = await runVat(config, join(root, "pong"), {
        wetgradVersion: "test",
        onOutcome: (outcome) => outcomes.push(outcome),
      });
      const [outcome] = outcomes;
      expect(outcome.before.listening).toBe(null);
      expect(outcome.before.scores).toBe(null);
      expect(Object.keys(outcome.arms)).toEqual(["descent", "feedback", "sham"]);
      for (const { probes } of Object.values(outcome.arms))
        for (const probe of probes) {
          expect(probe.listening).toBe(null);
          expect(probe.events).toHaveLength(30);
        }
      for (const { arm, paddleSize, places, events } of courtsOf(join(root, "pong"))) {
        const probe = arm === "common" ? outcome.before : outcome.arms[arm].probes[0];
        expect(events).toBe(probe.events.map((event) => event?.[0] ?? ".").join(""));
        expect(places).toHaveLength(3 * events.length);
        // A ball is returned from where the paddle is; after a miss another is served.
        [...events].forEach((event, step) => {
          const [ballX, ballY, paddleY] = places.slice(3 * step, 3 * step + 3);
          if (event === "h") expect(Math.abs(ballY - paddleY)).toBeLessThanOrEqual(paddleSize / 2 + 1e-6);
          if (event === "m") expect(ballX).toBe(1);
        });
      }
      expect(outcome.baselines).toBe(null);
      expect(Object.keys(outcome.opponents ?? {}).length).toBeGreaterThan(0);
      expect(Object.keys(report.arms)).toEqual(["descent", "feedback", "sham"]);
      expect(report.vat.arms["descent"]?.after.hitsPerRally).toBeDefined();
      expect(report.vat.arms["descent"]?.after.bits).toBeUndefined();
      const refused = runVat({ ...config, arms: ["descent", "unconnected"] }, join(root, "none"), {
        wetgradVersion: "test",
      });
      await expect(refused).rejects.toThrow(/^arm unconnected: expected several cultures, got one/);
    },
    5 * MINUTES,
  );
});
