/** What mne and neo read from the same files, where Debian's packages of them are installed. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { allSpikes } from "../contract.ts";
import { openRecording } from "../open.ts";
import { openSignals } from "../signals/open.ts";
import { makeEdf } from "../signals/testing.ts";
import { makeIntan, makeNex, makeNpy } from "./makers.ts";

const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("./peers.py", import.meta.url));
const SHARED = join(import.meta.dirname, "../../../../shared/recordings");

function has(module: string): boolean {
  try {
    execFileSync(PYTHON, ["-c", `import importlib.util as u; assert u.find_spec("${module}")`], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

interface SeenChannel {
  readonly name: string;
  readonly count: number;
  /** Every so many, 50 or so. */
  readonly values: readonly number[];
}

const folder = mkdtempSync(join(tmpdir(), "wetgrad-peers-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

function seenBy(files: readonly (readonly [program: string, path: string])[]): SeenChannel[][] {
  return JSON.parse(execFileSync(PYTHON, [SCRIPT, JSON.stringify(files)], { encoding: "utf8" }));
}

const toUv: Record<string, number> = { uV: 1, µV: 1, microvolt: 1, mV: 1e3, V: 1e6 };

/** Samples of the channels that the other program has, in uV. */
async function expectSamples(path: string, seen: readonly SeenChannel[]): Promise<void> {
  const recording = await openSignals(path);
  try {
    expect(seen.length).toBeGreaterThan(0);
    // Of BioSemi's triggers mne keeps the lower bits.
    for (const { name, count, values } of seen.filter((channel) => channel.name !== "Status")) {
      const index = recording.channels.findIndex(({ label }) => label === name);
      expect(index, `${path}: ${name}`).toBeGreaterThanOrEqual(0);
      const { samples, unit } = recording.channels[index];
      expect(samples, `${path}: ${name}`).toBe(count);
      const own = recording.read(0, samples, [index]);
      const every = Math.max(1, Math.floor(count / 50));
      // Channels whose unit is no voltage are taken for volts by mne.
      const scale = toUv[unit] ?? 1e6;
      values.forEach((value, i) => {
        const mine = own[i * every] * scale;
        expect(Math.abs(mine - value), `${path}: ${name} ${i}`).toBeLessThan(1e-6 * Math.abs(value) + 1e-3);
      });
    }
  } finally {
    recording.close();
  }
}

async function expectSpikes(path: string, seen: readonly SeenChannel[], rename = (name: string) => name) {
  const recording = await openRecording(path);
  try {
    for (const { name, count, values } of seen) {
      const index = recording.channels.findIndex((channel) => channel.name === rename(name));
      const own = allSpikes(recording, index);
      expect(own.length, `${path}: ${name}`).toBe(count);
      const every = Math.max(1, Math.floor(count / 50));
      values.forEach((value, i) => {
        expect(own[i * every] + recording.startSeconds).toBeCloseTo(value, 6);
      });
    }
    expect(seen.map(({ name }) => rename(name)).sort()).toEqual(
      recording.channels.map(({ name }) => name).sort(),
    );
  } finally {
    recording.close();
  }
}

const wave = (length: number, k = 1) =>
  Array.from({ length }, (_, i) => Math.round(900 * Math.sin((i * k) / 7)) + k);

const mne = has("mne");
describe.runIf(mne)(`as mne reads it${mne ? "" : " (skipped: no python3-mne)"}`, () => {
  test("EDF, BDF, EEGLAB and BrainVision: every channel, in the same unit", {
    timeout: 240_000,
  }, async () => {
    const records = (k: number) => [0, 1, 2].map((r) => wave(100, k + r));
    const edf = makeEdf([
      { label: "C3", physical: [-500, 500], records: records(1) },
      { label: "C4", physical: [200, -200], unit: "mV", records: records(2) },
    ]);
    const bdf = makeEdf([{ label: "A1", physical: [-262144, 262143], records: records(50) }], { bdf: true });
    file("b.eeg", Buffer.from(Int16Array.from(wave(600)).buffer));
    const heading = file(
      "b.vhdr",
      "Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nDataFile=b.eeg\nMarkerFile=b.vmrk\nDataFormat=BINARY\nDataOrientation=MULTIPLEXED\nNumberOfChannels=2\nSamplingInterval=2000\n[Binary Infos]\nBinaryFormat=INT_16\n[Channel Infos]\nCh1=Fz,,0.5,µV\nCh2=Cz,,0.1,mV\n",
    );
    file(
      "b.vmrk",
      "Brain Vision Data Exchange Marker File, Version 1.0\n[Common Infos]\nDataFile=b.eeg\n[Marker Infos]\nMk1=Stimulus,S  1,11,1,0\n",
    );
    const shared = ["test.edf", "test.bdf", "eeglab_data.set"].map((name) =>
      join(SHARED, "eeg-eeglab", name),
    );
    const paths = [file("a.edf", edf), file("a.bdf", bdf), heading, ...shared.filter(existsSync)];
    const seen = seenBy(paths.map((path) => ["mne", path] as const));
    for (const [k, path] of paths.entries()) await expectSamples(path, seen[k]);
  });
});

const neo = has("neo");
describe.runIf(neo)(`as neo reads it${neo ? "" : " (skipped: no python3-neo)"}`, () => {
  test("NeuroExplorer, phy and Intan: every spike and sample", { timeout: 240_000 }, async () => {
    const nex = file("a.nex", makeNex({ one: [400, 8000, 90_000], two: [1200, 80_000], none: [] }, 200_000));
    const phy = join(folder, "phy");
    mkdirSync(phy);
    const times = Array.from({ length: 120 }, (_, i) => 30 * i + (i % 7));
    const clusters = times.map((_, i) => i % 5);
    for (const [name, content] of [
      ["spike_times.npy", makeNpy("<u8", times)],
      ["spike_clusters.npy", makeNpy("<i4", clusters)],
      ["spike_templates.npy", makeNpy("<i4", clusters)],
      ["params.py", Buffer.from("dat_path = 'x.dat'\nsample_rate = 30000.\n")],
    ] as const)
      writeFileSync(join(phy, name), content);
    const rhd = file("a.rhd", makeIntan({ channels: { "A-000": wave(256), "A-001": wave(256, 3) } }));
    const rhs = file("a.rhs", makeIntan({ channels: { "A-000": wave(256, 2) }, stimulating: true }));
    const [ofNex, ofPhy, ofRhd, ofRhs] = seenBy([
      ["neo-nex", nex],
      ["neo-phy", phy],
      ["neo-intan", rhd],
      ["neo-intan", rhs],
    ]);
    await expectSpikes(nex, ofNex);
    await expectSpikes(phy, ofPhy, (name) => name.replace(" ", "_"));
    await expectSamples(rhd, ofRhd);
    await expectSamples(rhs, ofRhs);
  });
});
