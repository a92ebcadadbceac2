/** Numbers by seed as a report holds them: means with intervals. */
import { bootstrapInterval } from "../../math/interval.ts";
import type { Curve } from "../../report/schema/series.ts";

export function intervalOf(perSeed: readonly number[]) {
  const { mean, ci95 } = bootstrapInterval(perSeed);
  return { mean, ci95: [...ci95] as [number, number], perSeed: [...perSeed] };
}

/** Points by seed (`perSeed[seed][point]`) as a curve with intervals. */
export function curveOf(perSeed: readonly (readonly number[])[]): Curve {
  const points = perSeed[0].map((_, i) => intervalOf(perSeed.map((values) => values[i])));
  return {
    mean: points.map(({ mean }) => mean),
    lo: points.map(({ ci95 }) => ci95[0]),
    hi: points.map(({ ci95 }) => ci95[1]),
    perSeed: perSeed.map((values) => [...values]),
  };
}
