/** Mean and spread of the latents (drawn from their posteriors) over a set of sequences: what the dynamics are normalised by. */
import { type CompileOptions, compile, type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { columnMoments, concatenateRows } from "../../math/rows.ts";
import type { Normaliser } from "../model/parameters.ts";
import { encodeFeatures, type ForecastAutoencoder, posterior } from "../model/patch-autoencoder.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";
import { windowBins } from "./training-batches.ts";

const WINDOWS = 400;

/** From at most 400 windows, evenly spread over the sequences. */
export async function latentMoments(
  autoencoder: ForecastAutoencoder<Tensor>,
  sequences: readonly Uint8Array[],
  shape: ForecastShape,
  compute: CompileOptions,
): Promise<Normaliser<Tensor>> {
  const { channels, latents } = shape;
  const length = windowBins(shape) * channels;
  const program = await compile(
    (p: ForecastAutoencoder<JaxArray>, counts: JaxArray) => {
      const { mean, logVariance } = posterior(p, encodeFeatures(p, counts, shape).features);
      return { mean, variance: np.exp(logVariance) };
    },
    [autoencoder, zeros([1, windowBins(shape), channels])],
    compute,
  );
  const windows = sequences.flatMap((counts) =>
    Array.from({ length: Math.floor(counts.length / length) }, (_, i) =>
      counts.subarray(i * length, (i + 1) * length),
    ),
  );
  const every = Math.ceil(windows.length / WINDOWS);
  const means: Float32Array[] = [];
  const variances: Float32Array[] = [];
  try {
    for (let i = 0; i < windows.length; i += every) {
      const counts = tensor([1, windowBins(shape), channels], Float32Array.from(windows[i]));
      const { mean, variance } = await program.run(autoencoder, counts);
      means.push(mean.data as Float32Array);
      variances.push(variance.data as Float32Array);
    }
  } finally {
    await program.dispose();
  }
  const { mean, deviation } = columnMoments(concatenateRows(means), latents);
  const within = columnMoments(concatenateRows(variances), latents).mean;
  const total = deviation.map((between, z) => Math.sqrt(between ** 2 + within[z]));
  return { mean: tensor([latents], mean), deviation: tensor([latents], total) };
}
