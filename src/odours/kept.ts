/** The folder of a lesson's run: one process at a time, what is done kept unit by unit. */
import { type Claim, claimFolder } from "../files/claim.ts";
import { makeFolder } from "../files/folder.ts";
import { KeptUnits } from "../files/kept-units.ts";
import { StopFlag } from "../tissue/stop-flag.ts";
import { WiringError } from "../wiring/contract.ts";

export interface Held {
  readonly units: KeptUnits;
  readonly stop: StopFlag;
}

/**
 * Does the work with the folder in hand, and lets go of it. Throws `ClaimError` where another process has it, `WiringError` where it holds a
 * run that was asked for otherwise.
 */
export async function withFolder<Result>(
  folder: string,
  asked: object,
  {
    signal,
    work,
  }: { readonly signal?: AbortSignal | undefined; readonly work: (held: Held) => Promise<Result> },
): Promise<Result> {
  makeFolder(folder);
  const claim: Claim = claimFolder(folder);
  const stop = new StopFlag();
  const onAbort = () => stop.stop();
  signal?.addEventListener("abort", onAbort, { once: true });
  const otherwise = () =>
    new WiringError(`${folder}: holds a run that was asked for otherwise; choose another folder with --out`);
  try {
    const units = new KeptUnits(folder, { config: JSON.stringify(asked), otherwise }, signal);
    return await work({ units, stop });
  } finally {
    signal?.removeEventListener("abort", onAbort);
    claim.release();
  }
}
