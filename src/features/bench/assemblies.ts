/** Hidden assemblies in simulated cultures: how well each method's codes tell when a set was driven, beside a readout told the truth. */

import { type PairedDifference, pairedDifference } from "../../math/comparison/paired.ts";
import { bootstrapInterval, type Interval } from "../../math/interval.ts";
import { Random } from "../../math/random.ts";
import { fitSupervised } from "../baselines/supervised.ts";
import type { FitOptions } from "../contract.ts";
import { fitDictionary } from "../fit.ts";
import { type Coded, detect, presence } from "../scores/detection.ts";
import { windowsInMemory } from "../windows/windows.ts";
import { type AssemblyWorld, assemblyWorld } from "../worlds/assemblies.ts";
import { keptFigure } from "./kept.ts";

/** Settings from another culture (the prototype's). */
const METHODS: readonly (Omit<FitOptions, "seed"> & { readonly name: string })[] = [
  { name: "batchtopk", method: "batchtopk", features: 64, sae: { k: 4 } },
  { name: "frozen", method: "frozen", features: 64, sae: { k: 4 } },
  { name: "em", method: "em", features: 48, em: { threshold: 2, batch: 1000, steps: 500 } },
  { name: "ica", method: "ica", features: 64 },
  { name: "pca", method: "pca", features: 64 },
  { name: "windows", method: "windows", features: 64, sae: { k: 4 } },
];

const LEARN_SHARE = 0.7;

export interface AssemblyScore {
  readonly method: string;
  readonly f1: number;
  readonly f1Native: number;
  readonly share08: number;
}

export interface AssemblyBenchOptions {
  readonly folder: string;
  readonly cultures: number;
  readonly windows: number;
  readonly effort?: number;
  readonly onProgress?: (done: number, total: number, message: string) => void;
  readonly signal?: AbortSignal;
}

export interface AssemblyRow {
  readonly f1: Interval;
  readonly f1Native: Interval;
  readonly share08: Interval;
  /** Less the supervised readout's, and less ICA's, on the same cultures. */
  readonly lessSupervised: PairedDifference | null;
  readonly lessIca: PairedDifference | null;
}

const FIRST_SEED = 2001;

export async function benchAssemblies(options: AssemblyBenchOptions): Promise<Record<string, AssemblyRow>> {
  const { folder, cultures, windows, effort = 1, onProgress, signal } = options;
  const scores: AssemblyScore[][] = [];
  for (let c = 0; c < cultures; c++) {
    signal?.throwIfAborted();
    const seed = FIRST_SEED + c;
    scores.push(
      await keptFigure(folder, { kind: "assemblies", seed, windows, effort, version: 2 }, async () =>
        scoreCulture(await assemblyWorld({ seed, windows, ...(signal ? { signal } : {}) }), seed, effort),
      ),
    );
    onProgress?.(c + 1, cultures, `culture ${seed}`);
  }
  const names = scores[0].map(({ method }) => method);
  const of = (name: string) => scores.map((rows) => rows.find(({ method }) => method === name)!);
  const less = (name: string, other: string) =>
    name === other || cultures < 2
      ? null
      : pairedDifference(
          of(name).map(({ f1 }) => f1),
          of(other).map(({ f1 }) => f1),
        );
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        f1: bootstrapInterval(of(name).map(({ f1 }) => f1)),
        f1Native: bootstrapInterval(of(name).map(({ f1Native }) => f1Native)),
        share08: bootstrapInterval(of(name).map(({ share08 }) => share08)),
        lessSupervised: less(name, "supervised"),
        lessIca: less(name, "ica"),
      },
    ]),
  );
}

/** Each method on one world; the first part fits, pairs and tunes, the rest is scored. */
export async function scoreCulture(world: AssemblyWorld, seed: number, effort = 1): Promise<AssemblyScore[]> {
  const { N, D, K, counts, amplitudes } = world;
  const cut = Math.floor(LEARN_SHARE * N);
  const learned = Float32Array.from(counts.subarray(0, cut * D));
  const rest = Float32Array.from(counts.subarray(cut * D));
  const truth = [presence(amplitudes, K, 0, cut), presence(amplitudes, K, cut, N)];
  const score = (
    method: string,
    J: number,
    codes: readonly Float32Array[],
    native = codes[1],
  ): AssemblyScore => {
    const part = (values: Float32Array, i: number): Coded => ({
      windows: i === 0 ? cut : N - cut,
      codes: values,
      J,
      truth: truth[i],
    });
    const { f1, f1Native } = detect({
      tuning: part(codes[0], 0),
      scored: part(codes[1], 1),
      native: part(native, 1),
    });
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value / K, 0);
    return {
      method,
      f1: mean(f1),
      f1Native: mean(f1Native),
      share08: mean(f1.map((v) => (v > 0.8 ? 1 : 0))),
    };
  };
  const supervised = fitSupervised(learned, D, { truth: amplitudes.slice(0, cut * K), K, seed });
  const [told, toldRest] = [supervised(learned), supervised(rest)];
  const scores = [
    score(
      "supervised",
      K,
      [told, toldRest],
      toldRest.map((p) => (p > 0.5 ? p : 0)),
    ),
  ];
  const order = Random.of(seed, "shuffled truth").permutation(cut);
  const shuffled = Float32Array.from(told, (_, i) => told[order[Math.floor(i / K)] * K + (i % K)]);
  const orderRest = Random.of(seed, "shuffled truth", "rest").permutation(N - cut);
  const shuffledRest = Float32Array.from(
    toldRest,
    (_, i) => toldRest[orderRest[Math.floor(i / K)] * K + (i % K)],
  );
  scores.push(score("shuffled", K, [shuffled, shuffledRest]));
  const windows = windowsInMemory(counts.subarray(0, cut * D), D);
  for (const { name, ...options } of METHODS) {
    const steps = (usual: number) => Math.max(20, Math.round(usual * effort));
    const dictionary = await fitDictionary(windows, {
      ...options,
      seed,
      em: { ...options.em, steps: steps(500) },
      nmf: { ...options.nmf, steps: steps(300) },
      sae: { ...options.sae, steps: steps(1000) },
    });
    const codes = [learned, rest].map((rows) => dictionary.encodeSoftly(rows));
    scores.push(score(name, dictionary.features, codes, dictionary.encode(rest)));
  }
  return scores;
}
