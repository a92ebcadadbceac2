import { expect, test } from "vitest";
import { DEFAULT_LIMITS, type StimulationLimits } from "../../device/gate/limits.ts";
import { simulatedProfile } from "../../device/simulated/array.ts";
import { taskOf } from "../job/setup.ts";
import { organoidConfig } from "../organoid/config.ts";
import { planOf } from "../plans.ts";
import { rehearse } from "./rehearse.ts";
import { rehearsalTable } from "./table.ts";

const rehearsed = async (arm: string, quietMinutes: number, limits?: StimulationLimits) => {
  const plan = planOf({
    kind: "organoid",
    config: organoidConfig.parse({
      series: "henon",
      seeds: 1,
      arms: [arm],
      codes: ["assigned"],
      dish: "cl1://127.0.0.1",
      cycles: 2,
      presentations: 40,
      probeTrials: 20,
      babbleTrials: 200,
      retentionSeconds: 5,
      quietMinutes,
      limits,
    }),
  });
  const task = (await taskOf(plan))(plan.firstSeed);
  return rehearse(plan, task, simulatedProfile);
};

test("counts the pulses and seconds that the protocol makes, stage by stage and electrode by electrode", async () => {
  const found = await rehearsed("teacher", 30);
  const stages = Object.fromEntries(
    found.stages.map(({ name, pulses, seconds }) => [name, [pulses, seconds]]),
  );
  // 3 volleys of 3 places, each with a write to 4 electrodes in training; 100 ms a presentation; 50 pulses a second of quieting.
  expect(stages).toMatchObject({
    "look at the evoked response": [60, 10],
    "quiet, 30 min at most, a look every 5": [90_000, 1800],
    "the looks of that": [360, 60],
    "probe before training": [180, 2],
    "teach, teacher, cycle 1": [840, 4],
    "look before cycle 2": [60, 10],
    "teach, teacher, cycle 2": [840, 4],
    "probe after cycle 2": [180, 2],
    "leave alone": [0, 5],
    "probe of what is left": [180, 2],
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  // Of an electrode they are rounded, for most of the quieting is counted after a part of it.
  expect(Math.abs(found.pulses - sum(found.electrodes.map(({ pulses }) => pulses)))).toBeLessThan(32);
  expect(found.pulses).toBe(sum(found.stages.map(({ pulses }) => pulses)));
  // Every pulse has 0.4 nC but those of babbled writes, which have half of it at least.
  const [babbled] = stages["babble"];
  expect(found.chargeNc).toBeLessThanOrEqual(0.4 * found.pulses);
  expect(found.chargeNc).toBeGreaterThanOrEqual(0.4 * found.pulses - 0.2 * babbled!);
  expect(found.refusedByRule).toEqual({});
  const sham = await rehearsed("sham", 0);
  const ofSham = sham.stages.find(({ name }) => name === "teach, sham, cycle 1");
  expect(ofSham?.pulses).toBe(360);
});

test("says what the gate would refuse, and by which rule", async () => {
  const found = await rehearsed("sham", 1, { ...DEFAULT_LIMITS, maxPulsesPerSecondOnArray: 40 });
  expect(Object.keys(found.refusedByRule)).toEqual(["array-rate"]);
  const refused = found.stages.reduce((sum, stage) => sum + stage.refused, 0);
  expect(refused).toBe(found.refusedByRule["array-rate"]);
  // Of 50 pulses in each second of quieting, 10.
  expect(found.stages.find(({ name }) => name.startsWith("quiet"))?.refused).toBe(600);
  expect(rehearsalTable(found)).toContain(`array-rate: ${refused} pulses`);
});
