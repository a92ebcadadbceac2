/** The folder of a lesson's run. */
import { KeptUnits } from "../files/kept-units.ts";
import { WiringError } from "../wiring/contract.ts";

/** Throws `WiringError` where it holds a run that was asked for otherwise. */
export function keptUnits(folder: string, asked: object, signal?: AbortSignal): KeptUnits {
  const otherwise = () =>
    new WiringError(`${folder}: holds a run that was asked for otherwise; choose another folder with --out`);
  return new KeptUnits(folder, { config: JSON.stringify(asked), otherwise }, signal);
}
