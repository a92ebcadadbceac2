/**
 * Records a whole vat: every spike and pulse of every brain, stretch by stretch, into the spool and from there into one
 * NWB file (src/recording/nwb). It stands between the experiment and the holder of the brains, and changes nothing.
 *
 * Times are frames of each brain's life since babbling began. All arms begin where babbling ended, so arms of one brain
 * overlap in time, as in the recording of an organoid.
 */
import { existsSync, rmSync } from "node:fs";
import type { Pulse } from "../../device/contract.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { NwbRun } from "../../recording/nwb/run.ts";
import type { NwbSession } from "../../recording/nwb/session.ts";
import { readSegment, type SegmentId, type SegmentSeries, writeSegment } from "../../recording/spool.ts";
import type { BrainHolder, StepPlan, StepResult } from "../../tissue/contract.ts";
import type { VatConfig } from "./config.ts";
import type { SeenStep, VatObserver, VatPlace } from "./observer.ts";

interface Lane {
  readonly frames: number[];
  readonly channels: number[];
  readonly pulses: Pulse[];
}

/** The present stretch. */
interface Stretch {
  readonly place: VatPlace;
  readonly startFrame: number;
  now: number;
  readonly lanes: readonly Lane[];
  readonly stepFrames: number[];
  readonly crossEntropy: number[];
}

export class VatRecorder implements VatObserver {
  private stretch: Stretch | null = null;

  constructor(
    private readonly spool: string,
    private readonly brains: number,
    private readonly watched: VatObserver = {},
  ) {}

  /** The same holder, its steps recorded. */
  holder(holder: BrainHolder): BrainHolder {
    return {
      open: (specs, onGrown) => holder.open(specs, onGrown),
      snapshot: (brains) => holder.snapshot(brains),
      restore: (step, brains, snapshots) => holder.restore(step, brains, snapshots),
      close: () => holder.close(),
      step: async (step, plans) => {
        const results = await holder.step(step, plans);
        this.take(plans, results);
        return results;
      },
    };
  }

  place(place: VatPlace): void {
    this.finish();
    const startFrame = this.startOf(place);
    const lanes = Array.from({ length: this.brains }, (): Lane => ({ frames: [], channels: [], pulses: [] }));
    this.stretch = { place, startFrame, now: startFrame, lanes, stepFrames: [], crossEntropy: [] };
    this.watched.place?.(place);
  }

  step(seen: SeenStep): void {
    if (seen.crossEntropy !== null) this.stretch?.crossEntropy.push(seen.crossEntropy);
    this.watched.step?.(seen);
  }

  probed(...seen: Parameters<NonNullable<VatObserver["probed"]>>): void {
    this.finish();
    this.watched.probed?.(...seen);
  }

  finished(...seen: Parameters<NonNullable<VatObserver["finished"]>>): void {
    this.watched.finished?.(...seen);
  }

  private take(plans: readonly StepPlan[], results: readonly StepResult[]): void {
    const { stretch } = this;
    if (!stretch) return;
    results.forEach(({ brain, spikes }, i) => {
      const lane = stretch.lanes[brain];
      for (const frame of spikes.frames) lane.frames.push(stretch.now + frame);
      for (const channel of spikes.channels) lane.channels.push(channel);
      for (const pulse of plans[i].pulses) lane.pulses.push({ ...pulse, frame: stretch.now + pulse.frame });
    });
    stretch.stepFrames.push(stretch.now);
    stretch.now += plans[0]?.durationFrames ?? 0;
  }

  /** Hands the stretch to the spool: called when the next begins, or its probe is over. */
  private finish(): void {
    const { stretch } = this;
    this.stretch = null;
    if (!stretch) return;
    const { place, startFrame, now, lanes, stepFrames, crossEntropy } = stretch;
    lanes.forEach(({ frames, channels, pulses }, brain) => {
      writeSegment(this.spool, {
        ...segmentOf(place, brain),
        startFrame,
        endFrame: now,
        pulses,
        spikes: { frames: Float64Array.from(frames), channels: Uint16Array.from(channels) },
        // One loss of all brains: with the first of them.
        series: brain === 0 && crossEntropy.length > 0 ? [lossOf(crossEntropy, stepFrames)] : [],
      });
    });
  }

  /** Where the brains were when they were last saved: after babbling, or after the cycle before. */
  private startOf(place: VatPlace): number {
    if (place.phase === "babble") return 0;
    const before: VatPlace =
      place.cycle < 0 || (place.cycle === 0 && place.phase === "train")
        ? { seed: place.seed, arm: "common", cycle: -1, phase: "babble" }
        : place.phase === "probe"
          ? { ...place, phase: "train" }
          : { ...place, cycle: place.cycle - 1, phase: "probe" };
    return readSegment(this.spool, segmentOf(before, 0)).endFrame;
  }
}

function segmentOf({ seed, arm, cycle, phase }: VatPlace, brain: number): SegmentId {
  return { seed, code: `brain-${brain}`, arm, cycle, phase };
}

function lossOf(values: readonly number[], frames: readonly number[]): SegmentSeries {
  const description = "Mean cross entropy of the joint emulator over all brains while descending";
  return { name: "crossEntropy", unit: "nats", description, values, frames };
}

/** Writes the recording of a finished run and empties the spool. */
export async function writeVatRecording(path: string, spool: string, config: VatConfig): Promise<void> {
  if (!existsSync(path)) {
    const run = await NwbRun.open(path, sessionOf(config), spool, segmentsOf(config));
    run.close();
  }
  rmSync(spool, { recursive: true, force: true });
}

/** Every segment of a run, brain by brain. */
function segmentsOf({ firstSeed, seeds, brains, arms, cycles }: VatConfig): SegmentId[] {
  const places = (seed: number): VatPlace[] => [
    { seed, arm: "common", cycle: -1, phase: "babble" },
    { seed, arm: "common", cycle: -1, phase: "probe" },
    ...arms.flatMap((arm): VatPlace[] => [
      ...(arm === "unconnected" ? [{ seed, arm, cycle: -1, phase: "probe" as const }] : []),
      ...Array.from({ length: cycles }, (_, cycle) =>
        (["train", "probe"] as const).map((phase) => ({ seed, arm, cycle, phase })),
      ).flat(),
    ]),
  ];
  return Array.from({ length: seeds }, (_, s) => firstSeed + s).flatMap((seed) =>
    Array.from({ length: brains }, (_, brain) => places(seed).map((place) => segmentOf(place, brain))).flat(),
  );
}

function sessionOf(config: VatConfig): NwbSession {
  const { task, brains, neurons, preset, div, arms, firstSeed, seeds } = config;
  const last = firstSeed + seeds - 1;
  return {
    identifier: `wetgrad-vat-${task}-${brains}-${firstSeed}-${seeds}`,
    description: `Vat of ${brains} brains on ${task}: ${arms.join(", ")}; seeds ${firstSeed} to ${last}. Simulated cultures: time is simulated, the date is not.`,
    startTime: "2000-01-01T00:00:00+00:00",
    framesPerSecond: simulatedProfile.framesPerSecond,
    device: {
      name: simulatedProfile.name,
      description: `${simulatedProfile.electrodes.length} electrodes a brain, ${simulatedProfile.preparation}`,
    },
    electrodes: simulatedProfile.electrodes.map(({ xUm, yUm }) => ({
      xUm,
      yUm,
      location: "sensory or prediction zone, by brain",
    })),
    subject: {
      id: `seeds-${firstSeed}-${last}`,
      description: `${brains} simulated cultures a seed, ${neurons} neurons each, preset ${preset}`,
      age: `P${Math.round(div)}D`,
      species: "in silico",
    },
    keywords: ["simulated culture", "closed loop", "wetgrad", "vat"],
  };
}
