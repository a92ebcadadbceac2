/**
 * What online learning recovers of a drift: an emulator fitted on the first day is applied to a later one, frozen, adapted
 * online by each kind of adapter, and refitted; all are scored on the last fifth of that day.
 */
import type { ComputeDevice } from "../../compute/index.ts";
import { meanRates } from "../baselines/smoothed.ts";
import { blendOf } from "../heads/blend.ts";
import type { FittedNetworks, ForecastParameters } from "../model/parameters.ts";
import { splitInTime } from "../recorded/recorded-counts.ts";
import { openForecastEmulator } from "../rollout/forecast-emulator.ts";
import { bitsPerSpike } from "../scores/quick-bits.ts";
import { fitForecast } from "../training/fit-forecast.ts";
import { binsOf, type CountSequences, type Forecaster } from "../windows/forecaster.ts";
import type { AdapterKind } from "./adapter.ts";
import { type OnlineLearner, openOnlineLearner } from "./online.ts";
import type { Regions } from "./regions.ts";

export interface DriftOptions {
  readonly seed: number;
  /** Of the emulator refitted on the later day. */
  readonly budget: { readonly seconds: number } | { readonly steps: number };
  readonly regions: Regions;
  readonly device?: ComputeDevice;
  readonly signal?: AbortSignal;
}

/** Counts of the same electrodes. */
export interface RecordedDays {
  /** What the emulator was fitted on. */
  readonly first: CountSequences;
  readonly later: CountSequences;
}

export interface AdapterOutcome {
  readonly bits: number;
  /** (adapted - frozen) / (refitted - frozen); null where refitting gained less than 0.01 bits per spike. */
  readonly recovered: number | null;
  /** Minutes of data until 90 % of the adapter's own gain. */
  readonly minutesTo90: number | null;
  /** Bits per spike on the first day, after less before: below 0 is forgetting. */
  readonly firstDayChange: number;
  readonly stepP99Ms: number;
}

export interface DriftOutcome {
  /** Bits per spike over the later day's training mean, on its last fifth. */
  readonly frozen: number;
  readonly retrained: number;
  readonly adapters: Readonly<Record<AdapterKind, AdapterOutcome>>;
}

const KINDS: readonly AdapterKind[] = ["gain", "experts"];
/** Minutes of the later day after which an adapter is scored, and at its end. */
const LOOKS = [0.5, 1, 2, 4, 8];

export async function measureDrift(
  { parameters, shape }: FittedNetworks,
  { first: firstDay, later: laterDay }: RecordedDays,
  { seed, budget, regions, device, signal }: DriftOptions,
): Promise<DriftOutcome> {
  const compute = device ? { device } : {};
  const first = splitInTime(firstDay);
  const later = splitInTime(laterDay);
  const [nullFirst, nullLater] = [meanRates(first.train), meanRates(later.train)];
  const scored = async (forecaster: Forecaster, data: CountSequences, nullRates: Float32Array) => {
    try {
      signal?.throwIfAborted();
      return await bitsPerSpike(forecaster, data, nullRates);
    } finally {
      await forecaster.dispose();
    }
  };
  // Adapters act on the direct head, so it is the direct head that all are measured by.
  const blend = blendOf(shape.futurePatches, { direct: 1 });
  const whole = (of: ForecastParameters) =>
    openForecastEmulator(of, shape, { samples: 2, blend, ...compute });
  const frozen = await scored(whole(parameters), later.test, nullLater);
  const onFirstDay = await scored(whole(parameters), first.test, nullFirst);
  const fit = await fitForecast(later.train, { seed, shape, budget, autoencoderShare: 0.97, ...compute });
  if (!fit.finished) throw new Error("measureDrift: the fit was stopped");
  const retrained = await scored(whole(fit.parameters), later.test, nullLater);

  const outcome = async (kind: AdapterKind, learner: OnlineLearner): Promise<AdapterOutcome> => {
    const bins = binsOf(later.train);
    const perMinute = 60 / laterDay.binSeconds;
    const curve: { minutes: number; bits: number }[] = [];
    let from = 0;
    let stepP99Ms = 0;
    for (const to of [
      ...LOOKS.map((minutes) => Math.round(minutes * perMinute)).filter((to) => to < bins),
      bins,
    ]) {
      // What was recorded before a look is context for what follows it.
      const context = (shape.contextPatches + shape.futurePatches) * shape.patchBins;
      const { p99Ms } = await learner.learn(later.train, Math.max(0, from - context), to);
      stepP99Ms = Math.max(stepP99Ms, p99Ms);
      curve.push({
        minutes: to / perMinute,
        bits: await scored(await learner.forecaster(kind), later.test, nullLater),
      });
      from = to;
    }
    const bits = curve.at(-1)!.bits;
    const firstDayBits = await scored(await learner.forecaster(kind), first.test, nullFirst);
    const enough = curve.find((look) => look.bits - frozen >= 0.9 * (bits - frozen));
    return {
      bits,
      recovered: retrained - frozen > 0.01 ? (bits - frozen) / (retrained - frozen) : null,
      minutesTo90: bits > frozen ? (enough?.minutes ?? null) : null,
      firstDayChange: firstDayBits - onFirstDay,
      stepP99Ms,
    };
  };
  const adapters = {} as Record<AdapterKind, AdapterOutcome>;
  for (const kind of KINDS) {
    const options = { kind, seed, fittedOn: first.train, regions, ...compute };
    const learner = await openOnlineLearner(parameters, shape, options);
    adapters[kind] = await outcome(kind, learner).finally(() => learner.dispose());
  }
  return { frozen, retrained, adapters };
}
