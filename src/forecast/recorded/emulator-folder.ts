/** The folder of an emulator: the finished one, or where its interrupted fit stands. Every file is there whole or not at all. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import type { ForecastFitState } from "../training/fit-forecast.ts";
import {
  decodeFitState,
  decodeForecastEmulator,
  encodeFitState,
  encodeForecastEmulator,
  ForecastModelError,
  type SavedForecastEmulator,
} from "../training/saved-emulator.ts";
import { FIT_FILE, MODEL_FILE } from "./emulator-files.ts";

/** The folder's finished emulator. Throws `ForecastModelError` where there is none. */
export function readEmulator(folder: string): SavedForecastEmulator {
  const saved = findEmulator(folder);
  if (saved) return saved;
  throw new ForecastModelError(
    `${folder}: expected a folder with ${MODEL_FILE}, as \`wetgrad emulator fit\` writes; ${existsSync(join(folder, FIT_FILE)) ? "the fit there is not finished: run the same fit again" : "fit one first"}`,
  );
}

/** The same, or nothing where there is none. Throws `ForecastModelError` if its file is another one. */
export function findEmulator(folder: string): SavedForecastEmulator | undefined {
  const path = join(folder, MODEL_FILE);
  return existsSync(path) ? decodeForecastEmulator(readFileSync(path)) : undefined;
}

/** Where an interrupted fit stands, if there is one. */
export function findFitState(folder: string): ForecastFitState | undefined {
  const path = join(folder, FIT_FILE);
  return existsSync(path) ? decodeFitState(readFileSync(path)) : undefined;
}

export function writeFitState(folder: string, state: ForecastFitState): void {
  makeFolder(folder);
  writeWhole(join(folder, FIT_FILE), encodeFitState(state));
}

/** Writes the finished emulator, and removes what there was of its fit. */
export function writeEmulator(folder: string, saved: SavedForecastEmulator): void {
  makeFolder(folder);
  writeWhole(join(folder, MODEL_FILE), encodeForecastEmulator(saved));
  rmSync(join(folder, FIT_FILE), { force: true });
}
