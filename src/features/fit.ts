/** Learning a dictionary by any method, from a state that is kept or from the beginning. */
import { Random } from "../math/random.ts";
import { independentComponents, principalComponents } from "./baselines/components.ts";
import { clusterCentres, randomWindows } from "./baselines/examples.ts";
import { learnedAtOnce } from "./baselines/once.ts";
import type { Dictionary, FitOptions, Learner } from "./contract.ts";
import { EmLearner } from "./em/learner.ts";
import { EM_SETTINGS, NMF_SETTINGS } from "./em/settings.ts";
import type { KeptState } from "./folder/kept-state.ts";
import { SaeLearner } from "./sae/learner.ts";
import { SAE_SETTINGS } from "./sae/settings.ts";
import { checkWindows, type Windows } from "./windows/windows.ts";

/** What learns by `options` from `windows`. Throws `FeatureError` where these cannot be learned from. */
export function learnerFor(windows: Windows, options: FitOptions): Learner {
  const { method, features, seed } = options;
  const sae = { ...SAE_SETTINGS, ...options.sae };
  checkWindows(windows, features, sae.transform === "none" && method !== "em" && method !== "nmf");
  const random = Random.of(seed, "features", method);
  const { transform, k } = sae;
  switch (method) {
    case "em":
      return new EmLearner(method, windows, features, { ...EM_SETTINGS, ...options.em, seed });
    case "nmf":
      return new EmLearner(method, windows, features, { ...NMF_SETTINGS, ...options.nmf, seed });
    case "ica":
      return learnedAtOnce(() => independentComponents(windows, { most: features, transform, random }));
    case "pca":
      return learnedAtOnce(() => principalComponents(windows, { most: features, transform, random }));
    case "kmeans":
      return learnedAtOnce(() => clusterCentres(windows, { features, transform, random, k }));
    case "windows":
      return learnedAtOnce(() => randomWindows(windows, { features, transform, random, k }));
    default:
      return new SaeLearner(method, windows, features, { ...sae, seed });
  }
}

export interface FitWatch {
  /** Where the state is kept between times: the same call goes on from there. */
  readonly kept?: KeptState;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Steps between two times that the state is kept. */
const KEEP_EVERY = 50;

/** Learns to the end. Lets other things happen between steps. */
export async function fitDictionary(
  windows: Windows,
  options: FitOptions,
  { kept, onProgress, signal }: FitWatch = {},
): Promise<Dictionary> {
  const learner = learnerFor(windows, options);
  const state = kept?.load();
  if (state) learner.resume(state);
  while (learner.done < learner.total) {
    signal?.throwIfAborted();
    learner.advance();
    onProgress?.(learner.done, learner.total);
    if (learner.done % KEEP_EVERY === 0) {
      kept?.save(learner.state());
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return learner.dictionary();
}
