/**
 * The experiment: every arm on the culture of every seed, from the same snapshot. What is done is kept in the folder, unit by unit: the
 * same command goes on where it was stopped.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { claimFolder } from "../files/claim.ts";
import { makeFolder } from "../files/folder.ts";
import { writeWhole } from "../files/whole.ts";
import { StopFlag } from "../tissue/stop-flag.ts";
import type { ArmName } from "./arms.ts";
import { type CartpoleConfig, cartpoleConfig } from "./config.ts";
import { CartpoleError } from "./error.ts";
import { type CartpoleReport, reportOf } from "./report.ts";
import { openSubject, type Subject } from "./subject.ts";
import { type Results, runUnit, type UnitResult } from "./unit.ts";

export interface CartpoleOptions {
  readonly folder: string;
  readonly wetgradVersion: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, message: string) => void;
}

/** Throws `CartpoleError` where the folder holds another run. */
export async function runCartpole(asked: CartpoleConfig, options: CartpoleOptions): Promise<CartpoleReport> {
  const config = cartpoleConfig.parse(asked);
  const { folder, signal } = options;
  makeFolder(join(folder, "units"));
  const claim = claimFolder(folder);
  const stop = new StopFlag();
  const onAbort = () => stop.stop();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    keepConfig(folder, config);
    const results = await runAll(config, options, () => stop.isStopped || signal?.aborted === true);
    return reportOf(config, results, options.wetgradVersion);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    claim.release();
  }
}

async function runAll(
  config: CartpoleConfig,
  { folder, signal, onProgress }: CartpoleOptions,
  isStopped: () => boolean,
): Promise<Results> {
  const results = new Map<ArmName, UnitResult[]>(config.arms.map((arm) => [arm, []]));
  const total = config.seeds * config.arms.length;
  let done = 0;
  for (let seed = config.firstSeed; seed < config.firstSeed + config.seeds; seed++) {
    // Grown only if something of it is not done.
    let subject: Promise<Subject> | undefined;
    const unit = async (arm: ArmName): Promise<UnitResult> => {
      const path = join(folder, "units", `${seed}-${arm}.json`);
      if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as UnitResult;
      signal?.throwIfAborted();
      subject ??= openSubject(config, seed, isStopped);
      const trainsOf = async (other: ArmName) => (await unit(other)).session.trains;
      let result: UnitResult;
      try {
        result = await runUnit(arm, {
          config,
          subject: await replayed(subject, trainsOf, arm),
          trainsOf,
          isStopped,
        });
      } catch (error) {
        signal?.throwIfAborted(); // the gate refuses pulses once it is stopped
        throw error;
      }
      signal?.throwIfAborted();
      writeWhole(path, JSON.stringify(result));
      return result;
    };
    for (const arm of config.arms) {
      results.get(arm)?.push(await unit(arm));
      onProgress?.(++done, total, `${arm}, culture ${seed}`);
    }
    await (await subject)?.device.close();
  }
  return results;
}

/** Runs what an arm replays before the arm itself takes the culture. */
async function replayed(
  subject: Promise<Subject>,
  trainsOf: (arm: ArmName) => Promise<unknown>,
  arm: ArmName,
): Promise<Subject> {
  if (arm === "yoked") await trainsOf("adaptive");
  if (arm === "yoked-to-descent") await trainsOf("descent");
  return subject;
}

function keepConfig(folder: string, config: CartpoleConfig): void {
  const path = join(folder, "config.json");
  const text = `${JSON.stringify(config, null, 2)}\n`;
  if (!existsSync(path)) writeWhole(path, text);
  else if (readFileSync(path, "utf8") !== text)
    throw new CartpoleError(`${folder}: holds a run that was asked for otherwise; choose another --out`);
}
