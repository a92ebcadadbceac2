import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DESCRIPTIONS } from "../methods/descriptions.ts";
import type { Plan } from "../session/plan.ts";
import type { Task } from "../tasks/contract.ts";
import type { TissuePlace } from "../tissue/place.ts";
import { checkPlan } from "./check.ts";
import { RunError } from "./error.ts";
import { taskOf } from "./job/setup.ts";
import { organoidConfig } from "./organoid/config.ts";
import { planOf } from "./plans.ts";
import { runExperiment } from "./run.ts";

const base: Plan = planOf({
  kind: "organoid",
  config: organoidConfig.parse({ series: "henon", seeds: 1, codes: ["assigned"], arms: ["descent", "sham"] }),
});
const here: TissuePlace = { kind: "local" };
const hosts: TissuePlace = { kind: "nats", nats: { url: "nats://127.0.0.1:1" }, vat: "v" };
const dish: TissuePlace = { ...hosts, dishes: [{ brain: 0, host: "bench" }] };

/** A plan that does not fit, and what is said of it. */
interface Case {
  readonly name: string;
  readonly plan: Partial<Plan>;
  readonly place?: TissuePlace;
  readonly expected: string;
  readonly got: string;
  readonly advice: string;
}

const replays: Case[] = [
  { method: "stimulate", arm: "yoked" },
  { method: "stimulate", arm: "frozen" },
  { method: "direct", arm: "random" },
].map(({ method, arm }) => ({
  name: `${method}: ${arm} without the descent`,
  plan: { method, arms: [arm, "sham"] },
  expected: "expected descent among the arms",
  got: `got ${arm}, sham`,
  advice: "add descent to --arms",
}));

const seriesMethods = Object.values(DESCRIPTIONS)
  .map(({ name }) => name)
  .filter((name) => !["stimulate", "error-correcting", "learned-descent"].includes(name));

const cases: Case[] = [
  {
    name: "an arm that the method does not have",
    plan: { method: "reward", arms: ["descent", "teacher"] },
    expected: "method reward: expected arms out of descent, yoked, frozen, sham",
    got: "got teacher",
    advice: "change --arms",
  },
  {
    name: "a reward under a rule that cannot wait for one",
    plan: { method: "reward", arms: ["descent"], rule: "soft-bound" },
    expected: "method reward: expected a rule whose steps can wait for a reward (normalised, ",
    got: "got soft-bound",
    advice: "change --rule",
  },
  ...replays,
  ...seriesMethods.map((method) => ({
    name: `${method} on a game`,
    plan: { method, task: "pong" },
    expected: `method ${method}: expected a task whose series is known ahead`,
    got: "got pong",
    advice: "choose another task",
  })),
  ...seriesMethods.map((method) => ({
    name: `${method} with several cultures`,
    plan: { method, task: "signals", brains: 3 },
    expected: `method ${method}: expected one culture`,
    got: "got 3",
    advice: "set --brains 1",
  })),
  {
    name: "feedback without a game",
    plan: { arms: ["descent", "feedback"] },
    expected: "arm feedback: expected a game with hits and misses",
    got: "got the task henon",
    advice: "leave it out of --arms",
  },
  {
    name: "the twin of one culture",
    plan: { arms: ["descent", "unconnected"], task: "pong" },
    expected: "arm unconnected: expected several cultures",
    got: "got one",
    advice: "leave it out of --arms",
  },
  ...["direct", "incremental"].map((method) => ({
    name: `${method} at hosts, whose synapses cannot be written`,
    plan: { method },
    place: hosts,
    expected: `method ${method}: expected tissue with the ability "synapses"`,
    got: "got tissue held at nats, which has restore, plasticity, reward",
    advice: "hold it on this machine",
  })),
  {
    name: "two arms on a dish",
    plan: {},
    place: dish,
    expected: "expected one seed, code and arm",
    got: "got 1 seeds, 1 codes and 2 arms",
    advice: "ask for one of each (--seeds 1)",
  },
  {
    name: "two seeds on a dish",
    plan: { seeds: 2, arms: ["sham"] },
    place: dish,
    expected: "expected one seed, code and arm",
    got: "got 2 seeds, 1 codes and 1 arms",
    advice: "ask for one of each (--seeds 1)",
  },
  {
    name: "rewards for a dish",
    plan: { method: "reward", arms: ["descent"] },
    place: dish,
    expected: 'method reward: expected tissue with the ability "plasticity"',
    got: "got tissue held at nats, which has none",
    advice: "hold it on this machine",
  },
  {
    name: "synapses of a dish on its device",
    plan: { method: "direct", arms: ["descent"] },
    place: { kind: "dish", address: "cl1://127.0.0.1" },
    expected: 'method direct: expected tissue with the ability "synapses"',
    got: "got tissue held at dish, which has none",
    advice: "leave --dish out",
  },
];

const tasks = new Map<string, Task>();
const keyOf = ({ task = base.task, brains = base.brains }: Partial<Plan>) => `${task} ${brains}`;
beforeAll(async () => {
  for (const { plan } of cases) tasks.set(keyOf(plan), (await taskOf({ ...base, ...plan }))(base.firstSeed));
});
const check = (plan: Partial<Plan>, place: TissuePlace = here) => {
  const task = tasks.get(keyOf(plan));
  if (!task) throw new Error(`no task ${keyOf(plan)}`);
  checkPlan({ ...base, ...plan }, task, place);
};

describe("a plan that does not fit is refused in one line: expected, got, what to do", () => {
  it.each(cases)("$name", ({ plan, place, expected, got, advice }) => {
    let message = "it was taken";
    try {
      check(plan, place);
    } catch (error) {
      expect(error).toBeInstanceOf(RunError);
      message = (error as Error).message;
    }
    for (const part of [expected, got, advice]) expect(message).toContain(part);
    expect(message).not.toContain("\n");
    expect(message.indexOf(expected)).toBeLessThan(message.indexOf(got));
    expect(message.indexOf(got)).toBeLessThan(message.lastIndexOf(advice));
  });

  it("a method that there is not", () => {
    expect(() => check({ method: "magic" })).toThrow(/^method: expected one of stimulate, .*, got magic$/);
  });
});

describe("a plan that fits", () => {
  it.each([
    ["every method with its arms on this machine", here, Object.values(DESCRIPTIONS).map(({ name }) => name)],
    ["methods of electrodes at hosts", hosts, ["stimulate", "error-correcting", "forward-forward", "reward"]],
  ])("%s", (_, place, methods) => {
    for (const method of methods) check({ method, arms: ["descent", "sham"] }, place);
  });

  it("one arm of electrodes on a dish", () => {
    for (const place of [dish, { kind: "dish", address: "cl1://127.0.0.1" } as const])
      for (const arm of ["descent", "teacher", "random", "sham"]) check({ arms: [arm] }, place);
  });
});

describe("an experiment that does not fit", () => {
  const root = mkdtempSync(join(tmpdir(), "wetgrad-check-"));
  afterAll(() => rmSync(root, { recursive: true }));

  it("is refused by its method's name before a folder is made or anything grows", async () => {
    const folder = join(root, "none");
    const config = organoidConfig.parse({ series: "henon", seeds: 1, method: "direct", arms: ["descent"] });
    const grown: number[] = [];
    const run = runExperiment(
      { kind: "organoid", config },
      folder,
      { wetgradVersion: "test", place: hosts, onGrown: (brain) => grown.push(brain) },
      () => expect.fail("it ran"),
    );
    await expect(run).rejects.toThrow(/^method direct: expected tissue with the ability "synapses"/);
    expect(existsSync(folder)).toBe(false);
    expect(grown).toEqual([]);
  });
});

it("passes that the cycles cannot be divided by are refused before the series is opened", async () => {
  await expect(taskOf({ ...base, cycles: 4, passes: 3 })).rejects.toThrow(
    "passes: expected a divisor of the 4 cycles, got 3; change --passes or --cycles",
  );
});
