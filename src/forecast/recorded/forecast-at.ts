/** The forecast after one moment of a recording: expected counts, and intervals of the population count per patch. */
import { Noise } from "../../compute/index.ts";
import { following, headAt } from "../rollout/following.ts";
import { type ForecastEmulator, openForecastEmulator } from "../rollout/forecast-emulator.ts";
import { ForecastModelError, type SavedForecastEmulator } from "../training/saved-emulator.ts";
import { cutWindows } from "../windows/cut-windows.ts";
import { forecastWindow } from "../windows/forecast-shape.ts";
import { binsOf, type CountSequences } from "../windows/forecaster.ts";

const SAMPLES = 200;
/** Of the windows before the moment, by which the width of its intervals is set. */
const LOOK_BACK_SAMPLES = 32;

export interface MomentForecast {
  /** The moment, at the end of a bin. */
  readonly atSeconds: number;
  readonly binSeconds: number;
  /** Of the spikes of all channels in each patch. */
  readonly patches: readonly {
    readonly fromSeconds: number;
    readonly expectedSpikes: number;
    readonly interval50: readonly [low: number, high: number];
    readonly interval90: readonly [low: number, high: number];
  }[];
  /** `[F][C]` expected counts. */
  readonly expected: readonly (readonly number[])[];
}

/**
 * After `atSeconds` (default: the end) of the counts, whose sequences are taken as lying one after another; the past is that
 * of the moment's own sequence. Throws `ForecastModelError` where the recording does not
 * hold as much before that moment as the emulator looks back.
 */
export async function forecastAt(
  { parameters, shape, blend }: SavedForecastEmulator,
  counts: CountSequences,
  { atSeconds, seed }: { readonly atSeconds?: number; readonly seed: number },
): Promise<MomentForecast> {
  const window = forecastWindow(shape);
  const { historyBins: H, futureBins: F, channels: C } = window;
  const { binSeconds } = counts;
  const at = atSeconds ?? binsOf(counts) * binSeconds;
  const bin = Math.floor(at / binSeconds + 1e-9);
  const { sequence, first } = sequenceAt(counts, bin);
  const total = sequence.length / C;
  const [earliest, latest] = [(first + H) * binSeconds, (first + total) * binSeconds];
  const origin = bin - first;
  if (origin < H || origin > total)
    throw new ForecastModelError(
      `moment ${at} s: expected a moment from ${earliest.toFixed(2)} to ${latest.toFixed(2)} s (the emulator looks ${earliest.toFixed(2)} s back); name another`,
    );
  // The future may lie beyond the recording: windows are cut from counts with room for it.
  const padded = new Uint8Array((total + F) * C);
  padded.set(sequence);
  const known = { ...counts, sequences: [padded] };
  const moment = [0, origin] as const;
  const history = await using(
    openForecastEmulator(parameters, shape, { samples: LOOK_BACK_SAMPLES, blend }),
    (rates) =>
      headAt(following(rates, parameters.history, shape.futurePatches), parameters.history, known, moment),
  );
  const options = { samples: SAMPLES, blend, spikeHistory: true };
  const { rates, counts: drawn } = await using(
    openForecastEmulator({ ...parameters, history }, shape, options),
    (emulator) => emulator.forecast(cutWindows(known, [moment], window), Noise.of(seed, "forecast")),
  );
  const expected = new Float64Array(F * C);
  rates.forEach((rate, i) => {
    expected[i % (F * C)] += rate / SAMPLES;
  });
  const B = shape.patchBins;
  const patches = Array.from({ length: F / B }, (_, p) => {
    const population = Array.from({ length: SAMPLES }, (_, s) =>
      sum(drawn!.subarray((s * F + p * B) * C, (s * F + (p + 1) * B) * C)),
    ).sort((a, b) => a - b);
    const quantile = (q: number) => population[Math.min(SAMPLES - 1, Math.floor(q * SAMPLES))];
    return {
      fromSeconds: (first + origin + p * B) * binSeconds,
      expectedSpikes: sum(expected.subarray(p * B * C, (p + 1) * B * C)),
      interval50: [quantile(0.25), quantile(0.75)] as const,
      interval90: [quantile(0.05), quantile(0.95)] as const,
    };
  });
  return {
    atSeconds: (first + origin) * binSeconds,
    binSeconds,
    patches,
    expected: Array.from({ length: F }, (_, f) => [...expected.subarray(f * C, (f + 1) * C)]),
  };
}

/** What is made of an emulator, which is then disposed of. */
async function using<Out>(
  emulator: ForecastEmulator,
  make: (emulator: ForecastEmulator) => Promise<Out>,
): Promise<Out> {
  try {
    return await make(emulator);
  } finally {
    await emulator.dispose();
  }
}

function sum(values: Float32Array | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The sequence that holds the bin (or ends with it), and the bins before it. */
function sequenceAt({ sequences, channels }: CountSequences, bin: number) {
  let first = 0;
  for (const sequence of sequences.slice(0, -1)) {
    const length = sequence.length / channels;
    if (bin <= first + length) return { sequence, first };
    first += length;
  }
  return { sequence: sequences.at(-1)!, first };
}
