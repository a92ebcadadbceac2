/** Windows of a recording as rows of numbers, read in any order: in memory, or from a file where they are many. */
import { FeatureError } from "../error.ts";

/** N rows of D numbers: spike counts of electrodes (or electrodes x bins), or a model's features of a window. */
export interface Windows {
  /** N */
  readonly count: number;
  /** D */
  readonly width: number;
  /** Writes the rows of the windows `indices` to `out`, a row beginning every `stride` elements. */
  read(indices: ArrayLike<number>, out: Float32Array, stride: number): void;
}

/** Windows that lie in memory: `values [N, width]`. */
export function windowsInMemory(values: Uint8Array | Uint16Array | Float32Array, width: number): Windows {
  const count = values.length / width;
  if (!Number.isInteger(count))
    throw new RangeError(`windowsInMemory: ${values.length} values are no whole number of rows of ${width}`);
  return {
    count,
    width,
    read(indices, out, stride) {
      for (let i = 0; i < indices.length; i++) {
        const from = indices[i] * width;
        for (let d = 0; d < width; d++) out[i * stride + d] = values[from + d];
      }
    },
  };
}

/** Windows `indices` of others, as windows of their own. */
export function someWindows(windows: Windows, indices: Uint32Array): Windows {
  return {
    count: indices.length,
    width: windows.width,
    read(wanted, out, stride) {
      windows.read(
        Uint32Array.from(wanted, (i) => indices[i]),
        out,
        stride,
      );
    },
  };
}

/** Windows `[from, to)` of others. */
export function windowsBetween(windows: Windows, from: number, to: number): Windows {
  return {
    count: to - from,
    width: windows.width,
    read(wanted, out, stride) {
      windows.read(
        Uint32Array.from(wanted, (i) => from + i),
        out,
        stride,
      );
    },
  };
}

/** All rows, `[N, D]`; at most the first `most`, evenly spaced. */
export function rowsOf(windows: Windows, most = Number.POSITIVE_INFINITY): Float32Array {
  const take = Math.min(windows.count, most);
  const indices = Uint32Array.from({ length: take }, (_, i) => Math.floor((i * windows.count) / take));
  const out = new Float32Array(take * windows.width);
  windows.read(indices, out, windows.width);
  return out;
}

/** Refuses what no dictionary can be fitted to. `features` is K. Counts, unless `signed`. */
export function checkWindows(windows: Windows, features: number, signed = false): void {
  if (windows.count < features)
    throw new FeatureError(
      `expected at least as many windows as features (${features}), got ${windows.count}: record for longer, take shorter windows or fewer features`,
    );
  const rows = rowsOf(windows, 20_000);
  const bad = rows.findIndex((value) => !Number.isFinite(value) || (!signed && value < 0));
  if (bad >= 0)
    throw new FeatureError(
      `expected ${signed ? "numbers" : "counts of spikes"}, got ${rows[bad]} in column ${bad % windows.width}: leave these windows out`,
    );
  if (rows.every((value) => value === 0))
    throw new FeatureError("expected spikes, got none in any window: all channels are silent");
}
