/** The whole organoid experiment at its smallest, through the same door as the command line. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { organoidConfig } from "../src/experiment/organoid/config.ts";
import { type RunResult, runOrganoid } from "../src/experiment/organoid/run.ts";
import { readTiming } from "../src/experiment/timing.ts";
import { standardLayout } from "../src/protocol/testing.ts";
import { allSpikes } from "../src/recording/contract.ts";
import type { NwbOrigin } from "../src/recording/nwb/origin.ts";
import { NwbReader } from "../src/recording/nwb/reader.ts";
import { structuralFaults } from "../src/recording/nwb/structure.ts";
import { openRecordingFile } from "../src/recording/open.ts";
import { bestPracticeFaults, hasH5py } from "../src/recording/testing/best-practices.ts";
import { reportSchema } from "../src/report/schema.ts";

const MINUTES = 60_000;
const { frames, protocol } = standardLayout();
const config = organoidConfig.parse({
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
});
const { cycles, presentations, probeTrials, babbleTrials } = config;

const folder = mkdtempSync(join(tmpdir(), "wetgrad-organoid-"));
const first = join(folder, "first");
afterAll(() => rmSync(folder, { recursive: true }));

/** Two jobs (one culture, two codes) on two workers. */
let result: RunResult;
beforeAll(async () => {
  result = await runOrganoid(config, first, { wetgradVersion: "test", workers: 2 });
}, 4 * MINUTES);

/** report.json as text: where two differ, thousands of numbers do. */
const reportOf = (run: string) => readFileSync(join(run, "report.json"), "utf8");

test("leaves a folder with the report, the recording, the journal and the models, and nothing half done", () => {
  expect(readdirSync(first).sort()).toEqual([
    "claim",
    "config.json",
    "journal.sqlite",
    "models",
    "recording.nwb",
    "report.html",
    "report.json",
    "stages",
    "timing.json",
  ]);
  expect(readdirSync(join(first, "models")).sort()).toEqual(["3-assigned.safetensors", "3-free.safetensors"]);
  expect(
    readdirSync(first, { recursive: true }).filter((name) => /\.(part|partial|tmp)$/.test(String(name))),
  ).toEqual([]);
});

test("reports every arm, baseline and code in the shape that is promised", () => {
  const report = reportSchema.parse(JSON.parse(readFileSync(join(first, "report.json"), "utf8")));
  expect(report).toEqual(JSON.parse(JSON.stringify(result.report)));
  expect(report.series?.map(({ code }) => code)).toEqual(["assigned", "free"]);
  for (const code of report.series!) {
    expect(Object.keys(code.arms).sort()).toEqual([...config.arms, "scrambled"].sort());
    for (const name of [
      ...["chance", "persistence", "linearAR", "markov", "naiveBayes"],
      ...["emulatorAlone", "readoutUntrained", "readoutTrained", "silentCulture", "shuffledSpikes"],
    ])
      expect(Object.keys(code.baselines)).toContain(name);
    for (const { probe } of Object.values(code.arms)) {
      expect(probe.accuracy.mean).toBeGreaterThanOrEqual(0);
      expect(probe.accuracy.mean).toBeLessThanOrEqual(1);
      expect(probe.accuracy.perSeed).toHaveLength(config.seeds);
    }
    expect(code.retention?.spontaneousSeconds).toBe(2);
    expect(code.curves["descent"].presentations).toEqual([0, 16, 32]);
    expect(code.figures.raster?.after.length).toBeGreaterThan(0);
  }
});

describe("the recording", () => {
  const perTrial = protocol.patternSize * frames.volleys.length;
  const trialSeconds = frames.presentation / 25_000;
  const key = ({ seed, code, arm, cycle, phase }: NwbOrigin) => [seed, code, arm, cycle, phase].join(" ");
  /** Of each segment its beginning, its spikes, and the channels pulsed per trial: on a volley's beginning, and after. */
  interface Seen {
    start: number;
    spikes: { seconds: number; channel: number }[];
    context: number[][];
    written: number[][];
  }
  const segments = new Map<string, Seen>();
  let spikes = 0;
  beforeAll(async () => {
    const reader = await NwbReader.open(join(first, "recording.nwb"));
    for (const unit of reader.units()) {
      const seen = segments.get(key(unit)) ?? {
        start: unit.startSeconds,
        spikes: [],
        context: [],
        written: [],
      };
      segments.set(key(unit), seen);
      for (const seconds of Array.from(unit.spikeTimes)) seen.spikes.push({ seconds, channel: unit.channel });
      spikes += unit.spikeTimes.length;
    }
    for (const pulse of reader.stimulation()) {
      const seen = segments.get(key(pulse))!;
      const frame = Math.round((pulse.startSeconds - seen.start) * 25_000);
      const trial = Math.floor(frame / frames.presentation);
      const list = frames.volleys.includes(frame - trial * frames.presentation) ? seen.context : seen.written;
      (list[trial] ??= []).push(pulse.channel);
    }
    reader.close();
  });
  const segment = (code: string, arm: string, cycle: number, phase: string) =>
    segments.get(["3", code, arm, cycle, phase].join(" "))!;

  test("is a sound NWB file that any reader opens, with all spikes", async () => {
    expect(await structuralFaults(join(first, "recording.nwb"))).toEqual([]);
    if (hasH5py) expect(bestPracticeFaults(join(first, "recording.nwb"))).toEqual([]);
    const recording = await openRecordingFile(join(first, "recording.nwb"));
    const total = recording.cultures
      .flatMap((culture) => culture.channels.map((_, channel) => allSpikes(culture, channel).length))
      .reduce((sum, length) => sum + length, 0);
    recording.close();
    expect(total).toBe(spikes);
    expect(spikes).toBeGreaterThan(1000);
  });

  test("holds every presentation of every arm, and probes without a single write", () => {
    for (const code of config.codes) {
      expect(segment(code, "common", -1, "babble").context).toHaveLength(babbleTrials);
      for (const arm of config.arms)
        for (let cycle = 0; cycle < cycles; cycle++) {
          const train = segment(code, arm, cycle, "train");
          expect(train.context.map((pulsed) => pulsed.length)).toEqual(
            new Array(presentations).fill(protocol.contextSize * frames.volleys.length),
          );
          const writes = arm === "sham" ? [] : new Array(presentations).fill(perTrial);
          expect(train.written.map((pulsed) => pulsed.length)).toEqual(writes);
          const probe = segment(code, arm, cycle, "probe");
          expect(probe.context).toHaveLength(probeTrials);
          expect(probe.written).toEqual([]);
        }
    }
  });

  test("shows that all arms saw the same data, frozen the descent's writes, yoked the same in another order", () => {
    const writesOf = (code: string, arm: string) =>
      Array.from({ length: cycles }, (_, cycle) => segment(code, arm, cycle, "train").written)
        .flat()
        .map((channels) => [...channels].sort((a, b) => a - b).join());
    for (const code of config.codes) {
      const data = (arm: string, cycle: number) => segment(code, arm, cycle, "train").context;
      for (const arm of config.arms)
        for (let cycle = 0; cycle < cycles; cycle++) expect(data(arm, cycle)).toEqual(data("sham", cycle));
      const descent = writesOf(code, "descent");
      expect(writesOf(code, "frozen")).toEqual(descent);
      expect(writesOf(code, "yoked").sort()).toEqual([...descent].sort());
      expect(writesOf(code, "yoked")).not.toEqual(descent);
    }
  });

  test("and the report's raster show the same spikes", () => {
    const { raster } = result.report.series[0].figures;
    const { start, spikes } = segment("assigned", "descent", cycles - 1, "probe");
    raster!.after.forEach((trial, n) => {
      const from = start + n * trialSeconds;
      const expected = spikes
        .map(({ seconds, channel }) => ({ frame: Math.round((seconds - from) * 25_000), channel }))
        .filter(({ frame }) => frame >= 0 && frame < frames.presentation)
        .map(({ frame, channel }) => `${frame} ${channel}`);
      const drawn = trial.timesMs.map((ms, i) => `${Math.round(ms * 25)} ${trial.channels[i]}`);
      expect(drawn.sort()).toEqual(expected.sort());
    });
  });
});

test(
  "asked for again when it is done, it computes nothing and reports the same",
  async () => {
    const before = reportOf(first);
    const nwb = readFileSync(join(first, "recording.nwb"));
    const took = readTiming(first);
    await runOrganoid(config, first, { wetgradVersion: "test", workers: 1 });
    expect(readTiming(first)?.stages).toEqual(took?.stages);
    expect(took?.stages).toMatchObject({ begin: expect.any(Number), sham: expect.any(Number) });
    expect(reportOf(first) === before).toBe(true);
    expect(readFileSync(join(first, "recording.nwb")).equals(nwb)).toBe(true);
  },
  2 * MINUTES,
);
