/**
 * Population GLM: the log rate of every channel at every horizon is linear in moving averages of its own past and of all
 * channels' (inputs.ts): one Poisson regression each (Truccolo et al. 2005, https://doi.org/10.1152/jn.00697.2004), fitted
 * to convergence, with a ridge for each horizon that is chosen by cross-validation (ridge.ts).
 *
 * Legend: N windows, F future bins, C channels, G horizons, O = C * G regressions, K own and S shared inputs, P = 1 + S + K.
 */
import type { ComputeDevice } from "../../../compute/index.ts";
import { ForecastScoreError } from "../../scores/error.ts";
import { horizonsOf } from "../../windows/forecast-shape.ts";
import {
  binsOf,
  type CountSequences,
  type Forecaster,
  type ForecastWindow,
} from "../../windows/forecaster.ts";
import { glmData, type Horizon, mostCounts } from "./data.ts";
import type { GlmInputMaker, GlmStandard } from "./inputs.ts";
import { glmLikelihood } from "./likelihood.ts";
import { chooseRidges, fitRegressions } from "./ridge.ts";

export interface GlmOptions {
  /** Future bins that share coefficients, from the second such patch on. Default 5. */
  readonly patchBins?: number;
  /** Ridges to choose from, in units of the information of one spike, strongest first. */
  readonly ridges?: readonly number[];
  readonly device?: ComputeDevice;
  readonly threads?: number;
}

const RIDGES = [3e4, 3e3, 300, 30, 3];
/** Windows at most. */
const WINDOWS = 12_000;
const FOLDS = 3;
/** Expected counts per bin that no forecast goes below. */
const LEAST = 1e-5;

/** Fitted on both parts. Throws `ForecastScoreError` where they hold no window. */
export async function fitGlm(
  train: CountSequences,
  validation: CountSequences,
  window: ForecastWindow,
  { patchBins = 5, ridges = RIDGES, device = "cpu", threads = 1 }: GlmOptions = {},
): Promise<Forecaster> {
  const both = { ...train, sequences: [...train.sequences, ...validation.sequences] };
  const { historyBins: H, futureBins: F, channels: C } = window;
  const horizons = horizonsOf(window, patchBins);
  const G = horizons.length;
  const data = glmData(both, window, horizons, Math.max(patchBins, Math.ceil(binsOf(both) / WINDOWS)));
  if (!data)
    throw new ForecastScoreError(
      `glm: expected a stretch of ${((H + F) * train.binSeconds).toFixed(1)} s to train on, got none as long; give a longer recording`,
    );
  const { maker, standard, offset, position } = data;
  const P = 1 + maker.counts.shared + maker.counts.own;
  const likelihood = await glmLikelihood(data, { channels: C, horizons: G }, { device, threads });
  try {
    const size = { coefficients: P, regressions: C * G, horizons: G };
    const chosen = await chooseRidges(likelihood, ridges, { position, span: H + F, count: FOLDS }, size);
    const coefficients = await fitRegressions(likelihood, {
      ridge: Float64Array.from(offset, (_, o) => chosen[o % G]),
      mask: new Float32Array(data.windows).fill(1),
      start: new Float64Array(P * C * G),
    });
    const most = mostCounts(both, patchBins);
    return glmForecaster(window, { maker, standard, horizons, offset, coefficients, most });
  } finally {
    await likelihood.dispose();
  }
}

interface FittedGlm {
  readonly maker: GlmInputMaker;
  readonly standard: GlmStandard;
  readonly horizons: readonly Horizon[];
  /** `[O]` */
  readonly offset: Float32Array;
  /** `[P, O]` */
  readonly coefficients: Float64Array;
  /** `[C]` expected counts per bin that no forecast goes beyond. */
  readonly most: Float64Array;
}

function glmForecaster(window: ForecastWindow, glm: FittedGlm): Forecaster {
  const { maker, standard, horizons, offset, coefficients, most } = glm;
  const { futureBins: F, channels: C } = window;
  const { own: K, shared: S } = maker.counts;
  const [G, O] = [horizons.length, offset.length];
  return {
    name: "glm",
    window,
    async forecast(batch) {
      const { own, shared } = standard.apply(maker.of(batch));
      const rates = new Float32Array(batch.size * F * C);
      const eta = new Float64Array(O);
      for (let n = 0; n < batch.size; n++) {
        for (let o = 0; o < O; o++) eta[o] = offset[o] + coefficients[o];
        for (let i = 0; i < S; i++) {
          const [input, at] = [shared[n * S + i], (1 + i) * O];
          for (let o = 0; o < O; o++) eta[o] += input * coefficients[at + o];
        }
        for (let k = 0; k < K; k++)
          for (let o = 0; o < O; o++)
            eta[o] += own[(Math.floor(o / G) * batch.size + n) * K + k] * coefficients[(1 + S + k) * O + o];
        horizons.forEach(([from, to], g) => {
          for (let c = 0; c < C; c++) {
            const rate = Math.max(LEAST, Math.min(most[c], Math.exp(eta[c * G + g]) / (to - from)));
            for (let f = from; f < to; f++) rates[(n * F + f) * C + c] = rate;
          }
        });
      }
      return { samples: 1, rates };
    },
    async dispose() {},
  };
}
