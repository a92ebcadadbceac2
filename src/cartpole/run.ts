/**
 * The experiment: every arm on the culture of every seed, from the same snapshot. What is done is kept in the folder, unit by unit: the
 * same command goes on where it was stopped.
 */
import { claimFolder } from "../files/claim.ts";
import { makeFolder } from "../files/folder.ts";
import { KeptUnits } from "../files/kept-units.ts";
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
  makeFolder(folder);
  const claim = claimFolder(folder);
  const stop = new StopFlag();
  const onAbort = () => stop.stop();
  const otherwise = () =>
    new CartpoleError(`${folder}: holds a run that was asked for otherwise; choose another --out`);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const units = new KeptUnits(
      folder,
      { config: `${JSON.stringify(config, null, 2)}\n`, otherwise },
      signal,
    );
    const results = await runAll(
      config,
      { ...options, units },
      () => stop.isStopped || signal?.aborted === true,
    );
    return reportOf(config, results, options.wetgradVersion);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    claim.release();
  }
}

async function runAll(
  config: CartpoleConfig,
  { units, onProgress }: CartpoleOptions & { readonly units: KeptUnits },
  isStopped: () => boolean,
): Promise<Results> {
  const results = new Map<ArmName, UnitResult[]>(config.arms.map((arm) => [arm, []]));
  const total = config.seeds * config.arms.length;
  let done = 0;
  for (let seed = config.firstSeed; seed < config.firstSeed + config.seeds; seed++) {
    // Grown only if something of it is not done.
    let subject: Promise<Subject> | undefined;
    const unit = async (arm: ArmName): Promise<UnitResult> => {
      return units.kept(`${seed}-${arm}`, async () => {
        subject ??= openSubject(config, seed, isStopped);
        const trainsOf = async (other: ArmName) => (await unit(other)).session.trains;
        const taken = await replayed(subject, trainsOf, arm);
        return runUnit(arm, { config, subject: taken, trainsOf, isStopped });
      });
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
