/** The features of a recording: windows, consensus, and the folder that keeps them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../files/folder.ts";
import { writeWhole } from "../files/whole.ts";
import type { Recording } from "../recording/contract.ts";
import { labelOf } from "../recording/contract.ts";
import { type ConsensusFeature, type ConsensusOptions, findConsensus, onOneElectrode } from "./consensus.ts";
import type { Method } from "./contract.ts";
import { FeatureError } from "./error.ts";
import { saveDictionary } from "./folder/saelens.ts";
import { windowsOfRecording } from "./windows/recording.ts";
import { checkWindows, rowsOf } from "./windows/windows.ts";

export interface RecordingFitOptions
  extends Pick<ConsensusOptions, "seed" | "restarts" | "surrogates" | "signal"> {
  readonly method: Method;
  readonly features: number;
  readonly windowSeconds: number;
  /** Of learning, in place of the usual number. */
  readonly steps?: number;
  readonly onProgress?: ConsensusOptions["onProgress"];
}

/** features.json of a folder: what was fitted to what, and which of it counts. */
export interface FittedFeatures {
  readonly format: 1;
  readonly kind: "wetgrad features";
  readonly recording: string;
  readonly path: string;
  readonly method: Method;
  readonly seed: number;
  readonly windowSeconds: number;
  readonly windows: number;
  readonly channels: readonly {
    readonly name: string;
    readonly xUm: number | null;
    readonly yUm: number | null;
  }[];
  readonly channelIndices: readonly number[];
  readonly restarts: number;
  readonly surrogates: number;
  /** Restarts in which a feature has to be found. */
  readonly least: number;
  readonly kept: number;
  readonly betweenRestarts: number;
  readonly betweenSurrogates: number | null;
  readonly withSurrogates: number | null;
  readonly features: readonly (ConsensusFeature & { readonly onOneElectrode: number })[];
}

const MOST_BATCH = 1000;
const ROWS_FOR_ENCODER = 5000;

/** Fits to `recording`, opened from `path`, and writes the folder. Killed, the same call goes on. */
export async function fitToRecording(
  recording: Recording,
  path: string,
  folder: string,
  options: RecordingFitOptions,
): Promise<FittedFeatures> {
  const { method, features, seed, restarts, surrogates, windowSeconds, steps } = options;
  const windows = windowsOfRecording(recording, { windowSeconds });
  try {
    checkWindows(windows, 2 * features);
    makeFolder(join(folder, "kept"));
    const batch = Math.max(50, Math.min(MOST_BATCH, Math.floor(windows.count / 8)));
    const length = steps === undefined ? {} : { steps };
    const least = Math.ceil(0.8 * restarts);
    const found = await findConsensus(windows, {
      fit: {
        ...{ method, features },
        em: { batch, steps: 400, ...length },
        nmf: { batch, ...length },
        sae: { batch: Math.min(512, batch), k: Math.max(1, features / 12), ...length },
      },
      ...{ seed, restarts, surrogates, least },
      keptPath: (name) => join(folder, "kept", `${name.replace(" ", "-")}.safetensors`),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    saveDictionary(folder, found.dictionary, rowsOf(windows, ROWS_FOR_ENCODER));
    const result: FittedFeatures = {
      ...{ format: 1, kind: "wetgrad features", recording: labelOf(recording), path, method, seed },
      ...{ windowSeconds, windows: windows.count, restarts, surrogates, least },
      channels: windows.channels.map((c) => {
        const { name, xUm = null, yUm = null } = recording.channels[c];
        return { name, xUm, yUm };
      }),
      channelIndices: windows.channels,
      kept: found.features.filter(({ isKept }) => isKept).length,
      betweenRestarts: found.betweenRestarts,
      betweenSurrogates: found.betweenSurrogates,
      withSurrogates: found.withSurrogates,
      features: found.features.map((feature, k) => ({
        ...feature,
        onOneElectrode: onOneElectrode(found.dictionary, k),
      })),
    };
    writeWhole(join(folder, "features.json"), `${JSON.stringify(result, null, 1)}\n`);
    return result;
  } finally {
    windows.close();
  }
}

/** features.json of `folder`. Throws `FeatureError`. */
export function readFitted(folder: string): FittedFeatures {
  const path = join(folder, "features.json");
  if (!existsSync(path))
    throw new FeatureError(
      `${folder}: expected features.json, got none: name a folder that \`wetgrad features fit\` wrote`,
    );
  try {
    const fitted = JSON.parse(readFileSync(path, "utf8")) as FittedFeatures;
    if (fitted.kind === "wetgrad features" && fitted.format === 1) return fitted;
  } catch {
    // told below
  }
  throw new FeatureError(`${path}: expected features of wetgrad (format 1): fit them again`);
}
