/**
 * Simulated cultures beside real recordings, in the five numbers of recording/statistics/activity.ts. A simulated
 * culture is left alone, plasticity on, and read through its device, as a recording of a dish is.
 */
import type { Preset } from "../../culture/presets.ts";
import { DEFAULT_RULE, type RuleName } from "../../culture/rules/rules.ts";
import type { Recording } from "../../recording/contract.ts";
import {
  ACTIVITY_STATISTICS,
  type ActivityStatistics,
  describeActivity,
} from "../../recording/statistics/activity.ts";
import { type SpikeTrains, spikesOf } from "../../recording/statistics/trains.ts";
import { openDevice } from "../gate/open.ts";
import { growSimulated } from "../simulated/grow.ts";
import { recordSpontaneous } from "./spontaneous.ts";

export interface CompareOptions {
  readonly preset?: Preset;
  readonly rule?: RuleName;
  /** Ages to grow to. */
  readonly divs?: readonly number[];
  readonly seeds?: readonly number[];
  readonly neurons?: number;
  /** How long each culture is listened to, after `settleSeconds`. */
  readonly seconds?: number;
  readonly settleSeconds?: number;
  /** Called before each culture and recording. */
  readonly progress?: (label: string) => void;
}

const compareDefaults = {
  preset: "default",
  rule: DEFAULT_RULE,
  divs: [14, 21, 28],
  seeds: [1, 2],
  neurons: 1000,
  seconds: 120,
  settleSeconds: 5,
} as const satisfies CompareOptions;

export interface CultureActivity {
  readonly label: string;
  readonly divDays: number | null;
  readonly durationSeconds: number;
  readonly electrodes: number;
  readonly activeElectrodes: number;
  /** NaN where the activity has no such number. */
  readonly statistics: ActivityStatistics;
  /** Spikes of the whole array per second: its first minute. */
  readonly arrayRate: { readonly binSeconds: number; readonly hz: readonly number[] };
}

export interface CultureComparison {
  readonly simulated: readonly CultureActivity[];
  readonly real: readonly CultureActivity[];
}

export async function compareCultures(
  recordings: readonly Recording[],
  options: CompareOptions = {},
): Promise<CultureComparison> {
  const { progress, ...wanted } = { ...compareDefaults, ...options };
  const real = recordings.map((recording) => {
    progress?.(recording.name);
    return activityOf(recording.name, recording.meta.divDays ?? null, recording);
  });
  const simulated: CultureActivity[] = [];
  for (const div of wanted.divs)
    for (const seed of wanted.seeds) {
      const label = `${wanted.preset} DIV ${div}, seed ${seed}`;
      progress?.(label);
      const { preset, rule, neurons } = wanted;
      const device = openDevice(growSimulated({ preset, rule, neurons, div, seed }));
      await device.read(Math.round(wanted.settleSeconds * device.profile.framesPerSecond));
      simulated.push(activityOf(label, div, await recordSpontaneous(device, wanted.seconds)));
      await device.close();
    }
  return { simulated, real };
}

const RATE_BIN_SECONDS = 0.1;
const RATE_SECONDS = 60;

export function activityOf(label: string, divDays: number | null, trains: SpikeTrains): CultureActivity {
  const { durationSeconds, electrodes, activeElectrodes, ...activity } = describeActivity(trains);
  const statistics = Object.fromEntries(ACTIVITY_STATISTICS.map((name) => [name, activity[name]])) as Record<
    keyof ActivityStatistics,
    number
  >;
  const hz = new Array<number>(Math.ceil(Math.min(durationSeconds, RATE_SECONDS) / RATE_BIN_SECONDS)).fill(0);
  for (let channel = 0; channel < electrodes; channel++)
    for (const time of spikesOf(trains, channel)) {
      const bin = Math.floor(time / RATE_BIN_SECONDS);
      if (bin >= hz.length) break;
      hz[bin] += 1 / RATE_BIN_SECONDS;
    }
  const arrayRate = { binSeconds: RATE_BIN_SECONDS, hz };
  return { label, divDays, durationSeconds, electrodes, activeElectrodes, statistics, arrayRate };
}
