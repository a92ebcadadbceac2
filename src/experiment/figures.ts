/** The figures of one seed: predicted against true series, rasters, weights, latent trajectories. */

import { EMULATOR_SHAPE } from "../emulator/one/models.ts";
import { principalAxes, project } from "../math/principal.ts";
import { FRAMES_PER_MS, TRIAL_FRAMES } from "../protocol/protocol.ts";
import { readSegment } from "../recording/spool.ts";
import type { Figures, LatentPath, RasterTrial } from "../report/schema-figures.ts";
import { expectedValue } from "../tasks/contract.ts";
import type { Beginning } from "./begin.ts";
import type { Lab } from "./lab.ts";
import { nearestElectrodes } from "./nearest.ts";
import { type ProbeReading, scoreProbe } from "./probe.ts";
import { heldOut } from "./subject.ts";
import type { DescentCycle } from "./train-arm.ts";

const SERIES_STEPS = 100;
const RASTER_TRIALS = 12;
const LATENT_PATHS = 60;

export async function drawFigures(
  lab: Lab,
  beginning: Beginning,
  before: ProbeReading,
  final: DescentCycle,
  trained: Readonly<Record<string, ProbeReading>>,
): Promise<Omit<Figures, "seed">> {
  const last = lab.config.cycles - 1;
  return {
    series: await seriesFigure(lab, beginning, final, trained),
    raster: {
      trialMs: TRIAL_FRAMES / FRAMES_PER_MS,
      sensoryChannels: [...lab.subject.zones.sensory],
      classChannels: beginning.patterns.map((pattern) => [...pattern]),
      before: rasterTrials(lab, "common", -1),
      after: rasterTrials(lab, "descent", last),
    },
    weightChange: weightChange(lab, beginning, final),
    latent: await latentFigure(lab, final, before),
  };
}

async function seriesFigure(
  { subject, programs }: Lab,
  beginning: Beginning,
  final: DescentCycle,
  trained: Readonly<Record<string, ProbeReading>>,
): Promise<Figures["series"]> {
  const { task } = subject;
  const steps = Math.min(SERIES_STEPS, task.test.end - task.test.start);
  const symbols = task.kind === "symbols";
  const predicted: Record<string, number[]> = {};
  for (const arm of ["descent", "teacher", "sham"]) {
    if (!trained[arm]) continue;
    const read = await scoreProbe(programs, final.models, subject, beginning.patterns, trained[arm]);
    predicted[arm] = Array.from({ length: steps }, (_, t) => {
      const row = read.probabilities.subarray(t * task.classCount, (t + 1) * task.classCount);
      return symbols ? row.indexOf(Math.max(...row)) : expectedValue(task, row);
    });
  }
  const truth = Array.from({ length: steps }, (_, t) =>
    symbols ? task.labels[task.test.start + t] : task.nextValues[task.test.start + t],
  );
  return { firstStep: task.test.start, unit: symbols ? "class" : "value", truth, predicted };
}

/** The first presentations of a probe, spike by spike. */
function rasterTrials({ spool, subject, code }: Lab, arm: string, cycle: number): RasterTrial[] {
  const { spikes, startFrame } = readSegment(spool, { seed: subject.seed, code, arm, cycle, phase: "probe" });
  return heldOut(subject)
    .slice(0, RASTER_TRIALS)
    .map(({ context, nextClass }, n) => {
      const from = startFrame + n * TRIAL_FRAMES;
      const within = [...spikes.frames.keys()].filter(
        (i) => spikes.frames[i] >= from && spikes.frames[i] < from + TRIAL_FRAMES,
      );
      return {
        timesMs: within.map((i) => (spikes.frames[i] - from) / FRAMES_PER_MS),
        channels: within.map((i) => spikes.channels[i]),
        contextChannels: [...context],
        label: nextClass,
      };
    });
}

/** Mean change of plastic weights from the cells at each sensory electrode to those at each class electrode. */
function weightChange({ subject }: Lab, beginning: Beginning, final: DescentCycle): Figures["weightChange"] {
  const { simulated, zones, device } = subject;
  const { culture: tissue } = simulated;
  const weightsAt = (snapshot: DescentCycle["culture"]) => {
    simulated.restore(snapshot);
    return tissue.weights();
  };
  const before = weightsAt(beginning.culture);
  const after = weightsAt(final.culture);
  const toChannels = [...new Set(beginning.patterns.flat())];
  const nearest = nearestElectrodes(tissue, device.profile.electrodes);
  const sums = zones.sensory.map(() => toChannels.map(() => ({ sum: 0, count: 0 })));
  const { pre, post } = tissue.anatomy.synapses;
  for (const synapse of tissue.plasticSynapses()) {
    const cell =
      sums[zones.sensory.indexOf(nearest[pre[synapse]])]?.[toChannels.indexOf(nearest[post[synapse]])];
    if (!cell) continue;
    cell.sum += after[synapse] - before[synapse];
    cell.count++;
  }
  return {
    fromChannels: [...zones.sensory],
    toChannels,
    classSizes: classSizes(beginning.patterns),
    unit: "leak conductances",
    meanChange: sums.map((row) => row.map(({ sum, count }) => (count === 0 ? null : sum / count))),
  };
}

/** How many electrodes each class adds to those before it (free patterns may share some). */
function classSizes(patterns: readonly (readonly number[])[]): number[] {
  const seen = new Set<number>();
  return patterns.map((pattern) => {
    const fresh = pattern.filter((channel) => !seen.has(channel));
    for (const channel of fresh) seen.add(channel);
    return fresh.length;
  });
}

/** Each held-out presentation's way from its sensory patch to its state, on the two principal axes of all states. */
async function latentFigure(
  { programs, subject }: Lab,
  { models, reading }: DescentCycle,
  before: ProbeReading,
): Promise<Figures["latent"]> {
  const { latents } = EMULATOR_SHAPE;
  const after = await programs.coder.encode(models.emulator, reading.states);
  const early = await programs.coder.encode(models.emulator, before.states);
  const both = new Float32Array(after.state.length + early.state.length);
  both.set(after.state);
  both.set(early.state, after.state.length);
  const { mean, axes, explained } = principalAxes(both, latents, 2);
  const at = (patches: Float32Array, n: number) =>
    project(patches.subarray(n * latents, (n + 1) * latents), mean, axes) as [number, number];
  const data = heldOut(subject).slice(0, LATENT_PATHS);
  const paths = ({ sensory, state }: typeof after): LatentPath[] =>
    data.map(({ nextClass }, n) => ({ label: nextClass, points: [at(sensory, n), at(state, n)] }));
  return { explained: [explained[0], explained[1]], before: paths(early), after: paths(after) };
}
