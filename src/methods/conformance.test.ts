import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileModels, type ModelPrograms, type Models } from "../emulator/one/models.ts";
import { oneEmulator } from "../emulator/one/one.ts";
import { Random } from "../math/random.ts";
import { babble } from "../session/babble.ts";
import type { Plan } from "../session/plan.ts";
import { SEED, smallCultures, smallTask } from "../session/testing.ts";
import { METHOD_CHECKS, type Subject } from "./conformance.ts";
import { ELIGIBILITY_MS, LOW_PLASTICITY } from "./plasticity.ts";
import { methodOf } from "./registry.ts";

const [CYCLES, PRESENTATIONS, FIT_STEPS, BABBLED] = [2, 12, 6, 40];
let programs: ModelPrograms | undefined;
afterAll(() => programs?.dispose());

async function subjectOf(name: string): Promise<Subject<Models, unknown>> {
  const method = methodOf(name);
  const rewards = method.needs.tissue.includes("reward");
  let asked = false;
  const cultures = await smallCultures({
    ...(rewards ? { eligibilityMs: ELIGIBILITY_MS } : {}),
    tick: () => asked,
  });
  const stop = (now: boolean) => {
    asked = now;
  };
  const task = await smallTask();
  const [{ protocol, channels, roles }] = cultures.layouts;
  programs ??= await compileModels(
    { bins: protocol.bins, channels, places: roles.sensory.length, classes: task.classes },
    "cpu",
  );
  const emulator = oneEmulator(programs, FIT_STEPS);
  const random = Random.of(SEED, "methods conformance");
  const patterns = [roles.assigned];
  const { states, patternOf: classes } = await babble(
    cultures,
    { task, patterns, strangeShare: 0, steps: BABBLED, plasticity: LOW_PLASTICITY },
    random.split("babble"),
  );
  const { models, losses } = await emulator.begin(states, random.split("fit"), () => classes);
  const beginning = {
    state: await cultures.snapshot(),
    babbled: { states, classes },
    patterns,
    models,
    losses,
  };
  const plan = { cycles: CYCLES, presentations: PRESENTATIONS, brains: 1, stepBudget: 0.1, preset: "quiet" };
  const given = {
    plan: plan as unknown as Plan,
    seed: SEED,
    code: "assigned",
    task,
    cultures,
    emulator,
    beginning,
    models,
  } as const;
  return { method, cultures, beginning, stop, given };
}

/** Runs every check; one that is declared an exception must fail, so that no exception outlives its reason. */
function checkAll(method: string, exceptions: Readonly<Record<string, string>> = {}) {
  describe(`method ${method}`, () => {
    let subject: Subject<Models, unknown>;
    beforeAll(async () => {
      subject = await subjectOf(method);
    });
    it("declares exceptions of checks that there are", () => {
      expect(Object.keys(METHOD_CHECKS)).toEqual(expect.arrayContaining(Object.keys(exceptions)));
    });
    for (const [name, check] of Object.entries(METHOD_CHECKS)) {
      const reason = exceptions[name];
      if (reason === undefined) it(name, () => check(subject));
      else it(`not: ${name} (${reason})`, () => expect(check(subject)).rejects.toThrow());
    }
  });
}

checkAll("stimulate");
checkAll("error-correcting");
checkAll("learned-descent");
checkAll("direct");
checkAll("incremental");
checkAll("forward-forward");
checkAll("reward");
