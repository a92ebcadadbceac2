/** What the benchmarks of cultures share. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function wallSeconds(action: () => void): number {
  const start = performance.now();
  action();
  return (performance.now() - start) / 1000;
}

export function outDegrees(pre: ArrayLike<number>, neurons: number): Int32Array {
  const degree = new Int32Array(neurons);
  for (let k = 0; k < pre.length; k++) degree[pre[k]]++;
  return degree;
}

export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-brian2-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function writeArrays(folder: string, arrays: Record<string, Int32Array | Float32Array>): void {
  for (const [name, array] of Object.entries(arrays))
    writeFileSync(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}
