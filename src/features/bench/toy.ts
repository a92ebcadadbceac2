/** The toy worlds: every method, tuned alike on one world, scored on others. */
import { bootstrapInterval, type Interval } from "../../math/interval.ts";
import { Random } from "../../math/random.ts";
import type { FitOptions, Method } from "../contract.ts";
import { dictionaryOf } from "../dictionary.ts";
import { fitDictionary } from "../fit.ts";
import { type PlantedScore, scorePlanted } from "../scores/planted.ts";
import { windowsBetween, windowsInMemory } from "../windows/windows.ts";
import type { PlantedWorld } from "../worlds/planted.ts";
import { toyWorld } from "../worlds/toy.ts";

/** A row: one method on one world. */
export interface ToyScore extends PlantedScore {
  readonly K: number;
  readonly world: number;
  readonly method: ToyMethod;
}

export type ToyMethod = Method | "truth";

export interface ToyOptions {
  readonly K: number;
  readonly windows: number;
  readonly methods: readonly ToyMethod[];
  /** Shortens learning, for a quick look and for tests: 1 is whole. */
  readonly effort?: number;
}

const SCORED = 20_000;
const DEFAULT_STEPS = { em: 800, sae: 2500 };
/** The settings compared for each method on the tuning world, the same number for each family that has any. */
export const GRIDS: Readonly<
  Partial<Record<Method, readonly Omit<FitOptions, "method" | "features" | "seed">[]>>
> = {
  em: [{ em: { threshold: 2 } }, { em: { threshold: 3 } }, { em: { threshold: 4 } }],
  batchtopk: [{ sae: { k: 2 } }, { sae: { k: 3 } }, { sae: { k: 4.5 } }],
  matryoshka: [{ sae: { k: 2 } }, { sae: { k: 3 } }, { sae: { k: 4.5 } }],
  jumprelu: [{ sae: { jumpCost: 0.03 } }, { sae: { jumpCost: 0.1 } }, { sae: { jumpCost: 0.3 } }],
};

/** What a grid's `k` is multiplied by in a world of K features: they have 3 (K = 128) and 6.5 (K = 256) in a window. */
export function scaledFor(K: number, settings: Omit<FitOptions, "method" | "features" | "seed">) {
  const { sae } = settings;
  return sae?.k === undefined
    ? settings
    : { ...settings, sae: { ...sae, k: K === 128 ? sae.k : (sae.k * 6.5) / 3 } };
}

export function toyWorldOf(seed: number, { K, windows }: Pick<ToyOptions, "K" | "windows">): PlantedWorld {
  return toyWorld(Random.of(seed, "features bench", K), { features: K, windows: windows + SCORED });
}

/** One method with `settings` on the world of `seed`. */
export async function scoreToy(
  world: PlantedWorld,
  { K, windows, effort = 1 }: ToyOptions,
  method: ToyMethod,
  { settings = {}, seed, signal }: { settings?: object; seed: number; signal?: AbortSignal },
): Promise<ToyScore> {
  const all = windowsInMemory(world.counts, world.D);
  const learned = windowsBetween(all, 0, windows);
  const steps = (family: "em" | "sae") => Math.max(20, Math.round(DEFAULT_STEPS[family] * effort));
  const given = scaledFor(K, settings as Pick<FitOptions, "em" | "sae">);
  const dictionary =
    method === "truth"
      ? trueDictionary(world)
      : await fitDictionary(
          learned,
          {
            ...{ method, features: K, seed },
            em: { steps: steps("em"), ...given.em },
            sae: { steps: steps("sae"), k: K === 128 ? 3 : 6.5, ...given.sae },
          },
          signal ? { signal } : {},
        );
  const middle = windows + SCORED / 2;
  const score = scorePlanted(dictionary, world, {
    from: windows,
    middle,
    to: windows + SCORED,
    equal: world.D,
  });
  return { K, world: seed, method, ...score };
}

/** The ceiling: the true directions, and the same inference. */
function trueDictionary({ directions, background, D }: PlantedWorld) {
  return dictionaryOf(
    "em",
    { kind: "poisson", dictionary: directions, background, threshold: 3, rounds: 60 },
    D,
  );
}

export interface ToyRow {
  readonly K: number;
  readonly method: ToyMethod;
  readonly mcc: Interval;
  /** Of random windows of the data, on the same worlds. */
  readonly floor: number;
  readonly mccBest: Interval;
  readonly share09: Interval;
  readonly f1: Interval;
  readonly f1Native: Interval;
  readonly f1Best: Interval;
  /** F1 of the true dictionary by the same inference. */
  readonly f1Ceiling: number;
  readonly byFrequency: readonly number[];
  readonly absorption: Interval;
  readonly dead: number;
  readonly l0: number;
}

/** Means over worlds, with intervals, a row for each method. */
export function toyRows(scores: readonly ToyScore[]): ToyRow[] {
  const keys = [...new Set(scores.map(({ K, method }) => `${K} ${method}`))];
  const mean = (rows: readonly ToyScore[], value: (score: ToyScore) => number) =>
    rows.reduce((sum, score) => sum + value(score) / rows.length, 0);
  return keys.map((key) => {
    const rows = scores.filter(({ K, method }) => `${K} ${method}` === key);
    const [{ K, method }] = rows;
    const of = (other: ToyMethod) => scores.filter((score) => score.K === K && score.method === other);
    const interval = (value: (score: ToyScore) => number) => bootstrapInterval(rows.map(value));
    return {
      K,
      method,
      mcc: interval(({ mcc }) => mcc),
      floor: mean(of("windows"), ({ mcc }) => mcc),
      mccBest: interval(({ mccBest }) => mccBest),
      share09: interval(({ share09 }) => share09),
      f1: interval(({ f1 }) => f1),
      f1Native: interval(({ f1Native }) => f1Native),
      f1Best: interval(({ f1Best }) => f1Best),
      f1Ceiling: mean(of("truth"), ({ f1 }) => f1),
      byFrequency: [0, 1, 2, 3].map((i) => mean(rows, ({ byFrequency }) => byFrequency[i])),
      absorption: interval(({ absorption }) => absorption),
      dead: mean(rows, ({ dead }) => dead),
      l0: mean(rows, ({ l0 }) => l0),
    };
  });
}
