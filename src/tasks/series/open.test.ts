import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import { TaskError } from "../error.ts";
import { scoreBaselines } from "./baselines/index.ts";
import { classOf } from "./classes.ts";
import { codeSeries } from "./code-series.ts";
import { contextOf, defaultCodeOptions, expectedValue, historyOf, presentationStep } from "./contract.ts";
import { openSeries, type TaskName, taskNames } from "./open.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wetgrad-task-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const small = { trainCount: 160, testCount: 40 };

describe.each(taskNames)("%s", (name: TaskName) => {
  test("codes every step as the contract says", async () => {
    const task = await openSeries({ series: name });
    const coded = task.code(5, small);
    const T = 200;
    expect(coded).toMatchObject({ name, kind: task.kind, classCount: 8, sensoryCount: 32, activeCount: 4 });
    expect([coded.train, coded.test]).toEqual([
      { start: 0, end: 160 },
      { start: 160, end: T },
    ]);
    expect([coded.labels.length, coded.nextValues.length, coded.contexts.length]).toEqual([T, T, 4 * T]);
    expect(coded.delays[0]).toBe(0);
    expect(new Set(coded.labels.subarray(0, 160)).size).toBe(8);
    for (let t = 0; t < T; t++) {
      const context = contextOf(coded, t);
      expect(new Set(context).size).toBe(4);
      expect(Math.max(...context)).toBeLessThan(32);
      expect(coded.encode(historyOf(coded, t))).toEqual(context);
      coded.delays.forEach((delay, lag) => {
        if (t > delay) expect(historyOf(coded, t)[lag]).toBe(coded.nextValues[t - 1 - delay]);
      });
      if (t > 0) expect(coded.currentLabels[t]).toBe(coded.labels[t - 1]);
      if (coded.kind === "series")
        expect(coded.labels[t]).toBe(classOf(coded.classEdges, coded.nextValues[t]));
      else expect(coded.labels[t]).toBe(coded.nextValues[t]);
    }
    const certain = Array.from({ length: 8 }, (_, k) => Number(k === 3));
    expect(expectedValue(coded, certain)).toBe(coded.classMeans[3]);
  });

  test("same seed, same bits; another seed, another task", async () => {
    const [one, two] = [await openSeries({ series: name }), await openSeries({ series: name })];
    const bits = (coded: ReturnType<typeof one.code>) => JSON.stringify(coded);
    expect(bits(two.code(5, small))).toBe(bits(one.code(5, small)));
    expect(bits(one.code(6, small))).not.toBe(bits(one.code(5, small)));
  });
});

test("nothing that is fitted depends on a test value", () => {
  const values = Float64Array.from(Random.of(1).normals(302));
  const tampered = values.slice();
  for (let i = 242; i < 302; i++) tampered[i] = 1000 * tampered[i] + 7;
  const series = { name: "x", seed: 1, classCount: 8, delays: [0, 1], notes: [] };
  const options = { ...defaultCodeOptions, trainCount: 240, testCount: 60 };
  const [a, b] = [values, tampered].map((v) => codeSeries({ ...series, values: v }, options));
  expect(b.classEdges).toEqual(a.classEdges);
  expect(b.classMeans).toEqual(a.classMeans);
  expect(b.contexts.subarray(0, 240 * 4)).toEqual(a.contexts.subarray(0, 240 * 4));
  expect(b.labels.subarray(0, 240)).toEqual(a.labels.subarray(0, 240));
  expect(b.labels.subarray(241)).not.toEqual(a.labels.subarray(241));
  for (const history of [
    [0, 0],
    [-2, 3],
  ])
    expect(b.encode(history)).toEqual(a.encode(history));
});

test("a file with few values is used whole; its delays are judged on its training values", async () => {
  const path = join(folder, "sine.csv");
  writeFileSync(path, Array.from({ length: 400 }, (_, i) => Math.sin(i / 2.3 + 0.1)).join("\n"));
  const task = await openSeries({ series: path });
  const coded = task.code(1);
  expect(coded.notes[0]).toContain("has 400 values");
  expect(coded.train.end).toBeGreaterThan(300);
  expect(coded.delays.length).toBeGreaterThan(1); // one value does not say whether a sine rises or falls
  expect(presentationStep(coded, coded.train.end + 3)).toBe(3);
});

test("any finite series becomes a task with finite scores, or one line of TaskError", async () => {
  const path = join(folder, "any.csv");
  const value = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: -1e99, max: 1e99, noNaN: true }));
  const pattern = fc.array(value, { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(pattern, fc.integer({ min: 1, max: 400 }), fc.nat(9), async (cycle, length, seed) => {
      writeFileSync(path, Array.from({ length }, (_, i) => cycle[(i * i) % cycle.length]).join("\n"));
      const task = await openSeries({ series: path });
      try {
        for (const score of scoreBaselines(task.code(seed)).values())
          expect([score.nllNats, score.accuracy, score.nrmse].every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(TaskError);
        expect((error as Error).message).not.toContain("\n");
      }
    }),
    { numRuns: 40 },
  );
});

test("a trend is remarked on, and a dead end refused", async () => {
  const path = join(folder, "trend.csv");
  writeFileSync(path, Array.from({ length: 500 }, (_, i) => i + Math.sin(i)).join("\n"));
  expect((await openSeries({ series: path })).code(1).notes.join()).toContain("only 1 of 8 classes");
  writeFileSync(path, Array.from({ length: 500 }, (_, i) => (i < 350 ? Math.sin(i) : 2)).join("\n"));
  const dead = await openSeries({ series: path });
  expect(() => dead.code(1)).toThrow("every test value is 2, there is nothing to score");
});

describe("openSeries refuses in one line", () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  test.each([
    ["one value", "3\n", "expected at least"],
    ["a constant", "3\n".repeat(500), "every training value is 3"],
    ["two values only", "3\n4\n".repeat(500), "at least 8 different training values"],
  ])("%s", async (name, text, message) => {
    const task = await openSeries({ series: file(`${name}.csv`, text) });
    expect(() => task.code(1)).toThrow(message);
  });

  test("what is no series, column, class count or delay", async () => {
    await expect(openSeries({ series: "hennon" })).rejects.toThrow(
      "series hennon: expected laser, henon, mackey-glass, lorenz, cycle, noisy-cycle, sine, sunspots or a file",
    );
    await expect(openSeries({ series: "henon", column: 1 })).rejects.toThrow("henon is built in");
    await expect(openSeries({ classCount: 1 })).rejects.toThrow("from 2 to 32, got 1");
    await expect(openSeries({ series: "henon", delays: [1, 2] })).rejects.toThrow("the first 0");
    await expect(openSeries({ series: "henon", delays: [] })).rejects.toThrow("the first 0");
  });

  test("counts that are no counts, and too few places or steps", async () => {
    const task = await openSeries({ series: "henon" });
    expect(() => task.code(1, { trainCount: 0 })).toThrow("whole number above 0 for trainCount, got 0");
    expect(() => task.code(1, { testCount: 1.5 })).toThrow("for testCount, got 1.5");
    expect(() => task.code(1, { trainCount: 20 })).toThrow("32 places need as many training steps, got 20");
    expect(() => task.code(1, { activeCount: 40 })).toThrow("cannot pulse 40 of 32 places");
    const cycle = await openSeries({ series: "cycle" });
    expect(() => cycle.code(1, { sensoryCount: 7 })).toThrow(
      "8 symbols need as many sensory electrodes, got 7",
    );
    expect(cycle.code(1, { sensoryCount: 31 }).activeCount).toBe(3);
  });
});
