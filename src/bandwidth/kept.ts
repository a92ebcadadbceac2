/** What is known of each seed, kept in a folder while the others are measured: the same command goes on from there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../files/folder.ts";
import { writeWhole } from "../files/whole.ts";
import type { Decoded } from "./decode.ts";

/** One seed through one modality. */
export interface Measured extends Decoded {
  readonly shuffledTaskBits: number;
  readonly shuffledLatentBits: number;
}

/** Of one seed, in the order of the modalities. */
export interface KeptSeeds {
  get(seed: number): readonly Measured[] | undefined;
  set(seed: number, measured: readonly Measured[]): void;
}

/** Kept in `folder`/seeds; those measured with other `settings` are measured again. */
export function keptIn(folder: string, settings: object): KeptSeeds {
  const wanted = JSON.stringify(settings);
  const pathOf = (seed: number) => join(folder, "seeds", `${seed}.json`);
  return {
    get(seed) {
      if (!existsSync(pathOf(seed))) return undefined;
      try {
        const kept = JSON.parse(readFileSync(pathOf(seed), "utf8")) as {
          settings: object;
          measured: Measured[];
        };
        return JSON.stringify(kept.settings) === wanted ? kept.measured : undefined;
      } catch {
        return undefined; // damaged: measured again
      }
    },
    set(seed, measured) {
      makeFolder(join(folder, "seeds"));
      writeWhole(pathOf(seed), JSON.stringify({ settings, measured }));
    },
  };
}
