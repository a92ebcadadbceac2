/** Small runs of every command that computes, and what of their folders and output is hashed. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../src/math/random.ts";

export interface FrozenRun {
  /** Arguments of `wetgrad`; OUT stands for the run's folder, and OUT:NAME for that of an earlier run. */
  readonly args: readonly string[];
  /** Hash what is printed instead of `report.json`. */
  readonly printed?: true;
}

const ORGANOID = [
  ...["organoid", "--out", "OUT", "--workers", "1", "--seeds", "1", "--cycles", "2", "--neurons", "150"],
  ...["--presentations", "16", "--probe-trials", "16", "--babble-trials", "200", "--retention", "2"],
  ...["--fit-steps", "60"],
];

const VAT = [
  ...["vat", "run", "--out", "OUT", "--workers", "1", "--seeds", "1", "--brains", "3", "--neurons", "120"],
  ...[
    "--presentations",
    "16",
    "--probe-trials",
    "30",
    "--babble-trials",
    "50",
    "--fit-steps",
    "5",
    "--record",
  ],
];

export const FROZEN_RUNS: Readonly<Record<string, FrozenRun>> = {
  "organoid-laser": { args: [...ORGANOID, "--series", "laser"] },
  "organoid-cycle": {
    args: [...ORGANOID, "--series", "noisy-cycle", "--preset", "quiet", "--code", "assigned"],
  },
  "method-direct": { args: [...ORGANOID, "--series", "henon", "--method", "direct", "--code", "assigned"] },
  "method-incremental": { args: [...ORGANOID, "--method", "incremental", "--code", "assigned"] },
  "method-forward-forward": { args: [...ORGANOID, "--method", "forward-forward", "--code", "assigned"] },
  "method-reward": { args: [...ORGANOID, "--method", "reward", "--code", "free"] },
  "vat-peers": { args: [...VAT, "--task", "peers"] },
  "vat-pong": { args: [...VAT, "--task", "pong", "--cycles", "1"] },
  "vat-signals": { args: [...VAT, "--task", "signals", "--streams", "laser,henon", "--preset", "default"] },
  "compare-methods": {
    args: [
      ...["compare-methods", "--out", "OUT", "--workers", "1", "--seeds", "1", "--cycles", "1"],
      ...["--series", "henon", "--methods", "incremental", "--budgets", "0.3", "--neurons", "150"],
      ...["--presentations", "32", "--probe-trials", "16", "--babble-trials", "200", "--fit-steps", "60"],
    ],
  },
  "culture-grow": {
    args: ["culture", "grow", "--div", "7,21", "--neurons", "200", "--seconds", "20", "--json"],
    printed: true,
  },
  "recording-describe": {
    args: ["recording", "describe", "OUT:organoid-cycle/recording.nwb", "--json"],
    printed: true,
  },
  "emulator-fit": {
    args: ["emulator", "fit", "OUT:list.csv", "--steps", "40", "--threads", "1", "--out", "OUT", "--json"],
    printed: true,
  },
  bandwidth: { args: ["bandwidth", "--seeds", "1", "--trials", "200", "--neurons", "200", "--out", "OUT"] },
};

/** Hashes of what a run found, by part; `printed` is its standard output. */
export function hashesOf(
  folder: string,
  { printed: asPrinted }: FrozenRun,
  printed: string,
): Record<string, string> {
  if (asPrinted) return { printed: hash(canonical(JSON.parse(printed))) };
  const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Record<string, unknown>;
  const models = join(folder, "models");
  const parts: Record<string, string> = { report: hash(canonical(report)) };
  if (existsSync(models))
    for (const name of readdirSync(models).sort()) parts[name] = hash(readFileSync(join(models, name)));
  const recording = join(folder, "recording.nwb");
  if (existsSync(recording)) parts["recording"] = hash(readFileSync(recording));
  return parts;
}

/** What says nothing of a result: what was asked for, how long it took, where it lies, who wrote it. */
const LEFT_OUT = new Set([
  "config",
  "timing",
  "wetgradVersion",
  "folder",
  "paths",
  "file",
  "recording",
  "seconds",
  "trainSeconds",
]);

function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (LEFT_OUT.has(key) ? undefined : inner));
}

function hash(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}

/** A spike list of four channels that burst together every 800 ms, for the commands that take a recording. */
export function writeSpikeList(path: string): void {
  const random = Random.of(1, "frozen");
  const lines = ["time,channel"];
  for (let bin = 0; bin < 25_000; bin++) {
    const time = bin * 0.004;
    const rateHz = time % 0.8 < 0.1 ? 60 : 2;
    for (const channel of ["A1", "A2", "B1", "B2"])
      if (random.uniform() < 0.004 * rateHz) lines.push(`${time.toFixed(4)},${channel}`);
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
}
