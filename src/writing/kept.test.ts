/** What a run leaves in its folder: the same bytes however often it was stopped and killed, and a recording that opens. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Journal } from "../experiment/journal/journal.ts";
import { fileHashes } from "../files/hash.ts";
import { describe } from "../recording/describe.ts";
import { NwbReader } from "../recording/nwb/reader.ts";
import { structuralFaults } from "../recording/nwb/structure.ts";
import { bestPracticeFaults, hasH5py } from "../recording/testing/best-practices.ts";
import { cosine } from "../text/metrics/retrieval.ts";
import { JOURNAL, type KeptLesson, LESSON, WRITING_FORMAT } from "./folder.ts";
import { segmentsOf } from "./recording.ts";
import { renderWriting } from "./report/page.ts";
import type { WritingReport } from "./report/schema.ts";
import { writingTable } from "./report/table.ts";
import { HEARD, type Heard, heardKey } from "./stretches.ts";
import { runSmall, SMALL } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-writing-kept-"));
const whole = join(folder, "whole");
const nwb = join(whole, "recording.nwb");
let report: WritingReport;
beforeAll(async () => {
  report = await runSmall(whole);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In a process of its own, killed once `arm` is done. */
async function killedAfter(arm: string, out: string): Promise<NodeJS.Signals | null> {
  const testing = fileURLToPath(new URL("./testing.ts", import.meta.url));
  const script = `import { runSmall } from ${JSON.stringify(testing)};
    await runSmall(${JSON.stringify(out)}, { onArm: (arm) => process.stdout.write(arm + "\\n") });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.on("data", (text) => {
    if (String(text).split("\n").includes(arm)) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.once("close", resolve));
  return child.signalCode;
}

it("is the same to the byte where the run was stopped, continued, killed and continued", async () => {
  const out = join(folder, "disturbed");
  await expect(runSmall(out, { stopAfter: "descent" })).rejects.toThrow(/abort/i);
  expect(await killedAfter("yoked", out)).toBe("SIGKILL");
  expect(await runSmall(out)).toEqual(report);
  const hashes = fileHashes(out, ["claim"]);
  expect(Object.keys(hashes)).toEqual(
    ["config.json", JOURNAL, "recording.nwb", "report.html", "report.json"].sort(),
  );
  expect(hashes).toEqual(fileHashes(whole, ["claim"]));
});

it("reports every arm", () => {
  expect(Object.keys(report.arms).sort()).toEqual([...SMALL.arms].sort());
  expect(report.arms["write-only"]?.while).toBeUndefined();
  expect(report.arms.sham?.while?.cosine).toEqual(report.arms.sham?.whileRead?.cosine);
  expect(report.refusedPulses).toBe(0);
  expect(report.sentences).toHaveLength(SMALL.pairs);
  const page = renderWriting(report);
  for (const { target } of report.sentences)
    expect(page).toContain(target.replaceAll("'", "&#39;").slice(0, 5));
  const plain = (text: string) => text;
  const paint = { bold: plain, dim: plain, green: plain, yellow: plain, red: plain };
  expect(writingTable(report, paint)).toContain("untaught, near contexts");
});

it("records every stretch, each presentation a trial with what it was to bring to mind", async () => {
  const reader = await NwbReader.open(nwb);
  const keys = (of: readonly { arm: string; phase: string }[]) =>
    of.map(({ arm, phase }) => `${arm} ${phase}`);
  try {
    const segments = reader.segments();
    expect(keys(segments)).toEqual(keys(segmentsOf(SMALL)));
    expect(segments.some(({ spikes }) => spikes > 0)).toBe(true);
    const babble = segments[0];
    expect(babble.stopSeconds - babble.startSeconds).toBeCloseTo(0.1 * SMALL.babbles, 6);
    // Nothing but contexts is given where nothing is written: 3 volleys on 4 electrodes.
    const train = segments.find(({ arm, phase }) => arm === "sham" && phase === "train")!;
    expect(reader.pulsesOf(train).channels).toHaveLength(SMALL.presentations * 12);
  } finally {
    reader.close();
  }
  expect(await structuralFaults(nwb)).toEqual([]);
  if (hasH5py) expect(bestPracticeFaults(nwb)).toEqual([]);
  const trials = await trialsOf("trials_seed1_assigned_sham");
  const taught = report.sentences.map(({ context, target }) => `${context} > ${target}`);
  expect(trials).toHaveLength(SMALL.presentations + SMALL.pairs * SMALL.probes);
  expect(new Set(trials.map(({ text, target }) => `${text} > ${target}`))).toEqual(new Set(taught));
  const silent = await trialsOf("trials_seed1_assigned_write-only");
  expect(silent.filter(({ phase }) => phase === "train").every(({ text }) => text === "")).toBe(true);
});

async function trialsOf(table: string) {
  const { File } = await import("h5wasm/node");
  const file = new File(nwb, "r");
  try {
    const column = (name: string) => {
      const found = file.get(`intervals/${table}/${name}`);
      if (!found || !("to_array" in found)) throw new Error(`no ${table}/${name}`);
      return found.to_array() as string[];
    };
    const [text, target, phase] = ["text", "target", "phase"].map(column);
    return text.map((shown, i) => ({ text: shown, target: target[i], phase: phase[i] }));
  } finally {
    file.close();
  }
}

it("opens as any recording does", async () => {
  expect(await describe(nwb)).toMatchObject({ kind: "spikes", channels: 64 * (1 + SMALL.arms.length) });
});

it("keeps in its journal what was decoded, from which the report's cosines follow", () => {
  const journal = Journal.open(join(whole, JOURNAL), WRITING_FORMAT);
  try {
    const [{ value: lesson }] = journal.list<never>(LESSON) as unknown as { value: KeptLesson }[];
    expect(lesson.pairs.map(({ target }) => target.text)).toEqual(report.sentences.map((one) => one.target));
    expect(lesson.others).toHaveLength(49);
    for (const [arm, { after }] of Object.entries(report.arms)) {
      const name = { arm: arm as "hand", phase: "probe" as const };
      const heard = journal.get<never>(HEARD, heardKey(SMALL.firstSeed, name)) as unknown as Heard;
      const K = SMALL.numbers;
      const bytes = Uint8Array.from(Buffer.from(heard.said, "base64"));
      const said = new Float32Array(bytes.buffer);
      expect(said).toHaveLength(K * heard.pairs.length);
      const cosines = heard.pairs.map((pair, p) =>
        cosine(said.subarray(K * p, K * (p + 1)), lesson.pairs[pair].target.program),
      );
      const mean = cosines.reduce((sum, value) => sum + value / cosines.length, 0);
      expect(mean).toBeCloseTo(after.cosine.mean, 6);
    }
  } finally {
    journal.close();
  }
});
