import { expect, it } from "vitest";
import { UsageError } from "../manners/errors.ts";
import { vatConfigOf } from "./run.ts";

it("makes an experiment of options, with the arms of its task", () => {
  const config = vatConfigOf({ task: "peers", brains: "8", neurons: "300", streams: "laser, a.csv:mean" });
  expect(config).toMatchObject({ brains: 8, neurons: 300, seeds: 4, streams: ["laser", "a.csv:mean"] });
  expect(config.arms).not.toContain("feedback");
  expect(vatConfigOf({ task: "pong" }).arms).toContain("feedback");
});

it.each([
  [{ task: "chess" }, "--task"],
  [{ task: "peers", brains: "many" }, "--brains"],
  [{ task: "peers", arms: "descent,magic" }, "--arms"],
  [{ task: "peers", probeTrials: "1" }, "--probe-trials"],
  [{ task: "peers", arms: "yoked,descent" }, "--arms"],
  [{ task: "peers", arms: "feedback" }, "--arms"],
  [{ task: "signals" }, "--streams: expected at least one"],
  [{ task: "signals", streams: "laser,henon", brains: "1" }, '--brains "1"'],
  [{ task: "peers", dishes: "a" }, "--nats"],
  [{ task: "peers", dishes: "a,a", nats: "nats://127.0.0.1" }, "each once"],
  [{ task: "peers", dishes: "a", nats: "nats://127.0.0.1" }, "--seeds 1"],
])("names the option that is wrong: %j", (options, flag) => {
  expect(() => vatConfigOf(options)).toThrow(UsageError);
  expect(() => vatConfigOf(options)).toThrow(flag);
});
