/** The figures of one seed's culture: predicted against true series, rasters, weights, latent trajectories. */
import type { TissueImage } from "../../device/simulated/image.ts";
import { principalAxes, project } from "../../math/principal.ts";
import type { Beginning } from "../../methods/contract.ts";
import { isReadByCounts } from "../../methods/descriptions.ts";
import { channelsOf } from "../../protocol/layout.ts";
import { mostCounted, readByCounts } from "../../protocol/reading.ts";
import { readSegment } from "../../recording/spool.ts";
import type { Figures, LatentPath, RasterTrial } from "../../report/schema/figures.ts";
import { seriesOf } from "../../tasks/contract.ts";
import { contextOf, expectedValue } from "../../tasks/series/contract.ts";
import type { ArmCycle } from "./arm.ts";
import type { Lab } from "./lab.ts";
import type { ArmOutcome } from "./outcome.ts";
import type { Reading } from "./readings.ts";
import { segmentId } from "./where.ts";

const SERIES_STEPS = 100;
const RASTER_TRIALS = 12;
const LATENT_PATHS = 60;

/** What is drawn. */
export interface Drawn<Models, Improved> {
  readonly beginning: Beginning<Models>;
  readonly before: Reading;
  /** The last cycle of the descent. */
  readonly final: ArmCycle<Models, Improved>;
  /** Its probe. */
  readonly after: Reading;
  readonly outcomes: Readonly<Record<string, ArmOutcome>>;
  /** What the last probe of each arm that is drawn (`DRAWN_ARMS`) saw. */
  readonly readings: Readonly<Record<string, Reading>>;
}

/** Arms whose predictions are drawn over what came. */
export const DRAWN_ARMS: readonly string[] = ["descent", "teacher", "sham"];

/** Null where nothing is drawn: of the first seed alone, one culture on a series. Latents where descent went through the emulator. */
export async function drawFigures<M, I>(
  lab: Lab<M, I>,
  drawn: Drawn<M, I>,
): Promise<Omit<Figures, "seed"> | null> {
  const { plan, task, cultures } = lab;
  const { beginning, before, final, after } = drawn;
  const models = final.trained.descended?.models;
  if (lab.seed !== plan.firstSeed || plan.brains > 1 || !task.series) return null;
  const [patterns] = beginning.patterns;
  const [{ protocol, roles }] = cultures.layouts;
  return {
    series: seriesFigure(lab, drawn),
    raster: {
      trialMs: protocol.presentationMs,
      sensoryChannels: [...roles.sensory],
      classChannels: patterns.map((pattern) => [...pattern]),
      before: rasterTrials(lab, "common", -1),
      after: rasterTrials(lab, "descent", plan.cycles - 1),
    },
    weightChange: await weightChange(lab, beginning, final),
    latent: models === undefined ? null : await latentFigure(lab, models, { before, after }),
  };
}

/** As the report reads answers: by the bridge, or by the electrodes that count most. */
function seriesFigure<M, I>({ task, method, code }: Lab<M, I>, drawn: Drawn<M, I>): Figures["series"] {
  const [series] = seriesOf(task);
  const { start, end } = series.test;
  const K = series.classCount;
  const steps = Math.min(SERIES_STEPS, end - start);
  const symbols = series.kind === "symbols";
  const [patterns] = drawn.beginning.patterns;
  const said = (arm: string): ArrayLike<number> | undefined => {
    if (!isReadByCounts(method.name, code)) return drawn.outcomes[arm]?.probes.at(-1)?.spoken.probabilities;
    const reading = drawn.readings[arm];
    if (!reading) return undefined;
    const { bins, channels } = reading.states;
    return mostCounted(readByCounts(reading.read, { bins, channels, patterns }), K);
  };
  const predicted: Record<string, number[]> = {};
  for (const arm of DRAWN_ARMS) {
    const probabilities = said(arm);
    if (!probabilities) continue;
    predicted[arm] = Array.from({ length: steps }, (_, t) => {
      const row = Float64Array.from({ length: K }, (_, k) => probabilities[t * K + k]);
      return symbols ? row.indexOf(Math.max(...row)) : expectedValue(series, row);
    });
  }
  const truth = Array.from({ length: steps }, (_, t) =>
    symbols ? series.labels[start + t] : series.nextValues[start + t],
  );
  return { firstStep: start, unit: symbols ? "class" : "value", truth, predicted };
}

/** The first presentations of a probe, spike by spike. */
function rasterTrials<M, I>(lab: Lab<M, I>, arm: string, cycle: number): RasterTrial[] {
  const { spool, task, cultures, plan } = lab;
  if (spool === null) return [];
  const [{ frames, roles }] = cultures.layouts;
  const [series] = seriesOf(task);
  const { spikes, startFrame } = readSegment(spool, segmentId(plan, lab, { arm, cycle, phase: "probe" }, 0));
  const count = Math.min(RASTER_TRIALS, series.test.end - series.test.start);
  return Array.from({ length: count }, (_, n) => {
    const step = series.test.start + n;
    const datum = { places: [...contextOf(series, step)], volleys: frames.volleys.length };
    const from = startFrame + n * frames.presentation;
    const within = [...spikes.frames.keys()].filter(
      (i) => spikes.frames[i] >= from && spikes.frames[i] < from + frames.presentation,
    );
    return {
      timesMs: within.map((i) => (spikes.frames[i] - from) / frames.perMs),
      channels: within.map((i) => spikes.channels[i]),
      contextChannels: channelsOf(roles, datum),
      label: series.labels[step],
    };
  });
}

/** Mean change of plastic weights from the cells at each sensory electrode to those at each class electrode. */
async function weightChange<M, I>(
  { cultures }: Lab<M, I>,
  beginning: Beginning<M>,
  final: ArmCycle<M, I>,
): Promise<Figures["weightChange"]> {
  const { tissue, layouts } = cultures;
  if (!tissue.profile(0).abilities.includes("synapses")) return null;
  const imageAt = async (state: ArmCycle<M, I>["state"]): Promise<TissueImage> => {
    await cultures.restore(state);
    return tissue.perform(0, { kind: "read-tissue" });
  };
  const before = await imageAt(beginning.state);
  const after = await imageAt(final.state);
  const [patterns] = beginning.patterns;
  const { sensory } = layouts[0].roles;
  const toChannels = [...new Set(patterns.flat())];
  const { nearest } = before.coupling;
  const sums = sensory.map(() => toChannels.map(() => ({ sum: 0, count: 0 })));
  const { pre, post, strength } = before.synapses;
  for (const synapse of before.plastic) {
    const cell = sums[sensory.indexOf(nearest[pre[synapse]])]?.[toChannels.indexOf(nearest[post[synapse]])];
    if (!cell) continue;
    cell.sum += after.synapses.strength[synapse] - strength[synapse];
    cell.count++;
  }
  return {
    fromChannels: [...sensory],
    toChannels,
    classSizes: classSizes(patterns),
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
async function latentFigure<M, I>(
  { task, emulator }: Lab<M, I>,
  models: M,
  readings: { readonly before: Reading; readonly after: Reading },
): Promise<Figures["latent"]> {
  const Z = emulator.latents;
  const patchesOf = async ({ states }: Reading) => ({
    state: (await emulator.read(models, states)).patches,
    sensory: await emulator.sensory?.(models, states),
  });
  const after = await patchesOf(readings.after);
  const early = await patchesOf(readings.before);
  const both = new Float32Array(after.state.length + early.state.length);
  both.set(after.state);
  both.set(early.state, after.state.length);
  const { mean, axes, explained } = principalAxes(both, Z, 2);
  const at = (patches: Float32Array, n: number) =>
    project(patches.subarray(n * Z, (n + 1) * Z), mean, axes) as [number, number];
  const [series] = seriesOf(task);
  const count = Math.min(LATENT_PATHS, series.test.end - series.test.start);
  const paths = ({ sensory, state }: typeof after): LatentPath[] =>
    Array.from({ length: count }, (_, n) => ({
      label: series.labels[series.test.start + n],
      points: sensory ? [at(sensory, n), at(state, n)] : [at(state, n)],
    }));
  return { explained: [explained[0], explained[1]], before: paths(early), after: paths(after) };
}
