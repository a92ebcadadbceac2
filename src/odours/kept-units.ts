/** A run's folder, unit by unit: what was done is read back, so that the same command goes on where it was stopped. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../files/whole.ts";
import { WiringError } from "../wiring/contract.ts";

export class KeptUnits {
  /** Throws `WiringError` where the folder holds a run that was asked for otherwise. */
  constructor(
    private readonly folder: string,
    asked: unknown,
    private readonly signal?: AbortSignal,
  ) {
    const text = JSON.stringify(asked);
    const marker = join(folder, "config.json");
    mkdirSync(join(folder, "units"), { recursive: true });
    if (!existsSync(marker)) writeWhole(marker, text);
    else if (readFileSync(marker, "utf8") !== text)
      throw new WiringError(
        `${folder}: holds a run that was asked for otherwise; choose another folder with --out`,
      );
  }

  /** What was done before, or is done now and kept. */
  async kept<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const path = join(this.folder, "units", `${key.replaceAll(" ", "_")}.json`);
    if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Result;
    const { signal } = this;
    signal?.throwIfAborted();
    let result: Result;
    try {
      result = await work();
    } catch (error) {
      signal?.throwIfAborted(); // the gate refuses light once it is stopped
      throw error;
    }
    signal?.throwIfAborted();
    writeWhole(path, JSON.stringify(result));
    return result;
  }
}
