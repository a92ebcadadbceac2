import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Random } from "../math/random.ts";
import { METHODS } from "./contract.ts";
import { fitDictionary, learnerFor } from "./fit.ts";
import { keptState } from "./folder/kept-state.ts";
import { loadDictionary, saveDictionary } from "./folder/saelens.ts";
import { matchRows } from "./scores/directions.ts";
import { rowsOf, windowsInMemory } from "./windows/windows.ts";
import { toyWorld } from "./worlds/toy.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-features-"));
afterAll(() => rmSync(folder, { recursive: true }));

const world = toyWorld(Random.of(2, "conformance"), {
  electrodes: 20,
  features: 16,
  perWindow: 1.5,
  windows: 4000,
});
const windows = windowsInMemory(world.counts, world.D);
const short = {
  em: { steps: 60, batch: 400 },
  nmf: { steps: 60, batch: 400 },
  sae: { steps: 60, batch: 128, k: 1.5 },
};

describe.each(METHODS)("%s", (method) => {
  const options = { method, features: 16, seed: 7, ...short };

  test("same seed, same bits; other seed, another dictionary", async () => {
    const [a, b] = [await fitDictionary(windows, options), await fitDictionary(windows, options)];
    expect(a.directions).toEqual(b.directions);
    expect(a.directions.every(Number.isFinite)).toBe(true);
    if (method !== "pca") {
      const other = await fitDictionary(windows, { ...options, seed: 8 });
      expect(other.directions).not.toEqual(a.directions);
    }
  });

  test("killed and gone on with, it ends with the same bits", async () => {
    const whole = await fitDictionary(windows, options);
    const kept = keptState(join(folder, `${method}.state`), options);
    const first = learnerFor(windows, options);
    for (let i = 0; i < Math.min(25, first.total - 1); i++) first.advance();
    kept.save(first.state());
    const gone = await fitDictionary(windows, options, { kept });
    expect(gone.directions).toEqual(whole.directions);
    expect(keptState(join(folder, `${method}.state`), { ...options, seed: 8 }).load()).toBeUndefined();
  });

  test("what is saved is read back, and codes the same; codes are not negative, softer ones not fewer", async () => {
    const dictionary = await fitDictionary(windows, options);
    const rows = rowsOf(windows, 200);
    const path = join(folder, method);
    saveDictionary(path, dictionary, rows);
    const again = loadDictionary(path);
    expect([again.method, again.features, again.width]).toEqual([method, dictionary.features, 20]);
    const codes = dictionary.encode(rows);
    expect(again.encode(rows)).toEqual(codes);
    expect(codes.every((code) => code >= 0)).toBe(true);
    const count = (values: Float32Array) => values.filter((value) => value > 0).length;
    if (method !== "kmeans")
      expect(count(dictionary.encodeSoftly(rows))).toBeGreaterThanOrEqual(count(codes));
  });
});

test("what cannot be learned from is refused in a line", () => {
  const refuse = (values: Float32Array, message: RegExp) =>
    expect(() => learnerFor(windowsInMemory(values, 4), { method: "em", features: 3, seed: 1 })).toThrow(
      message,
    );
  refuse(new Float32Array(8), /at least as many windows as features \(3\), got 2/);
  refuse(new Float32Array(40), /all channels are silent/);
  refuse(new Float32Array(40).fill(Number.NaN), /expected counts of spikes, got NaN in column 0/);
  refuse(new Float32Array(40).fill(-1), /expected counts of spikes, got -1/);
  expect(() => loadDictionary(folder)).toThrow(/expected cfg.json of a dictionary/);
});

test("planted features are found: sparse EM finds most, and more than windows of the data show", async () => {
  const score = async (method: "em" | "windows") => {
    const { directions, features } = await fitDictionary(windows, {
      ...{ method, features: 16, seed: 3 },
      em: { steps: 300, batch: 500 },
    });
    const { cosine } = matchRows(
      { values: world.directions, rows: 16, width: 20 },
      { values: directions, rows: features, width: 20 },
    );
    return cosine.reduce((sum, c) => sum + c / 16, 0);
  };
  expect(await score("em")).toBeGreaterThan(0.85);
  expect(await score("windows")).toBeLessThan(0.75);
});
