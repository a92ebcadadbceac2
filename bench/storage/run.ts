/** A small run on a disk that gives out, and what is in its folder in the end. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodeOf, messageOf } from "../../src/cli/manners/errors.ts";
import { Checkpoints } from "../../src/experiment/checkpoints/checkpoint.ts";
import { Programs } from "../../src/experiment/job/setup.ts";
import type { Experiment } from "../../src/experiment/plans.ts";
import { runReported } from "../../src/experiment/reported.ts";
import { vatConfig } from "../../src/experiment/vat/config.ts";
import { type Fault, onFailingDisk } from "./faults.ts";

/** In this thread alone: two brains that are taught by hand, and their emulator. */
const experiment: Experiment = {
  kind: "vat",
  config: vatConfig.parse({
    ...{ task: "peers", brains: 2, seeds: 1, arms: ["descent", "sham"], cycles: 1, neurons: 101 },
    ...{ presentations: 16, probeTrials: 30, babbleTrials: 50, fitSteps: 2, record: true },
  }),
};
const programs = new Programs("cpu");

const NEVER: Fault = { at: 0, code: "EIO", stays: false };

/** The run's error, if it had one, and its calls that write. */
export async function runOn(folder: string, fault: Fault = NEVER) {
  let error: Error | null = null;
  const hooks = { wetgradVersion: "test", place: { kind: "local" }, programs } as const;
  const calls = await onFailingDisk(folder, fault, () =>
    runReported(experiment, folder, hooks).catch((caught: Error) => {
      error = caught;
    }),
  );
  return { error: error as Error | null, calls };
}

/**
 * Digests of all that a run ends with; of its report all but how long it took, of its outcome what it says, of its journal only
 * that it is there.
 */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.startsWith("claim"));
  const stages = names.some((name) => name.startsWith("stages"))
    ? new Checkpoints(join(folder, "stages"))
    : null;
  const outcome = await stages?.stage({ seed: 1, code: "assigned", part: "outcome" }, async () => null);
  return {
    ...Object.fromEntries(names.sort().map((name) => [name, digestOf(folder, name)])),
    outcome: sha256(JSON.stringify(outcome ?? null)),
  };
}

function digestOf(folder: string, name: string): string {
  const bytes = readFileSync(join(folder, name));
  if (/^journal|^stages|^timing|html$/.test(name)) return "there";
  if (name !== "report.json") return sha256(bytes);
  const { timing: _, ...report } = JSON.parse(bytes.toString());
  return sha256(JSON.stringify(report));
}

function sha256(of: string | Uint8Array): string {
  return createHash("sha256").update(of).digest("hex");
}

/** What is wrong with a run whose disk fails so, and with the same command afterwards; nothing, it is to be hoped. */
export async function wrongWith(
  folder: string,
  fault: Fault,
  whole: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { error, calls } = await runOn(folder, fault);
  const wrong: string[] = [];
  if (error && (exitCodeOf(error) !== GAVE_OUT || messageOf(error).includes("\n")))
    wrong.push(`expected one line and exit code ${GAVE_OUT}, got ${exitCodeOf(error)}: ${messageOf(error)}`);
  const again = await runOn(folder);
  const now = again.error ? {} : await contentsOf(folder);
  const others = Object.keys({ ...whole, ...now }).filter(
    (name) => whole[name] !== (now as typeof whole)[name],
  );
  if (again.error) wrong.push(`the same command did not continue: ${messageOf(again.error)}`);
  else if (others.length > 0) wrong.push(`other than in an undisturbed run: ${others.join(", ")}`);
  return wrong.map(
    (what) =>
      `${fault.code} at call ${fault.at} (${calls[fault.at - 1]})${fault.stays ? " and after" : ""}: ${what}`,
  );
}

/** The exit code of disk or memory that has given out. */
const GAVE_OUT = 3;
