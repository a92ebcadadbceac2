/** Features of what fires now, by the linear encoder of a saved dictionary: plain arithmetic, for a page as for Node. */
import { decodeRawTensors } from "../files/raw-safetensors.ts";
import { FeatureError } from "./error.ts";
import { type Transform, transformInPlace } from "./transform.ts";

export interface LiveFeatures {
  /** K */
  readonly features: number;
  /** Names of the channels that are its columns. */
  readonly channels: readonly string[];
  readonly windowSeconds: number;
  readonly isKept: readonly boolean[];
  /** Codes `[K]` of one window of counts by column. */
  encode(counts: Float32Array): Float32Array;
}

/** From the bytes of sae_weights.safetensors and the text of features.json. Throws `FeatureError`. */
export function liveFeatures(weights: Uint8Array, json: string): LiveFeatures {
  const fitted = parsed(json);
  const { tensors } = decodeRawTensors(weights);
  const dataOf = (name: string) => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof Float32Array))
      throw new FeatureError(`sae_weights.safetensors: expected a tensor ${name} of float32, got none`);
    return data;
  };
  const [encoder, bias, thresholds] = ["W_enc", "b_enc", "threshold"].map(dataOf);
  const K = bias.length;
  const { channels, windowSeconds, features, method } = fitted;
  const D = channels.length;
  if (encoder.length !== K * D || features.length !== K)
    throw new FeatureError(
      `expected weights and features.json of one folder, got ${K} features of ${encoder.length / K} columns and ${features.length} of ${D}`,
    );
  // What is inferred has a linear encoder of counts; autoencoders and the like read their roots.
  const transform: Transform = method === "em" || method === "nmf" ? "none" : "root";
  return {
    ...{ features: K, windowSeconds, channels: channels.map(({ name }) => name) },
    isKept: features.map(({ isKept }) => isKept),
    encode(counts) {
      const x = counts.slice();
      transformInPlace(x, transform);
      const out = Float32Array.from(bias);
      for (let d = 0; d < D; d++)
        if (x[d] !== 0) for (let k = 0; k < K; k++) out[k] += x[d] * encoder[d * K + k];
      for (let k = 0; k < K; k++) if (!(out[k] > thresholds[k] && out[k] > 0)) out[k] = 0;
      return out;
    },
  };
}

interface Fitted {
  readonly kind: string;
  readonly method: string;
  readonly windowSeconds: number;
  readonly channels: readonly { readonly name: string }[];
  readonly features: readonly { readonly isKept: boolean }[];
}

function parsed(json: string): Fitted {
  try {
    const fitted = JSON.parse(json) as Fitted;
    if (fitted.kind === "wetgrad features") return fitted;
  } catch {
    // told below
  }
  throw new FeatureError("features.json: expected what `wetgrad features fit` wrote, got something else");
}

/**
 * For each column the electrode's channel: by the last number in its name where all names end in one of the run's channels, else in order.
 */
export function channelsOfColumns(names: readonly string[], channels: readonly number[]): number[] {
  const known = new Set(channels);
  const numbers = names.map((name) => Number(/(\d+)\D*$/.exec(name)?.[1] ?? Number.NaN));
  const fits = numbers.every((n) => known.has(n)) && new Set(numbers).size === names.length;
  return fits ? numbers : names.map((_, d) => channels[d] ?? -1);
}
