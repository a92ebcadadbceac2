/**
 * The task's question: data are sets of electrodes, weakly pulsed, and a reader fixed before (nearest mean of the features) says which
 * it was. Features that carry the task are then amplified by writes with plasticity, or others, or none: is the culture read better after?
 */
import type { Random } from "../../math/random.ts";
import type { Pattern, Rig } from "./rig.ts";
import type { Gauge } from "./scale.ts";

export const TASK_ARMS = ["carrying", "others", "random", "frozen", "sham"] as const;
export type TaskArm = (typeof TASK_ARMS)[number];

export interface TaskOptions {
  readonly data: number;
  readonly repeats: number;
  readonly writes: number;
  /** Electrodes that amplify each feature, by feature; null where it cannot be. */
  readonly patterns: readonly (readonly number[] | null)[];
  readonly random: Random;
}

export interface TaskResult {
  readonly before: number;
  readonly chance: number;
  /** Share right after, by the reader fixed before and by one fitted again (on other presentations). */
  readonly after: Readonly<Record<TaskArm, number>>;
  readonly refitted: Readonly<Record<TaskArm, number>>;
}

const ELECTRODES = 3;
const AMPLITUDE = 0.55;
const REST = 3;
/** Features that are amplified in each arm, in turn. */
const AMPLIFIED = 4;

export async function measureTask(rig: Rig, gauge: Gauge, options: TaskOptions): Promise<TaskResult> {
  const { data, repeats, writes, patterns, random } = options;
  const simulated = rig.device.simulated!;
  const stimuli = Array.from({ length: data }, () =>
    rig.patternOf(random.permutation(rig.electrodes).slice(0, ELECTRODES), AMPLITUDE),
  );
  const show = async () => {
    rig.plasticity(0);
    const order = random.permutation(data * repeats).map((i) => i % data);
    const z = gauge.measure(
      await rig.presentAll(
        order.map((i) => stimuli[i]),
        1,
      ),
    );
    return { order, z };
  };
  const start = simulated.snapshot();
  const reader = readerOf(await show(), gauge.features, data);
  const before = shareRight(reader, await show(), gauge.features);
  const carrying = Array.from(reader.carrying, (value, k) => ({ value, k }))
    .filter(({ k }) => patterns[k] !== null)
    .sort((a, b) => b.value - a.value)
    .map(({ k }) => k);
  const written: Record<TaskArm, (Pattern | null)[]> = {
    carrying: carrying.slice(0, AMPLIFIED).map((k) => rig.patternOf(patterns[k]!)),
    others: carrying.slice(-AMPLIFIED).map((k) => rig.patternOf(patterns[k]!)),
    random: [],
    frozen: carrying.slice(0, AMPLIFIED).map((k) => rig.patternOf(patterns[k]!)),
    sham: [null],
  };
  const size = patterns.find((pattern) => pattern !== null)?.length ?? ELECTRODES;
  written.random = Array.from({ length: AMPLIFIED }, () =>
    rig.patternOf(random.permutation(rig.electrodes).slice(0, size)),
  );
  const [after, refitted] = [{} as Record<TaskArm, number>, {} as Record<TaskArm, number>];
  const unheard = new Float32Array(rig.width);
  for (const arm of TASK_ARMS) {
    simulated.restore(start);
    rig.plasticity(arm === "frozen" ? 0 : 1);
    for (let w = 0; w < writes; w++) {
      await rig.present(written[arm][w % written[arm].length], unheard);
      for (let r = 0; r < REST; r++) await rig.present(null, unheard);
    }
    const fitted = readerOf(await show(), gauge.features, data);
    const shown = await show();
    after[arm] = shareRight(reader, shown, gauge.features);
    refitted[arm] = shareRight(fitted, shown, gauge.features);
  }
  simulated.restore(start);
  rig.plasticity(0);
  return { before, chance: 1 / data, after, refitted };
}

interface Shown {
  readonly order: readonly number[];
  readonly z: Float32Array;
}

interface Reader {
  /** `[data, K]`; by feature how much of its variance is between data. */
  readonly means: Float64Array;
  readonly carrying: Float64Array;
}

function readerOf({ order, z }: Shown, K: number, data: number): Reader {
  const means = new Float64Array(data * K);
  const seen = new Float64Array(data);
  const [all, square] = [new Float64Array(K), new Float64Array(K)];
  for (const [n, i] of order.entries()) {
    seen[i]++;
    for (let k = 0; k < K; k++) {
      means[i * K + k] += z[n * K + k];
      all[k] += z[n * K + k] / order.length;
      square[k] += z[n * K + k] ** 2 / order.length;
    }
  }
  for (let i = 0; i < data; i++) for (let k = 0; k < K; k++) means[i * K + k] /= Math.max(1, seen[i]);
  const carrying = all.map((mean, k) => {
    let between = 0;
    for (let i = 0; i < data; i++) between += (means[i * K + k] - mean) ** 2 / data;
    const total = square[k] - mean ** 2;
    return total > 1e-9 ? between / total : 0;
  });
  return { means, carrying };
}

function shareRight({ means }: Reader, { order, z }: Shown, K: number): number {
  const data = means.length / K;
  let right = 0;
  for (const [n, truth] of order.entries()) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < data; i++) {
      let distance = 0;
      for (let k = 0; k < K; k++) distance += (z[n * K + k] - means[i * K + k]) ** 2;
      if (distance < least) [least, best] = [distance, i];
    }
    if (best === truth) right++;
  }
  return right / order.length;
}
