/**
 * The forecasting emulator as plain ONNX models, with its parameters inside.
 *
 * Legend: N windows, S samples, L context patches, F future patches, B bins per patch, C channels, Z latents.
 */
import { type PlainModel, plainModel, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { neuralBlend } from "../heads/blend.ts";
import { type FittedNetworks, normalise } from "../model/parameters.ts";
import { encodeFeatures, posterior } from "../model/patch-autoencoder.ts";
import { SLOW_BINS } from "../windows/slow-means.ts";
import { forecastRates, type Networks } from "./forecast-rates.ts";

export interface ForecastExportOptions {
  /** N */
  readonly batch: number;
  /** S */
  readonly samples: number;
}

/** By name, what of a forecasting emulator can be exported. */
export const FORECAST_MODELS: Readonly<
  Record<string, (fitted: FittedNetworks, options: ForecastExportOptions) => PlainModel>
> = {
  /**
   * What the networks forecast by themselves, nothing blended in:
   * counts `[N, L * B, C]`, noise `[N * S, F, Z]` standard normal -> rates `[N, S, F * B, C]`, latents `[N, L, Z]`.
   */
  forecast({ parameters, shape }, { batch: N, samples: S }) {
    const { autoencoder, dynamics, normaliser } = parameters;
    const { contextPatches, futurePatches, patchBins, channels, latents } = shape;
    type Inputs = { counts: JaxArray; noise: JaxArray };
    return plainModel(
      (p: Networks<JaxArray>, { counts, noise }: Inputs) =>
        forecastRates(
          p,
          {
            counts,
            slow: np.zeros([N, contextPatches, SLOW_BINS.length]),
            plain: np.zeros([N, futurePatches * patchBins, channels]),
            noise,
          },
          shape,
          { flowSteps: 2, blend: neuralBlend(futurePatches) },
        ),
      { autoencoder, dynamics, normaliser },
      {
        counts: zeros([N, contextPatches * patchBins, channels]),
        noise: zeros([N * S, futurePatches, latents]),
      },
    );
  },

  /** counts `[N, L * B, C]` -> latents `[N, L, Z]`. */
  encode({ parameters, shape }, { batch: N }) {
    const { autoencoder, normaliser } = parameters;
    return plainModel(
      (p: Pick<Networks<JaxArray>, "autoencoder" | "normaliser">, { counts }: { counts: JaxArray }) => {
        const { features } = encodeFeatures(p.autoencoder, counts, shape);
        return { latents: normalise(p.normaliser, posterior(p.autoencoder, features).mean) };
      },
      { autoencoder, normaliser },
      { counts: zeros([N, shape.contextPatches * shape.patchBins, shape.channels]) },
    );
  },
};
