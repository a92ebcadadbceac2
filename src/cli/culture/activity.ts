/** Spontaneous activity of recordings and of simulated cultures, read by the same device and the same statistics. */
import type { GrownCulture } from "../../culture/growth/grow.ts";
import type { Preset } from "../../culture/presets.ts";
import { distributionOf, type WeightDistribution } from "../../culture/rules/measured/distribution.ts";
import { DEFAULT_RULE, type RuleName } from "../../culture/rules/rules.ts";
import { openDevice } from "../../device/gate/open.ts";
import { recordSpontaneous } from "../../device/protocols/spontaneous.ts";
import type { SimulatedMea } from "../../device/simulated/driver.ts";
import { growSimulated } from "../../device/simulated/grow.ts";
import { DEFAULT_SCAFFOLD, type ScaffoldName, type Shape } from "../../device/simulated/scaffolds.ts";
import { labelOf, type ReadCulture } from "../../recording/contract.ts";
import { cultureNamed } from "../../recording/cultures/cultures.ts";
import { openRecordingFile } from "../../recording/open.ts";
import { type Activity, activityOrNull, describeActivity } from "../../recording/statistics/activity.ts";
import { observedTrains } from "../../recording/statistics/observed.ts";
import { type SpikeTrains, spikesOf } from "../../recording/statistics/trains.ts";
import type { CultureActivity } from "../../report/compare/comparison.ts";
import { UsageError } from "../manners/errors.ts";
import { tellDoubts } from "../options/recording.ts";

export interface SimulatedCulture {
  readonly scaffold: ScaffoldName;
  readonly shape: Shape;
  readonly preset: Preset;
  readonly rule: RuleName;
  readonly seed: number;
  readonly div: number;
  readonly neurons: number;
  readonly seconds: number;
  /** On which a large culture lives. */
  readonly threads: number;
  /** In place of one that is grown: from a file. */
  readonly grown?: GrownCulture;
}

/** Left alone for this long before it is listened to. */
const SETTLE_SECONDS = 20;
const EXCERPT_SECONDS = 60;
const BIN_SECONDS = 0.1;

export async function simulatedActivity(
  options: SimulatedCulture,
  signal?: AbortSignal,
): Promise<CultureActivity> {
  return (await simulatedLife(options, signal)).activity;
}

/** As it was listened to; `weights` reads those of its plastic synapses afterwards. */
export async function simulatedLife(
  options: SimulatedCulture,
  signal?: AbortSignal,
): Promise<{ readonly activity: CultureActivity; readonly weights: () => WeightDistribution }> {
  const { scaffold, shape, preset, rule, seed, div, seconds } = options;
  const driver = growSimulated(options);
  const device = openDevice(driver);
  const on = (shape === "ball" ? ", ball" : "") + (scaffold === DEFAULT_SCAFFOLD ? "" : ` on ${scaffold}`);
  const kind = (rule === DEFAULT_RULE ? preset : `${preset}, ${rule}`) + on;
  const { framesPerSecond } = device.profile;
  await device.read(SETTLE_SECONDS * framesPerSecond);
  signal?.throwIfAborted();
  const heard = await recordSpontaneous(device, seconds);
  await device.close();
  const trains = shape === "ball" ? underneath(heard, driver) : heard;
  return {
    activity: activityOf(`simulated, ${kind}, seed ${seed}`, div, trains),
    weights: () => {
      const { synapses, plastic, parameters } = driver.simulated.readTissue();
      const strengths = Array.from(plastic, (k) => synapses.strength[k]);
      return distributionOf(strengths, parameters.plasticity.maximumWeight);
    },
  };
}

/** Of the electrodes that see a cell: most of an array lie beside a ball, and would be heard making up spikes. */
function underneath(heard: SpikeTrains, { profile, simulated }: SimulatedMea): SpikeTrains {
  const seeing = new Set(simulated.readTissue().coupling.seenOn);
  const channels = [...profile.electrodes.keys()].filter((k) => seeing.has(profile.electrodes[k].channel));
  return { ...heard, channels, readSpikes: (k) => heard.readSpikes(channels[k]) };
}

/** Of each culture in the file, or of the one named. On a plate, a silent well is a row without numbers. */
export async function recordedActivity(path: string, read: ReadCulture = {}): Promise<CultureActivity[]> {
  const file = await openRecordingFile(path, read);
  try {
    tellDoubts(path, file.doubts);
    const cultures = read.culture === undefined ? file.cultures : [cultureNamed(file, read.culture)];
    const several = file.cultures.length > 1;
    return cultures.map((recording) => {
      const { name, meta, counts } = recording;
      if (counts)
        throw new UsageError(`${name}: expected spike times to compare, but the file holds counts only`);
      const given = [meta.treatment, meta.dose].filter(Boolean).join(" ");
      const activity = activityOf(
        labelOf(recording),
        meta.divDays ?? null,
        observedTrains(recording),
        several,
      );
      return given === "" ? activity : { ...activity, treatment: given };
    });
  } finally {
    file.close();
  }
}

function activityOf(
  label: string,
  divDays: number | null,
  trains: SpikeTrains,
  maySleep = false,
): CultureActivity {
  const activity = describe(label, trains, maySleep);
  const { durationSeconds, electrodes, activeElectrodes, networkBursts: _, ...statistics } = activity;
  return {
    label,
    divDays,
    durationSeconds,
    electrodes,
    activeElectrodes,
    statistics,
    arrayRate: arrayRate(trains),
  };
}

function silent({ durationSeconds, channels }: SpikeTrains): Activity {
  return {
    firingRateHz: Number.NaN,
    networkBurstsPerMinute: Number.NaN,
    burstSpikeShare: Number.NaN,
    meanCorrelation: Number.NaN,
    intervalVariation: Number.NaN,
    durationSeconds,
    electrodes: channels.length,
    activeElectrodes: 0,
    networkBursts: [],
  };
}

/** Activity that has no such numbers (a silent array that may not sleep) is the user's to know of, not a fault. */
function describe(label: string, trains: SpikeTrains, maySleep: boolean): Activity {
  try {
    return maySleep ? (activityOrNull(trains) ?? silent(trains)) : describeActivity(trains);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${label}: ${error.message.replace(/^\w+: /, "")}`);
    throw error;
  }
}

/** The first minute: spikes of the whole array per second. */
function arrayRate(trains: SpikeTrains): NonNullable<CultureActivity["arrayRate"]> {
  const bins = Math.floor(Math.min(EXCERPT_SECONDS, trains.durationSeconds) / BIN_SECONDS);
  const hz = new Array<number>(bins).fill(0);
  for (let channel = 0; channel < trains.channels.length; channel++)
    for (const time of spikesOf(trains, channel)) {
      const bin = Math.floor(time / BIN_SECONDS);
      if (bin >= bins) break;
      hz[bin] += 1 / BIN_SECONDS;
    }
  return { binSeconds: BIN_SECONDS, hz: hz.map((value) => Math.round(value)) };
}
