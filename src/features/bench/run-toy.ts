/** The toy bench as a whole: tunes each method on a world of its own, scores all on fresh worlds; goes on where it was interrupted. */
import { METHODS, type Method } from "../contract.ts";
import { keptFigure } from "./kept.ts";
import { GRIDS, scoreToy, type ToyMethod, type ToyRow, type ToyScore, toyRows, toyWorldOf } from "./toy.ts";

export interface ToyBenchOptions {
  readonly folder: string;
  /** Numbers of features of the worlds, and how many worlds of each. */
  readonly sizes: readonly { readonly K: number; readonly worlds: number }[];
  readonly windows: number;
  readonly methods?: readonly ToyMethod[];
  readonly effort?: number;
  readonly onProgress?: (done: number, total: number, message: string) => void;
  readonly signal?: AbortSignal;
}

export interface ToyBench {
  readonly rows: readonly ToyRow[];
  readonly scores: readonly ToyScore[];
  /** By method the settings that won on the tuning world, and what each setting had there. */
  readonly tuned: Readonly<Record<string, { readonly settings: object; readonly tried: readonly object[] }>>;
}

const TUNING_SEED = 900;
/** Tuned here, and used for all sizes: a mean number of features in a window is scaled with theirs. */
const TUNING_K = 128;
const FIRST_SEED = 1001;

export async function benchToy(options: ToyBenchOptions): Promise<ToyBench> {
  const { folder, sizes, windows, effort = 1, onProgress, signal } = options;
  const methods = options.methods ?? [...METHODS, "truth"];
  const gridded = methods.filter((method): method is Method => method in GRIDS);
  const total =
    gridded.reduce((sum, method) => sum + GRIDS[method]!.length, 0) +
    sizes.reduce((sum, { worlds }) => sum + worlds * methods.length, 0);
  let done = 0;
  const score = async (K: number, seed: number, method: ToyMethod, settings: object) => {
    signal?.throwIfAborted();
    const all = { K, windows, methods, effort };
    const world = () => worldOnce(seed, all);
    const result = await keptFigure(folder, { K, windows, effort, seed, method, settings, version: 1 }, () =>
      scoreToy(world(), all, method, { settings, seed, ...(signal ? { signal } : {}) }),
    );
    onProgress?.(++done, total, `K ${K}, world ${seed}, ${method}`);
    return result;
  };
  const tuned: Record<string, { settings: object; tried: object[] }> = {};
  for (const method of gridded) {
    const tried = [];
    for (const settings of GRIDS[method]!) {
      const { mcc, f1 } = await score(TUNING_K, TUNING_SEED, method, settings);
      tried.push({ settings, mcc, f1, sum: mcc + f1 });
    }
    const best = tried.reduce((a, b) => (b.sum > a.sum ? b : a));
    tuned[method] = { settings: best.settings, tried };
  }
  const scores: ToyScore[] = [];
  for (const { K, worlds } of sizes)
    for (let w = 0; w < worlds; w++)
      for (const method of methods)
        scores.push(await score(K, FIRST_SEED + w, method, tuned[method]?.settings ?? {}));
  return { rows: toyRows(scores), scores, tuned };
}

let last: { key: string; world: ReturnType<typeof toyWorldOf> } | undefined;

/** Worlds are large: only the last one stays. */
function worldOnce(seed: number, options: { K: number; windows: number }) {
  const key = `${options.K} ${options.windows} ${seed}`;
  if (last?.key !== key) last = { key, world: toyWorldOf(seed, options) };
  return last.world;
}
