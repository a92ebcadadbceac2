/**
 * Windows in which electrodes no longer have to do with each other: each is rolled in time by itself, so that it keeps its counts and
 * what it does over time, and assemblies are gone.
 */
import type { Random } from "../../math/random.ts";
import { rowsOf, type Windows, windowsInMemory } from "./windows.ts";

/** Numbers up to so many are rolled at once, in memory; more are read electrode by electrode when they are asked for. */
const IN_MEMORY = 32 * 2 ** 20;

/** Of each electrode `binsOfElectrode` columns side by side, which are rolled together. */
export function rolledWindows(windows: Windows, random: Random, binsOfElectrode = 1): Windows {
  const { count: N, width: D } = windows;
  const shifts = Uint32Array.from({ length: D / binsOfElectrode }, () => random.integer(N));
  if (N * D <= IN_MEMORY) return rolledInMemory(windows, shifts, binsOfElectrode);
  const row = new Float32Array(D);
  const at = new Uint32Array(1);
  return {
    count: N,
    width: D,
    read(indices, out, stride) {
      for (let d = 0; d < D; d += binsOfElectrode) {
        const shift = shifts[d / binsOfElectrode];
        for (let i = 0; i < indices.length; i++) {
          at[0] = (indices[i] + shift) % N;
          windows.read(at, row, D);
          for (let b = d; b < d + binsOfElectrode; b++) out[i * stride + b] = row[b];
        }
      }
    },
  };
}

function rolledInMemory(windows: Windows, shifts: Uint32Array, binsOfElectrode: number): Windows {
  const { count: N, width: D } = windows;
  const from = rowsOf(windows);
  const out = new Float32Array(from.length);
  for (let n = 0; n < N; n++)
    for (let d = 0; d < D; d++)
      out[n * D + d] = from[((n + shifts[Math.floor(d / binsOfElectrode)]) % N) * D + d];
  return windowsInMemory(out, D);
}
