import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { benchToy } from "./run-toy.ts";
import { benchTable } from "./table.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-features-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the floor is below the truth, rows are kept, and all is told", async () => {
  const options = {
    ...{ folder, windows: 2000, effort: 0.01, methods: ["windows", "pca", "truth"] as const },
    sizes: [{ K: 128, worlds: 1 }],
  };
  const { rows } = await benchToy(options);
  const [windows, pca, truth] = rows;
  expect(truth.mcc.mean).toBeCloseTo(1, 6);
  expect(truth.f1.mean).toBeGreaterThan(0.65);
  expect([windows.floor, windows.f1Ceiling]).toEqual([windows.mcc.mean, truth.f1.mean]);
  expect(windows.mcc.mean).toBeLessThan(0.7);
  // It has 64 of 128: over all, half of them count as 0.
  expect(pca.mcc.mean).toBeLessThan(pca.mccBest.mean * 0.6);
  const again: string[] = [];
  const kept = await benchToy({ ...options, onProgress: (_, __, message) => again.push(message) });
  expect(kept.rows).toEqual(rows);
  expect(benchTable({ toy: rows, assemblies: {} })).toMatch(/K 128 {2}windows/);
}, 30_000);
