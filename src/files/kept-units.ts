/** A run's folder, unit by unit: what was done is read back, so that the same command goes on where it was stopped. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./folder.ts";
import { writeWhole } from "./whole.ts";

export interface Asked {
  /** Of the run: its config.json, to the byte. */
  readonly config: string;
  /** The error where the folder holds a run that was asked for otherwise. */
  otherwise(): Error;
}

export class KeptUnits {
  /** Throws `otherwise()`. */
  constructor(
    private readonly folder: string,
    { config, otherwise }: Asked,
    private readonly signal?: AbortSignal,
  ) {
    makeFolder(join(folder, "units"));
    const path = join(folder, "config.json");
    if (!existsSync(path)) writeWhole(path, config);
    else if (readFileSync(path, "utf8") !== config) throw otherwise();
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
      signal?.throwIfAborted(); // the gate refuses stimulation once it is stopped
      throw error;
    }
    signal?.throwIfAborted();
    writeWhole(path, JSON.stringify(result));
    return result;
  }
}
