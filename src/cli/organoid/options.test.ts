import { expect, test } from "vitest";
import { MAIN } from "../../experiment/organoid/config.ts";
import { UsageError } from "../manners/errors.ts";
import { comparisonOf } from "./compare-methods.ts";
import { assertDishOptions } from "./dish.ts";
import { defaultFolder, organoidConfigOf } from "./options.ts";

test("options become a configuration, --quick is overruled by what is named, and folders follow it", () => {
  expect(organoidConfigOf({})).toMatchObject({ series: "laser", seeds: 8, cycles: 4 });
  const quick = organoidConfigOf({ quick: true, seeds: "3", code: "free, assigned" });
  expect(quick).toMatchObject({
    seeds: 3,
    cycles: 1,
    arms: ["descent", "random", "sham"],
    codes: ["free", "assigned"],
  });
  expect(defaultFolder(quick)).toBe(defaultFolder({ ...quick }));
  expect(defaultFolder(quick)).not.toBe(defaultFolder({ ...quick, seeds: 4 }));
  expect(defaultFolder({ ...quick, series: "../x/my data.csv" })).toMatch(/^runs.my-data-[0-9a-f]{8}$/);
  expect(() => organoidConfigOf({ seeds: "Infinity" })).toThrow(UsageError);
  expect(() => organoidConfigOf({ seeds: "" })).toThrow(UsageError);
});

test("--main is what npm start runs, overruled by --quick and by what is named", () => {
  const main = organoidConfigOf({ main: true, series: "henon", seeds: "2" });
  expect(main).toMatchObject({ ...MAIN, series: "henon", seeds: 2 });
  expect(organoidConfigOf({ main: true, quick: true })).toEqual(organoidConfigOf({ quick: true }));
  expect(() => organoidConfigOf({ main: true, dish: "cl1://a" })).toThrow("--main: expected without --dish");
});

test("each method has the arms that are its own, unless some are named", () => {
  expect(organoidConfigOf({ method: "direct" }).arms).toEqual(["descent", "yoked", "random", "sham"]);
  expect(organoidConfigOf({ method: "direct", arms: "descent" }).arms).toEqual(["descent"]);
  expect(organoidConfigOf({ method: "stimulate" })).toEqual(organoidConfigOf({}));
});

const ARMS = "descent, teacher, yoked, random, frozen, sham";

test.each([
  [{ seeds: "x" }, '--seeds: expected a whole number of at least 1, got "x"'],
  [{ seeds: "1.5" }, '--seeds: expected a whole number of at least 1, got "1.5"'],
  [{ presentations: "3" }, '--presentations: expected a number of at least 16, got "3"'],
  [{ arms: "descent,foo" }, `--arms: expected names out of ${ARMS}, got "foo"`],
  [
    { arms: "foo", method: "reward" },
    '--arms: expected names out of descent, yoked, frozen, sham, got "foo"',
  ],
  [{ arms: "descent,positive" }, `--arms: expected names out of ${ARMS}, got "positive"`],
  [{ code: "own" }, '--code: expected names out of assigned, free, got "own"'],
  [
    { method: "magic" },
    '--method: expected one of stimulate, direct, incremental, forward-forward, error-correcting, learned-descent, reward, got "magic"',
  ],
  [{ div: "90" }, '--div: expected a number of at most 35, got "90"'],
  [{ retention: "" }, '--retention: expected a number of at least 0, got ""'],
  [{ stepBudget: "0" }, '--step-budget: expected a number above 0, got "0"'],
])("organoid says what was expected and what it got: %j", (options, line) => {
  expect(() => organoidConfigOf(options)).toThrow(new UsageError(line));
});

test("compare-methods takes the experiment's options, and lists of its own", () => {
  expect(comparisonOf({ seeds: "2", budgets: "none" })).toMatchObject({
    series: ["henon", "laser"],
    budgets: [],
    base: { seeds: 2, cycles: 4, codes: ["assigned"], retentionSeconds: 0 },
  });
  expect(comparisonOf({}).base.seeds).toBe(5);
  expect(comparisonOf({}).budgets).toEqual([0.003, 0.01, 0.03, 0.3]);
});

test.each([
  [{ seeds: "x" }, '--seeds: expected a whole number of at least 1, got "x"'],
  [{ presentations: "3" }, '--presentations: expected a number of at least 16, got "3"'],
  [
    { methods: "direct,magic" },
    '--methods: expected names out of stimulate, direct, incremental, forward-forward, error-correcting, learned-descent, reward, got "magic"',
  ],
  [{ budgets: "0.1,many" }, '--budgets: expected a number above 0, got "many"'],
  [{ budgets: "2" }, '--budgets: expected a number of at most 1, got "2"'],
])("compare-methods does so in the same words: %j", (options, line) => {
  expect(() => comparisonOf(options)).toThrow(new UsageError(line));
});

test("teaches a dish once, under the conditions of one", () => {
  const dish = "cl1://127.0.0.1";
  const one = { dish, seeds: 1, arms: ["descent"], codes: ["assigned"], babbleTrials: 500 };
  expect(organoidConfigOf({ dish })).toMatchObject(one);
  expect(organoidConfigOf({ dish, quick: true, method: "learned-descent" })).toMatchObject({
    ...one,
    cycles: 1,
  });
  expect(organoidConfigOf({ conditions: "dish" })).toMatchObject({ seeds: 8, babbleTrials: 500 });
  expect(organoidConfigOf({ dish, writeAfter: "10" })).toMatchObject({ writeMs: 10 });
  expect(organoidConfigOf({ dish, arms: "sham", babbleTrials: "300" })).toMatchObject({
    arms: ["sham"],
    babbleTrials: 300,
  });
});

test.each([
  [{ dish: "cl1://a", neurons: "200" }, "--dish: expected without --neurons"],
  [{ dish: "cl1://a", nats: "nats://b" }, "--dish: expected without --nats"],
  [{ dish: "cl1://a", conditions: "ideal" }, "--conditions: expected dish with --dish, got ideal"],
  [{ file: "lab.json" }, "--file: expected with --dish"],
  [{ quieting: "10" }, "--quieting: expected with --dish"],
])("a dish goes with what a dish has: %j", (options, line) => {
  expect(() => assertDishOptions(options, options as { dish?: string })).toThrow(line);
});
