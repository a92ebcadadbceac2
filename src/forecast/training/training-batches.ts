/** Training batches of the forecasting emulator: random windows of random sequences, made from seeded noise. */
import { type Noise, type Tensor, tensor } from "../../compute/index.ts";
import { ForecastScoreError } from "../scores/error.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import type { CountSequences } from "../windows/forecaster.ts";
import type { AutoencoderBatch, DynamicsBatch } from "./forecast-losses.ts";

export const BATCH = 32;

export function windowBins({ contextPatches, futurePatches, patchBins }: ForecastShape): number {
  return (contextPatches + futurePatches) * patchBins;
}

/** Sequences long enough for one window. Throws `ForecastScoreError` if there is none. */
export function usableSequences(data: CountSequences, shape: ForecastShape): Uint8Array[] {
  const length = windowBins(shape) * data.channels;
  const usable = data.sequences.filter((counts) => counts.length >= length);
  if (usable.length === 0)
    throw new ForecastScoreError(
      `emulator: expected at least one stretch of ${(windowBins(shape) * data.binSeconds).toFixed(1)} s to train on, the longest is ${(
        (Math.max(0, ...data.sequences.map((counts) => counts.length)) / data.channels) * data.binSeconds
      ).toFixed(1)} s; give a longer recording`,
    );
  return usable;
}

/** `[BATCH, T * B, C]`: every start of every sequence is equally likely. */
function randomWindows(sequences: readonly Uint8Array[], shape: ForecastShape, noise: Noise): Float32Array {
  const { channels } = shape;
  const length = windowBins(shape);
  const starts = sequences.map((counts) => counts.length / channels - length + 1);
  const total = starts.reduce((sum, count) => sum + count, 0);
  const draws = noise.integers([BATCH], total).data;
  const out = new Float32Array(BATCH * length * channels);
  for (let n = 0; n < BATCH; n++) {
    let start = draws[n];
    let s = 0;
    while (start >= starts[s]) start -= starts[s++];
    out.set(sequences[s].subarray(start * channels, (start + length) * channels), n * length * channels);
  }
  return out;
}

/** `drop` is the share of entries hidden from the encoder. */
export function autoencoderBatch(
  sequences: readonly Uint8Array[],
  shape: ForecastShape,
  noise: Noise,
  drop: number,
): AutoencoderBatch<Tensor> {
  const { channels, latents, contextPatches, futurePatches } = shape;
  const dimensions = [BATCH, windowBins(shape), channels];
  const counts = randomWindows(sequences, shape, noise);
  const input = counts.slice();
  if (drop > 0) {
    const keep = noise.uniforms(dimensions).data;
    for (let i = 0; i < input.length; i++) input[i] = keep[i] < drop ? 0 : input[i] / (1 - drop) ** 2;
  }
  return {
    input: tensor(dimensions, input),
    counts: tensor(dimensions, counts),
    noise: noise.normals([BATCH, contextPatches + futurePatches, latents]),
  };
}

export function dynamicsBatch(
  sequences: readonly Uint8Array[],
  shape: ForecastShape,
  noise: Noise,
): DynamicsBatch<Tensor> {
  const { channels, latents, contextPatches, futurePatches } = shape;
  const T = contextPatches + futurePatches;
  const counts = randomWindows(sequences, shape, noise);
  // What follows a random patch of the window is dreamed; in half of the windows nothing is.
  const firstDream = noise.integers([BATCH], 2 * T).data;
  const dreamed = Float32Array.from({ length: BATCH * T }, (_, i) =>
    i % T > firstDream[Math.floor(i / T)] ? 1 : 0,
  );
  return {
    counts: tensor([BATCH, windowBins(shape), channels], counts),
    dreamed: tensor([BATCH, T, 1], dreamed),
    noise: noise.normals([BATCH, T, latents]),
    flowNoise: noise.normals([BATCH * (T - 1), latents]),
    time: noise.uniforms([BATCH * (T - 1), 1]),
  };
}
