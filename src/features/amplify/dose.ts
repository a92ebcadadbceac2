/** Dose and response: each arm's patterns for each feature at several numbers of electrodes, in random order, many times. */
import type { Random } from "../../math/random.ts";
import type { Pattern, Rig } from "./rig.ts";
import type { Gauge } from "./scale.ts";

export interface DoseTrial {
  readonly feature: number;
  readonly arm: string;
  readonly dose: number;
  readonly pattern: Pattern | null;
  /** What the response is counted from: blank windows, or the pattern that is to be lowered. */
  readonly reference: string;
}

export interface DoseResponse {
  readonly feature: number;
  readonly arm: string;
  readonly dose: number;
  /** Change of the target from the reference in the wanted direction, in its standard deviations; and its standard error. */
  readonly targetSd: number;
  readonly targetError: number;
  /** Root mean square of the mean change of all other features, without what noise adds (by halves of the repeats). */
  readonly leak: number;
  readonly spikes: number;
}

/** Presents every trial `repeats` times, each followed by a window of rest, and compares with its reference. */
export async function measureDoses(
  rig: Rig,
  gauge: Gauge,
  trials: readonly DoseTrial[],
  { repeats, random }: { readonly repeats: number; readonly random: Random },
): Promise<DoseResponse[]> {
  const order = random.permutation(trials.length * repeats);
  const counts = await rig.presentAll(
    order.map((i) => trials[i % trials.length].pattern),
    1,
  );
  const z = gauge.measure(counts);
  const K = gauge.features;
  /** By trial the means of both halves of its repeats `[2, K]`, squares of each feature and spikes. */
  const sums = trials.map(() => ({
    halves: [new Float64Array(K), new Float64Array(K)],
    squares: new Float64Array(K),
    seen: 0,
    spikes: 0,
  }));
  for (const [n, i] of order.entries()) {
    const sum = sums[i % trials.length];
    const half = sum.halves[sum.seen++ % 2];
    for (let k = 0; k < K; k++) {
      half[k] += z[n * K + k];
      sum.squares[k] += z[n * K + k] ** 2;
    }
    for (let d = 0; d < rig.width; d++) sum.spikes += counts[n * rig.width + d];
  }
  const halfCount = [Math.ceil(repeats / 2), Math.floor(repeats / 2)];
  const mean = (t: number, k: number) => (sums[t].halves[0][k] + sums[t].halves[1][k]) / repeats;
  const byName = new Map(trials.map(({ arm, feature }, t) => [`${arm} ${feature}`, t]));
  return trials.flatMap(({ feature, arm, dose, reference }, t) => {
    const from = byName.get(reference);
    if (from === undefined || from === t) return [];
    let square = 0;
    for (let k = 0; k < K; k++) {
      if (k === feature) continue;
      const [a, b] = [0, 1].map(
        (h) => sums[t].halves[h][k] / halfCount[h] - sums[from].halves[h][k] / halfCount[h],
      );
      square += a * b;
    }
    const variance = Math.max(0, sums[t].squares[feature] / repeats - mean(t, feature) ** 2);
    return [
      {
        ...{ feature, arm, dose },
        targetSd: mean(t, feature) - mean(from, feature),
        targetError: Math.sqrt(variance / repeats),
        leak: Math.sqrt(Math.max(0, square / (K - 1))),
        spikes: sums[t].spikes / repeats,
      },
    ];
  });
}

/**
 * Leak of an arm at the strength `target`, between its doses (from no write, which does nothing). Null where it never gets there.
 */
export function leakAt(responses: readonly DoseResponse[], target: number): number | null {
  const points = [{ targetSd: 0, leak: 0 }, ...responses.toSorted((a, b) => a.dose - b.dose)];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    if (b.targetSd < target) continue;
    const share = b.targetSd > a.targetSd ? (target - a.targetSd) / (b.targetSd - a.targetSd) : 1;
    return a.leak + share * (b.leak - a.leak);
  }
  return null;
}
