/** How active each region has been in a window, against its mean: what the experts' gates see. */
import { type Tensor, tensor } from "../../compute/index.ts";
import type { WindowBatch } from "../windows/forecaster.ts";
import type { Activity } from "./adapter.ts";
import type { Regions } from "./regions.ts";

/** The last share of a window that counts as now. */
const NOW = 0.2;

/** `meanCounts [C]` per bin, of the data that the emulator was fitted on. */
export function activityOf(
  { size, history }: Pick<WindowBatch, "size" | "history">,
  regions: Regions,
  meanCounts: Float32Array,
): Activity<Tensor> {
  const C = meanCounts.length;
  const H = history.length / size / C;
  const level = (of: Uint16Array, count: number): Tensor => {
    const out = new Float32Array(size * count * 2);
    const expected = new Float64Array(count);
    for (let c = 0; c < C; c++) expected[of[c]] += meanCounts[c];
    for (let n = 0; n < size; n++) {
      const [whole, now] = [new Float64Array(count), new Float64Array(count)];
      const from = H - Math.max(1, Math.round(NOW * H));
      for (let h = 0; h < H; h++)
        for (let c = 0; c < C; c++) {
          const spikes = history[(n * H + h) * C + c];
          whole[of[c]] += spikes;
          if (h >= from) now[of[c]] += spikes;
        }
      for (let g = 0; g < count; g++) {
        const mean = expected[g];
        out[(n * count + g) * 2] = Math.log((whole[g] + 1) / (mean * H + 1));
        out[(n * count + g) * 2 + 1] = Math.log((now[g] + 1) / (mean * (H - from) + 1));
      }
    }
    return tensor([size, count, 2], out);
  };
  return {
    area: level(regions.area, regions.areas.length),
    column: level(regions.column, regions.areaOfColumn.length),
  };
}

/** One-hot maps from channels to regions, `[C, G]`. */
export function membershipOf({ area, areas, column, areaOfColumn }: Regions): Activity<Tensor> {
  const map = (of: Uint16Array, count: number) => {
    const out = new Float32Array(of.length * count);
    of.forEach((g, c) => {
      out[c * count + g] = 1;
    });
    return tensor([of.length, count], out);
  };
  return { area: map(area, areas.length), column: map(column, areaOfColumn.length) };
}
