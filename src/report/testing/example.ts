/** A made-up report with the size and shape of a real one, for tests and for looking at the page. */
import type { Interval } from "../../math/interval.ts";
import { Random } from "../../math/random.ts";
import { groupOf } from "../names.ts";
import type { Figures, LatentPath, RasterTrial } from "../schema/figures.ts";
import type { CodeReport, Curve, ProbeScore } from "../schema/series.ts";
import { REPORT_FORMAT, type SeriesReport } from "../schema.ts";
import { scoresOf, seriesVerdict } from "../verdict/series.ts";

const CLASSES = 8;
const CHANNELS = 64;
const SERIES_STEPS = 140;

export interface ExampleOptions {
  readonly seeds?: number;
  /** Accuracy that descent ends with. */
  readonly accuracy?: number;
  readonly persistence?: number;
  readonly free?: boolean;
  readonly kind?: "series" | "symbols";
}

export function exampleReport(options: ExampleOptions = {}): SeriesReport {
  const assigned = exampleCode("assigned", options);
  const series = [assigned];
  if (options.free !== false)
    series.push(exampleCode("free", { ...options, accuracy: (options.accuracy ?? 0.62) * 0.8 }));
  const arms = Object.keys(assigned.arms);
  return {
    formatVersion: REPORT_FORMAT,
    kind: "experiment",
    wetgradVersion: "0.1.0",
    arithmetic: ["made up (0)"],
    config: { seeds: options.seeds ?? 8, series: "laser", cycles: 4, arms },
    task: {
      name: "laser",
      kind: options.kind ?? "series",
      classes: CLASSES,
      chance: 1 / CLASSES,
      lags: 3,
      source: "made-up numbers with the shape of a real run",
    },
    arms: Object.fromEntries(arms.map((arm) => [arm, { label: arm, meaning: `what ${arm} is` }])),
    verdict: seriesVerdict(
      series,
      Object.keys(scoresOf(assigned)).filter((name) => groupOf(name) === "control" && name !== "descent"),
    ),
    series,
    notes: ["Probes run with plasticity at 5 % of the full rate.", "Babbling ran with plasticity at 5 %."],
  };
}

function exampleCode(code: "assigned" | "free", options: ExampleOptions): CodeReport {
  const seeds = options.seeds ?? 8;
  const top = options.accuracy ?? 0.62;
  const random = Random.of(7, code);
  const chance = 1 / CLASSES;
  const values = (centre: number, spread: number) =>
    Array.from({ length: seeds }, () => clamp(centre + spread * random.normal()));
  const score = (centre: number, spread = 0.02): ProbeScore => {
    const accuracy = values(centre, spread);
    const series = options.kind !== "symbols";
    return {
      accuracy: intervalOf(accuracy),
      nllNats: intervalOf(accuracy.map((share) => -Math.log(0.9 * share + 0.05) + 0.1)),
      nrmse: series ? intervalOf(accuracy.map((share) => 1.2 * (1 - share))) : null,
      countAccuracy: intervalOf(values(centre + 0.03, spread)),
    };
  };
  const ends = {
    descent: top,
    teacher: top + 0.01,
    yoked: chance,
    random: chance,
    frozen: chance,
    sham: chance,
    scrambled: chance,
  };
  const arms = Object.fromEntries(Object.entries(ends).map(([name, end]) => [name, { probe: score(end) }]));
  const baseline = {
    chance,
    persistence: options.persistence ?? 0.21,
    linearAR: 0.43,
    markov: 0.41,
    naiveBayes: 0.66,
    emulatorAlone: 0.71,
    readoutUntrained: 0.58,
    readoutTrained: 0.63,
    silentCulture: chance,
    shuffledSpikes: chance,
  };
  const presentations = [0, 200, 400, 600, 800];
  const curveTo = (from: number, to: number, spread: number, points = presentations): Curve => {
    const perSeed = Array.from({ length: seeds }, () =>
      points.map((p) => clamp(from + (to - from) * (1 - Math.exp(-p / 220)) + spread * random.normal())),
    );
    const across = points.map((_, i) => intervalOf(perSeed.map((row) => row[i])));
    return {
      mean: across.map(({ mean }) => mean),
      lo: across.map(({ ci95 }) => ci95[0]),
      hi: across.map(({ ci95 }) => ci95[1]),
      perSeed,
    };
  };
  const blocks = Array.from({ length: 16 }, (_, i) => 50 * (i + 1));
  const { exact, overlap, correlation, logDensity } = {
    exact: curveTo(0.4, 0.78, 0.04, blocks),
    overlap: curveTo(0.55, 0.88, 0.03, blocks),
    correlation: curveTo(0.6, 0.74, 0.02, blocks),
    logDensity: curveTo(0.2, 0.6, 0.05, blocks),
  };
  const final = (curve: Curve) => intervalOf(curve.perSeed.map((row) => row[row.length - 1]));
  return {
    code,
    arms,
    baselines: Object.fromEntries(
      Object.entries(baseline).map(([name, end]) => [name, score(end, name === "chance" ? 0 : 0.012)]),
    ),
    synapses: Object.fromEntries(
      Object.entries({ before: chance, ...ends, retention: top * 0.85 }).map(([name, end]) => [
        name,
        {
          summed: score(end - 0.05 * (end - chance)).accuracy,
          perSynapse: score(end + 0.1 * (end - chance)).accuracy,
        },
      ]),
    ),
    writeFidelity: {
      presentations: blocks,
      curves: { exact: code === "free" ? null : exact, overlap, correlation, logDensity },
      final: {
        exact: code === "free" ? null : final(exact),
        overlap: final(overlap),
        correlation: final(correlation),
        logDensity: final(logDensity),
      },
    },
    curves: Object.fromEntries(
      Object.entries(ends)
        .filter(([name]) => name !== "scrambled")
        .map(([name, end]) => [name, { presentations, accuracy: curveTo(chance, end, 0.025) }]),
    ),
    retention: { spontaneousSeconds: 600, arms: { descent: score(top * 0.85), sham: score(chance) } },
    figures: exampleFigures(random, top),
  };
}

function exampleFigures(random: Random, top: number): Figures {
  const truth = henon(SERIES_STEPS);
  const guess = (right: number) =>
    truth.map((value) =>
      random.uniform() < right ? value + 0.12 * random.normal() : henon(1 + random.integer(40)).at(-1)!,
    );
  const order = random.permutation(CHANNELS);
  const sensoryChannels = order.slice(0, 32);
  const classChannels = Array.from({ length: CLASSES }, (_, k) => order.slice(32 + 4 * k, 36 + 4 * k));
  const labels = [2, 5, 0, 6];
  const trial = (label: number, learned: boolean): RasterTrial => {
    const contextChannels = sensoryChannels.slice(4 * label, 4 * label + 4);
    const spikes = Array.from({ length: 130 }, () => ({
      timeMs: 100 * random.uniform(),
      channel: random.integer(CHANNELS),
    }));
    for (const channel of contextChannels)
      for (let i = 0; i < 5; i++) spikes.push({ timeMs: 2 + 4 * random.uniform(), channel });
    if (learned)
      for (const channel of classChannels[label])
        for (let i = 0; i < 5; i++) spikes.push({ timeMs: 8 + 9 * random.uniform(), channel });
    return {
      timesMs: spikes.map(({ timeMs }) => timeMs),
      channels: spikes.map(({ channel }) => channel),
      contextChannels,
      label,
    };
  };
  const paths = (apart: number): LatentPath[] =>
    Array.from({ length: 80 }, (_, i) => {
      const label = i % CLASSES;
      const angle = (2 * Math.PI * label) / CLASSES;
      const end: [number, number] = [
        apart * Math.cos(angle) + 0.35 * random.normal(),
        apart * Math.sin(angle) + 0.35 * random.normal(),
      ];
      return {
        label,
        points: [0, 0.3, 0.6, 0.85, 1].map(
          (share) =>
            [share * end[0] + 0.05 * random.normal(), share * end[1] + 0.05 * random.normal()] as [
              number,
              number,
            ],
        ),
      };
    });
  return {
    seed: 1,
    series: {
      firstStep: 1000,
      unit: "intensity",
      truth,
      predicted: { descent: guess(top), sham: guess(0.12), emulatorAlone: guess(0.75) },
    },
    raster: {
      trialMs: 100,
      sensoryChannels,
      classChannels,
      before: labels.map((label) => trial(label, false)),
      after: labels.map((label) => trial(label, true)),
    },
    weightChange: {
      fromChannels: sensoryChannels,
      toChannels: classChannels.flat(),
      classSizes: classChannels.map((group) => group.length),
      unit: "leak conductance",
      meanChange: sensoryChannels.map((_, r) =>
        classChannels.flatMap((group, k) =>
          group.map(() =>
            random.uniform() < 0.1
              ? null
              : 0.004 * random.normal() + (Math.floor(r / 4) === (k * 3) % 8 ? 0.02 : -0.002),
          ),
        ),
      ),
    },
    latent: { explained: [0.34, 0.21], before: paths(0.25), after: paths(1.8) },
  };
}

function henon(steps: number): number[] {
  const out: number[] = [];
  let [x, y] = [0.1, 0.1];
  for (let t = 0; t < steps + 100; t++) {
    [x, y] = [1 - 1.4 * x * x + y, 0.3 * x];
    if (t >= 100) out.push(x);
  }
  return out;
}

/** Two standard errors each way: near enough for made-up numbers, and quick. */
function intervalOf(perSeed: readonly number[]): Interval {
  const mean = perSeed.reduce((sum, value) => sum + value, 0) / perSeed.length;
  const squares = perSeed.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = perSeed.length > 1 ? Math.sqrt(squares / (perSeed.length - 1) / perSeed.length) : 0;
  return { mean, ci95: [mean - 2 * error, mean + 2 * error], perSeed: [...perSeed] };
}

function clamp(share: number): number {
  return Math.min(0.99, Math.max(0.01, share));
}
