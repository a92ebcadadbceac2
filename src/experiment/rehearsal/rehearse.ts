/**
 * An experiment on paper: what would be done to a culture, in what order, how long it takes, how many pulses each electrode would be
 * given, and what the safety gate would refuse. The same babbling, walks and looks as in the run, on a device of paper; which
 * electrodes a descent writes to is not known beforehand, so as many are taken at random.
 */
import type { StimulableProfile } from "../../device/profile.ts";
import { SpreadPulses } from "../../device/protocols/spread.ts";
import { Random } from "../../math/random.ts";
import { methodOf } from "../../methods/registry.ts";
import type { Variation } from "../../methods/variation-names.ts";
import { variationWrites } from "../../methods/variations.ts";
import { layoutFor } from "../../protocol/layout.ts";
import { isProbed } from "../../session/conditions.ts";
import { Cultures } from "../../session/cultures.ts";
import { evokedResponse } from "../../session/evoked.ts";
import { cultureSeed, type Plan } from "../../session/plan.ts";
import { surveyCultures } from "../../session/survey.ts";
import { walk } from "../../session/walk.ts";
import type { Task } from "../../tasks/contract.ts";
import { type PaperTissue, paperTissue } from "../../tissue/dish/paper.ts";
import { BLOCK_SECONDS, LOOK_VOLLEYS } from "../dish/quiet.ts";
import { babbleFor } from "../job/begin.ts";
import { SURVEY } from "../roles/assign.ts";
import { type Rehearsal, RehearsalLog } from "./log.ts";

/** Of long quieting, whose every second is alike, so much is judged, and the rest counted after it. */
const JUDGED_SECONDS = 1200;

interface Stage {
  readonly plan: Plan;
  readonly task: Task;
  readonly seed: number;
  readonly cultures: Cultures;
  readonly tissue: PaperTissue;
  readonly log: RehearsalLog;
}

/** One culture, with the first of the plan's seeds and codes, through all its arms. */
export async function rehearse(plan: Plan, task: Task, profile: StimulableProfile): Promise<Rehearsal> {
  const seed = plan.firstSeed;
  const tissue = paperTissue(profile, plan.limits);
  const layout = layoutFor(profile, cultureSeed(plan, seed, 0), task.classes, plan.writeMs);
  const cultures = new Cultures(tissue, [layout], () => false);
  const log = new RehearsalLog(tissue, profile, layout.roles);
  const stage: Stage = { plan, task, seed, cultures, tissue, log };
  const [code] = plan.codes;
  if (plan.quietMinutes !== undefined) {
    await look(stage, "look at the evoked response");
    await quiet(stage, 60 * plan.quietMinutes);
  }
  if (plan.roles === "survey")
    await log.stage("survey of electrodes", () => surveyCultures(cultures, { seeds: [seed], ...SURVEY }));
  await log.stage("babble", () => babbleFor({ plan, code, cultures, task }, Random.of(seed, "begin", code)));
  log.pause("fit the models: the culture is left alone");
  await log.stage("probe before training", () => probe(stage, 0));
  for (const arm of plan.arms) await teach(stage, arm);
  if (plan.after.includes("retention") && plan.retentionSeconds > 0) {
    await log.stage("leave alone", () => cultures.rest(plan.retentionSeconds, 1));
    await log.stage("probe of what is left", () => probe(stage, plan.cycles));
  }
  await tissue.close();
  return log.finish();
}

async function teach(stage: Stage, arm: string): Promise<void> {
  const { plan, log } = stage;
  for (let cycle = 0; cycle < plan.cycles; cycle++) {
    if (cycle > 0) {
      if (plan.quietMinutes !== undefined) await look(stage, `look before cycle ${cycle + 1}`);
      if (arm === "descent") log.pause("refit the models: the culture is left alone");
    }
    await log.stage(`teach, ${arm}, cycle ${cycle + 1}`, () => train(stage, arm, cycle));
    if (isProbed(plan, cycle))
      await log.stage(`probe after cycle ${cycle + 1}`, () => probe(stage, cycle + 1));
  }
}

function look({ cultures, seed, log }: Stage, name: string): Promise<unknown> {
  const random = Random.of(seed, "rehearsed look", name);
  return log.stage(name, () => evokedResponse(cultures, { random, volleys: LOOK_VOLLEYS, plasticity: 1 }));
}

async function quiet({ cultures, seed, log }: Stage, seconds: number): Promise<void> {
  if (seconds === 0) return;
  const spread = new SpreadPulses(cultures.layouts[0].profile, Random.of(seed, "rehearsed quieting"));
  const judged = Math.min(seconds, JUDGED_SECONDS);
  const looks = Math.ceil(seconds / BLOCK_SECONDS);
  await log.stage(
    `quiet, ${(seconds / 60).toFixed(0)} min at most, a look every ${BLOCK_SECONDS / 60}`,
    async () => {
      for (let second = 0; second < judged; second++) await cultures.stimulate([spread.second(0)], 1000, 1);
    },
    seconds / judged,
  );
  await log.stage(
    "the looks of that",
    () =>
      evokedResponse(cultures, {
        random: Random.of(seed, "rehearsed looks"),
        volleys: LOOK_VOLLEYS,
        plasticity: 1,
      }),
    looks,
  );
}

function probe({ cultures, task, plan }: Stage, block: number): Promise<unknown> {
  const { layouts } = cultures;
  return walk(cultures, {
    world: task.world("probe", block, true),
    steps: plan.probeTrials,
    plasticity: 1,
    patterns: layouts.map(({ roles }) => roles.assigned),
  });
}

function train({ cultures, task, plan, seed }: Stage, arm: string, cycle: number): Promise<unknown> {
  const patterns = cultures.layouts.map(({ roles }) => roles.assigned);
  // What replays or descends writes as much as the arm `random` does.
  const like: Variation = arm === "teacher" || arm === "sham" ? arm : "random";
  const writes = variationWrites(like, { plan, seed, cycle, cultures, beginning: { patterns }, descent: [] });
  return walk(cultures, {
    world: task.world("train", cycle, true),
    steps: plan.presentations,
    plasticity: 1,
    patterns,
    ...(methodOf(plan.method).name === "stimulate" ? {} : { reading: 1 }),
    act: (moment) => ({ writes: writes(moment) }),
  });
}
