/** The forecasting emulator, finished or half trained, as safetensors files. */
import { z } from "zod";
import {
  decodeSafetensors,
  encodeSafetensors,
  flattenTensors,
  leafPaths,
  type Tensor,
} from "../../compute/index.ts";
import { Random } from "../../math/random.ts";
import type { Blend } from "../heads/blend.ts";
import { HISTORY_BINS } from "../heads/spike-history.ts";
import { initForecastDynamics } from "../model/latent-dynamics.ts";
import type { ForecastParameters } from "../model/parameters.ts";
import { initForecastAutoencoder } from "../model/patch-autoencoder.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { ForecastFitState } from "./fit-forecast.ts";

const count = z.int().positive();
const weight = z.number();
const SHAPE = z.object({
  channels: count,
  patchBins: count,
  contextPatches: count,
  futurePatches: count,
  latents: count,
  factors: count,
  width: count,
  heads: count,
  blocks: count,
  decoderWidth: count,
  flowWidth: count,
});
const ABOUT = z.object({
  kind: z.literal("wetgrad forecast emulator"),
  shape: SHAPE,
  binSeconds: z.number().positive(),
  channelNames: z.array(z.string()),
  steps: z.int().nonnegative(),
  blend: z.array(
    z.object({
      direct: weight,
      dreams: weight,
      recurrent: weight,
      past: weight,
      recent: weight,
      context: weight,
      offset: weight,
    }),
  ),
});
const STATE = z.object({
  kind: z.literal("wetgrad forecast fit"),
  stage: z.enum(["autoencoder", "dynamics"]),
  schedule: z.object({ steps: z.int(), seconds: z.number(), finished: z.boolean() }),
  noise: z.object({ key: z.tuple([z.number(), z.number()]), draws: z.number() }),
});

/** What a fit adds when it ends: emulators saved before that have none. */
const FROM_FINISHING = ["history.spread", "history.width"];

/** A file that is not what it should be: one line. */
export class ForecastModelError extends Error {
  override readonly name = "ForecastModelError";
}

export interface SavedForecastEmulator {
  readonly shape: ForecastShape;
  readonly parameters: ForecastParameters;
  readonly binSeconds: number;
  /** Names of the recording's channels, in the emulator's order. */
  readonly channelNames: readonly string[];
  /** Training steps taken. */
  readonly steps: number;
  readonly blend: Blend;
}

export function encodeForecastEmulator({ parameters, ...about }: SavedForecastEmulator): Uint8Array {
  const text = JSON.stringify({ kind: "wetgrad forecast emulator", ...about });
  return encodeSafetensors(parameters, { wetgrad: text });
}

/** Throws `ForecastModelError` if the bytes are no such file, or its tensors do not fit its shape. */
export function decodeForecastEmulator(bytes: Uint8Array): SavedForecastEmulator {
  const { tree, about } = decode(bytes, ABOUT);
  const { kind: _, ...rest } = about;
  const expected = flattenTensors(exampleParameters(rest.shape));
  const got = flattenTensors(tree);
  const [paths, gotPaths] = [leafPaths(expected.shape), leafPaths(got.shape)];
  expected.leaves.forEach((leaf, i) => {
    const found = got.leaves[gotPaths.indexOf(paths[i])];
    if (found === undefined && FROM_FINISHING.includes(paths[i])) return;
    if (found === undefined || `${found.shape}` !== `${leaf.shape}`)
      throw new ForecastModelError(
        `emulator file: expected tensor ${paths[i]} of shape [${leaf.shape}], got ${found ? `[${found.shape}]` : "none"}; fit the emulator again`,
      );
  });
  return { ...rest, parameters: tree as unknown as ForecastParameters };
}

export function encodeFitState(state: ForecastFitState): Uint8Array {
  const { training, autoencoder, ...about } = state;
  const text = JSON.stringify({ kind: "wetgrad forecast fit", ...about });
  return encodeSafetensors({ training, ...(autoencoder ? { autoencoder } : {}) }, { wetgrad: text });
}

export function decodeFitState(bytes: Uint8Array): ForecastFitState {
  const { tree, about } = decode(bytes, STATE);
  const { kind: _, ...rest } = about;
  return { ...rest, ...(tree as unknown as Pick<ForecastFitState, "training" | "autoencoder">) };
}

function decode<Schema extends z.ZodType>(bytes: Uint8Array, schema: Schema) {
  let file: ReturnType<typeof decodeSafetensors>;
  let about: unknown;
  try {
    file = decodeSafetensors(bytes);
    about = JSON.parse(file.metadata["wetgrad"] ?? "null");
  } catch (error) {
    throw new ForecastModelError(`emulator file: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(about);
  if (!parsed.success)
    throw new ForecastModelError(
      "emulator file: expected a file written by `wetgrad emulator fit`, got another safetensors file; name the folder that the fit wrote",
    );
  return { tree: file.tensors, about: parsed.data };
}

function exampleParameters(shape: ForecastShape): ForecastParameters {
  const random = Random.of(0);
  const zeros = (...dimensions: number[]): Tensor => ({
    shape: dimensions,
    data: new Float32Array(dimensions.reduce((a, b) => a * b, 1)),
  });
  return {
    autoencoder: initForecastAutoencoder(random, shape, new Float32Array(shape.channels)),
    dynamics: initForecastDynamics(random, shape),
    normaliser: { mean: zeros(shape.latents), deviation: zeros(shape.latents) },
    history: {
      weight: zeros(shape.channels, HISTORY_BINS),
      offset: zeros(shape.channels),
      spread: zeros(shape.futurePatches),
      width: zeros(2, shape.futurePatches),
    },
  };
}
