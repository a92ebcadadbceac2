import { expect, it } from "vitest";
import { UsageError } from "../manners/errors.ts";
import { vatConfigOf } from "./options.ts";

it("makes an experiment of options, with the arms of its task", () => {
  const config = vatConfigOf({ task: "peers", brains: "8", neurons: "300", streams: "laser, a.csv:mean" });
  expect(config).toMatchObject({ brains: 8, neurons: 300, seeds: 4, streams: ["laser", "a.csv:mean"] });
  expect(config.arms).not.toContain("feedback");
  expect(vatConfigOf({ task: "pong" }).arms).toContain("feedback");
  expect(vatConfigOf({ task: "pong", brains: "1" }).arms).not.toContain("unconnected");
  const dish = { task: "peers", dishes: "a", nats: "nats://127.0.0.1", seeds: "1" };
  expect(vatConfigOf(dish).arms).toEqual(["descent"]);
});

it.each([
  [{ task: "chess" }, "--task"],
  [{ task: "peers", brains: "many" }, "--brains"],
  [{ task: "peers", arms: "descent,magic" }, "--arms"],
  [{ task: "peers", probeTrials: "1" }, "--probe-trials"],
  [{ task: "peers", arms: "yoked,descent" }, "--arms"],
  [{ task: "peers", arms: "feedback" }, "--arms"],
  [{ task: "signals" }, "--streams: expected at least one"],
  [
    { task: "signals", streams: "laser,henon", brains: "1" },
    "--brains: expected a brain for each of 2 streams, got 1",
  ],
  [{ task: "peers", brains: "1" }, "--brains: expected at least 2 brains for the task peers, got 1"],
  [{ task: "pong", brains: "1", arms: "descent,unconnected" }, "--arms: unconnected is the twin"],
  [{ task: "peers", dishes: "a" }, "--nats"],
  [{ task: "peers", dishes: "a,a", nats: "nats://127.0.0.1" }, "each once"],
  [{ task: "peers", dishes: "a", nats: "nats://127.0.0.1" }, "--seeds 1"],
])("names the option that is wrong: %j", (options, flag) => {
  expect(() => vatConfigOf(options)).toThrow(UsageError);
  expect(() => vatConfigOf(options)).toThrow(flag);
});

const ARMS = "descent, unconnected, teacher, yoked, random, frozen, sham";

it.each([
  [{ seeds: "x" }, '--seeds: expected a whole number of at least 1, got "x"'],
  [{ presentations: "3" }, '--presentations: expected a number of at least 16, got "3"'],
  [{ arms: "descent,foo" }, `--arms: expected names out of ${ARMS}, got "foo"`],
  [{ task: "pong", arms: "foo" }, `--arms: expected names out of ${ARMS}, feedback, got "foo"`],
  [{ task: "chess" }, '--task: expected one of peers, pong, doom, signals, got "chess"'],
  [{ preset: "loud" }, '--preset: expected one of default, quiet, got "loud"'],
  [{ div: "90" }, '--div: expected a number of at most 35, got "90"'],
  [{ brains: "" }, '--brains: expected a whole number of at least 1, got ""'],
])("says what was expected and what it got, in the words of organoid: %j", (options, line) => {
  expect(() => vatConfigOf({ task: "peers", ...options })).toThrow(new UsageError(line));
});
