/** What in a file looks as if it had been read wrongly: told, with the option that would read it right. */
import { type Doubt, observedSeconds, type Recording } from "../contract.ts";
import type { Survey } from "./survey.ts";

const DAY_SECONDS = 86_400;
/** Below this no spikes were ever sampled. */
const SLOWEST_HZ = 500;
const DEAD_HZ = 0.01;
/** A silence is told of where it takes more than this share of the recording, and this long. */
const SILENT_SHARE = 0.5;
const SILENT_SECONDS = 30;

export function doubtsOf({
  cultures,
  survey,
}: {
  readonly cultures: readonly Recording[];
  readonly survey: Survey;
}): Doubt[] {
  const found: Doubt[] = [];
  const seconds = Math.max(0, ...cultures.map(({ durationSeconds }) => durationSeconds));
  const rate = cultures[0]?.meta.samplingRateHz;
  if (survey.wholeNumbers && survey.spikes > 1)
    found.push({
      kind: "whole-number-times",
      message:
        "all times are whole numbers of seconds: perhaps they are milliseconds, microseconds or samples",
      flag: "--time-unit ms, or --time-unit samples --sampling-rate HZ",
    });
  if (seconds > DAY_SECONDS)
    found.push({
      kind: "lasts-days",
      message: `lasts ${(seconds / DAY_SECONDS).toFixed(1)} days: perhaps its times are not seconds, or its clock jumped`,
      flag: "--time-unit ms, or --from S --to S",
    });
  if (rate !== undefined && rate < SLOWEST_HZ)
    found.push({
      kind: "sampling-rate",
      message: `a sampling rate of ${rate} Hz is too low for spikes: perhaps it is ${rate} kHz`,
      flag: `--sampling-rate ${rate * 1000}`,
    });
  const areDead = cultures.every((culture) => {
    const most = DEAD_HZ * Math.max(1e-9, observedSeconds(culture));
    return culture.channels.every(({ spikeCount }) => spikeCount < most);
  });
  if (survey.spikes > 0 && areDead)
    found.push({
      kind: "all-channels-dead",
      message: `every channel fires below ${DEAD_HZ} Hz: perhaps its times are not seconds`,
      flag: "--time-unit ms",
    });
  const { startSeconds, endSeconds } = survey.silence;
  const silent = endSeconds - startSeconds;
  if (
    cultures.every(({ observed }) => observed.length === 1) &&
    silent > SILENT_SHARE * seconds &&
    silent > SILENT_SECONDS
  )
    found.push({
      kind: "mostly-silent",
      message: `no channel fires from ${startSeconds.toFixed(1)} to ${endSeconds.toFixed(1)} s, ${Math.round((100 * silent) / seconds)} % of the recording`,
      flag: "--from S --to S",
    });
  return found;
}

/** Intervals below 1 ms that are as many as chance gives where two cultures were laid over each other. */
export function overlaidDoubt(recording: Recording, shortIntervals: number): Doubt | undefined {
  if (recording.source !== "spike-list") return undefined;
  const seconds = observedSeconds(recording);
  const byChance = recording.channels.reduce(
    (sum, { spikeCount }) => sum + (spikeCount ** 2 * 1e-3) / (2 * Math.max(seconds, 1e-9)),
    0,
  );
  if (!(shortIntervals >= 5 && shortIntervals > byChance / 3 && shortIntervals < 3 * byChance))
    return undefined;
  return {
    kind: "two-cultures-in-one",
    message: `${shortIntervals} intervals below 1 ms are as many as chance gives where wells or trials lie on top of each other (${byChance.toFixed(0)}): name the well or trial of each spike in a column`,
  };
}
