/**
 * The rules that look at other pulses: interval, rates and budgets over any window of time. Frames may be of any clock:
 * the device's, or microseconds of this machine's.
 */
import type { Frame } from "../signals.ts";
import type { StimulationLimits } from "./limits.ts";
import { Timeline, type TimelineEntry, type Track } from "./timeline.ts";
import type { Fault } from "./unsafe-pulse.ts";

export const FC_PER_NC = 1e6;

/** What is put in, and can be taken out again. */
export interface Weighed {
  readonly fault: Fault | undefined;
  takeBack(): void;
}

/** What pulses are weighed against. */
export interface RollingLimits {
  readonly limits: StimulationLimits;
  /** Electrodes on which a pulse may be under way at one moment. */
  readonly maxAtOnce: number;
  readonly lightChannels?: ReadonlySet<number>;
}

const one = () => 1;

export class RollingRules {
  private readonly timelines = new Map<number, Timeline>();
  private array: Timeline;
  private readonly tracks: readonly Track[];
  /** Of channels of light: what is summed last is the time that they are lit. */
  private readonly lightTracks: readonly Track[];
  private readonly lightChannels: ReadonlySet<number>;
  private readonly arrayTracks: readonly Track[];
  /** How long a pulse matters to later ones on its electrode, and on the array, in frames. */
  private readonly memory: number;
  private readonly arrayMemory: number;

  private readonly limits: StimulationLimits;
  private readonly maxAtOnce: number;
  private readonly longestFrames: number;

  constructor(
    { limits, maxAtOnce, lightChannels = new Set() }: RollingLimits,
    private readonly framesPerSecond: number,
    /** So much shorter than the limits say are interval and windows. */
    private readonly slackUs = 0,
  ) {
    this.limits = limits;
    this.maxAtOnce = maxAtOnce;
    this.lightChannels = lightChannels;
    const { budget, minIntervalUs, maxPhases, maxPhaseUs, light } = limits;
    const flashUs = lightChannels.size > 0 ? (light?.maxFlashUs ?? 0) : 0;
    const pulseUs = Math.max(maxPhases * maxPhaseUs, flashUs);
    this.longestFrames = Math.ceil((pulseUs / 1e6) * framesPerSecond);
    const slack = (slackUs / 1e6) * framesPerSecond;
    const second = { frames: framesPerSecond - slack, amount: one };
    const window = budget.windowS * framesPerSecond - slack;
    this.arrayTracks = [second];
    this.tracks = [
      second,
      { frames: window, amount: one },
      { frames: window, amount: ({ chargeFc }) => chargeFc },
      { frames: window, amount: ({ netFc }) => netFc },
    ];
    const dutyS = light?.dutyWindowS ?? 1;
    this.lightTracks = [
      second,
      { frames: window, amount: one },
      { frames: dutyS * framesPerSecond - slack, amount: ({ durationUs }) => durationUs },
    ];
    this.array = new Timeline(this.arrayTracks);
    const longestUs = Math.max(minIntervalUs, pulseUs);
    this.memory = Math.ceil(Math.max(1, budget.windowS, dutyS, longestUs / 1e6) * framesPerSecond);
    this.arrayMemory = Math.max(framesPerSecond, this.longestFrames);
  }

  timelineOf(channel: number): Timeline {
    let timeline = this.timelines.get(channel);
    if (!timeline) this.timelines.set(channel, (timeline = new Timeline(this.tracksOf(channel))));
    return timeline;
  }

  /** Puts a pulse among the others, whether or not it breaks a rule; says which. */
  weigh(channel: number, entry: TimelineEntry): Weighed {
    const timeline = this.timelineOf(channel);
    const interval = this.intervalFault(timeline, entry);
    const [second, pulses, ...loads] = timeline.insert(entry);
    const [array] = this.array.insert(entry);
    const takeBack = () => {
      timeline.remove(entry);
      this.array.remove(entry);
    };
    const { limits } = this;
    const { maxPulses, maxChargeNc, maxNetChargeNc } = limits.budget;
    const fault =
      interval ??
      over("rate", second, limits.maxPulsesPerSecondPerElectrode) ??
      over("at-once", this.mostAtOnce(entry), this.maxAtOnce) ??
      over("array-rate", array, limits.maxPulsesPerSecondOnArray) ??
      over("budget-pulses", pulses, maxPulses) ??
      (this.lightChannels.has(channel)
        ? this.dutyFault(loads[0])
        : (over("budget-charge", loads[0] / FC_PER_NC, maxChargeNc) ??
          over("budget-net", loads[1] / FC_PER_NC, maxNetChargeNc)));
    return { fault, takeBack };
  }

  /** Forgets, of the array, what no pulse at `now` or later can share a window or a moment with. */
  forgetArray(now: Frame): void {
    this.array.forgetUntil(now - this.arrayMemory);
  }

  /** The same of an electrode. */
  forget(channel: number, now: Frame): void {
    this.timelineOf(channel).forgetUntil(now - this.memory);
  }

  /** How long a pulse matters to later ones, in seconds. */
  get memoryS(): number {
    return this.memory / this.framesPerSecond;
  }

  /** Puts electrodes back to the pulses they had, in any order. */
  restore(entries: ReadonlyMap<number, readonly TimelineEntry[]>): void {
    for (const [channel, own] of entries)
      this.timelines.set(channel, new Timeline(this.tracksOf(channel), own));
    this.array = new Timeline(this.arrayTracks, [...entries.values()].flat());
  }

  private tracksOf(channel: number): readonly Track[] {
    return this.lightChannels.has(channel) ? this.lightTracks : this.tracks;
  }

  private dutyFault(litUs: number): Fault | undefined {
    const { light } = this.limits;
    return light && over("duty", litUs / (1e6 * light.dutyWindowS), light.maxDuty);
  }

  /** The most pulses of the array that are under way at one moment of this one, itself among them. */
  private mostAtOnce(entry: TimelineEntry): number {
    if (this.maxAtOnce === Number.POSITIVE_INFINITY) return 0;
    const endOf = ({ frame, durationUs }: TimelineEntry) => frame + (durationUs * this.framesPerSecond) / 1e6;
    const end = endOf(entry);
    const near = this.array.between(entry.frame - this.longestFrames, end);
    const ends = near.map(endOf).sort((a, b) => a - b);
    let most = 0;
    let ended = 0;
    near.forEach(({ frame }, i) => {
      if (frame < entry.frame || frame === near[i + 1]?.frame) return; // all of a frame are counted at its last
      while (ended < ends.length && ends[ended] <= frame) ended++;
      most = Math.max(most, i + 1 - ended);
    });
    return most;
  }

  private intervalFault(timeline: Timeline, entry: TimelineEntry): Fault | undefined {
    const before = timeline.before(entry.frame);
    const after = timeline.after(entry.frame);
    return (before && this.gapFault(before, entry)) ?? (after && this.gapFault(entry, after)) ?? undefined;
  }

  private gapFault(earlier: TimelineEntry, later: TimelineEntry): Fault | undefined {
    const measured = ((later.frame - earlier.frame) * 1e6) / this.framesPerSecond;
    const limit = Math.max(this.limits.minIntervalUs, earlier.durationUs) - this.slackUs;
    return measured >= limit ? undefined : { rule: "interval", measured, limit };
  }
}

function over(rule: Fault["rule"], measured: number, limit: number): Fault | undefined {
  return measured <= limit ? undefined : { rule, measured, limit };
}
