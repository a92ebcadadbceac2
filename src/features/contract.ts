/** What a dictionary of features is to the rest of wetgrad, and how one is learned. */
import type { EmSettings } from "./em/settings.ts";
import type { SaeSettings } from "./sae/settings.ts";
import type { Transform } from "./transform.ts";

/** All ways to find a dictionary. */
export const METHODS = [
  "em",
  "batchtopk",
  "matryoshka",
  "jumprelu",
  "frozen",
  "ica",
  "nmf",
  "pca",
  "kmeans",
  "windows",
] as const;
/** How a dictionary was found. `frozen` (decoder at random) and `windows` (random windows of the data) are controls. */
export type Method = (typeof METHODS)[number];

/** Features are the rows of non-negative factors; codes come by inference (em/coder.ts). Codes are in spikes. */
export interface PoissonWeights {
  readonly kind: "poisson";
  /** `[K, D]`, rows that sum to 1; `[D]` */
  readonly dictionary: Float32Array;
  readonly background: Float32Array;
  readonly threshold: number;
  readonly rounds: number;
}

/**
 * h = t(x) We + be; `jump`: codes are max(0, h) where h > threshold; `largest`: the greatest h has code 1.
 * Decoder rows are what a code of 1 adds to t(x).
 */
export interface LinearWeights {
  readonly kind: "linear";
  readonly transform: Transform;
  readonly activation: "jump" | "largest";
  /** `[K, D]` both; `[K]`, `[D]`, `[K]` */
  readonly encoder: Float32Array;
  readonly decoder: Float32Array;
  readonly encoderBias: Float32Array;
  readonly decoderBias: Float32Array;
  readonly thresholds: Float32Array;
}

export type Weights = PoissonWeights | LinearWeights;

export interface Dictionary {
  readonly method: Method;
  /** K and D. */
  readonly features: number;
  readonly width: number;
  /** What each feature adds to a window of counts, up to a factor; `[K, D]`. */
  readonly directions: Float32Array;
  readonly weights: Weights;
  /** Codes of the windows `rows [N, D]`, `[N, K]`; 0 where a feature is not there. */
  encode(rows: Float32Array): Float32Array;
  /** The same without what cuts small codes off (for thresholds of one's own); `[N, K]`. */
  encodeSoftly(rows: Float32Array): Float32Array;
}

/** How a dictionary is to be learned. `settings` of the family that the method belongs to; the rest by default. */
export interface FitOptions {
  readonly method: Method;
  /** K */
  readonly features: number;
  readonly seed: number;
  readonly em?: Partial<EmSettings>;
  readonly nmf?: Partial<EmSettings>;
  readonly sae?: Partial<SaeSettings>;
}

/** Learning that can stop between any two steps and go on from its state, to the bit. */
export interface Learner {
  readonly done: number;
  readonly total: number;
  advance(): void;
  state(): LearnerState;
  resume(state: LearnerState): void;
  /** What has been learned so far. */
  dictionary(): Dictionary;
}

export interface LearnerState {
  /** Whole numbers below 2^32 by name, among them the step and the random stream. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}
