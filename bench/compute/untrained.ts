/**
 * The default forecasting emulator with all its heads, as drawn and then stirred: no tensor is left at one value, which a
 * program with the weights inside would not have to compute with. A step of it costs what a trained one's does.
 */
import { full, mapTensors, zeros } from "../../src/compute/index.ts";
import type { Blend } from "../../src/forecast/heads/blend.ts";
import { fitChannelPast } from "../../src/forecast/heads/channel-past.ts";
import { HISTORY_BINS } from "../../src/forecast/heads/spike-history.ts";
import { initForecastDynamics } from "../../src/forecast/model/latent-dynamics.ts";
import type { ForecastParameters } from "../../src/forecast/model/parameters.ts";
import { initForecastAutoencoder } from "../../src/forecast/model/patch-autoencoder.ts";
import { defaultShape, type ForecastShape } from "../../src/forecast/windows/forecast-shape.ts";
import { SLOW_BINS } from "../../src/forecast/windows/slow-means.ts";
import { Random } from "../../src/math/random.ts";
import { initGru, joinGrus } from "../../src/networks/recurrent.ts";

const LOG_RATE = -2;
const RECURRENT_NETWORKS = 2;
const RECURRENT_WIDTH = 128;
/** Just long enough to fit the channel-past head on. */
const BINS = 300;

export interface UntrainedEmulator {
  readonly parameters: ForecastParameters;
  readonly shape: ForecastShape;
  readonly blend: Blend;
  /** `[T, C]` sparse counts. */
  readonly counts: Uint8Array;
}

export function untrainedEmulator(seed: number, channels: number): UntrainedEmulator {
  const shape = defaultShape(channels);
  const { patchBins, futurePatches, latents } = shape;
  const random = Random.of(seed, "untrained");
  const logRates = new Float32Array(channels).fill(LOG_RATE);
  const size = {
    inputs: patchBins * channels + SLOW_BINS.length,
    futureBins: futurePatches * patchBins,
    width: RECURRENT_WIDTH,
  };
  const recurrents = Array.from({ length: RECURRENT_NETWORKS }, (_, k) =>
    initGru(random.split(`recurrent ${k}`), size, logRates),
  );
  const drawn = {
    autoencoder: initForecastAutoencoder(random.split("autoencoder"), shape, logRates),
    dynamics: initForecastDynamics(random.split("dynamics"), shape),
    normaliser: { mean: zeros([latents]), deviation: full([latents], 1) },
    history: { weight: zeros([channels, HISTORY_BINS]), offset: zeros([channels]) },
    recurrent: joinGrus(recurrents),
  };
  const stirring = random.split("stirring");
  const stirred = mapTensors(drawn, ({ shape, data }) => ({
    shape,
    data: Float32Array.from(data, (value) => value + 0.02 * stirring.normal()),
  }));
  const spikes = random.split("spikes");
  const counts = Uint8Array.from({ length: BINS * channels }, () => Number(spikes.uniform() < 0.1));
  const past = fitChannelPast({ binSeconds: 0.02, channels, sequences: [counts] }, shape);
  const each = { direct: 0.3, dreams: 0.1, recurrent: 0.3, past: 0.2, recent: 0, context: 0, offset: 0.05 };
  const blend = Array.from({ length: futurePatches }, () => each);
  return { parameters: { ...stirred, past }, shape, blend, counts };
}
