/** The training cycle of a vat on `peers`, as `wetgrad vat run` goes through it: descend, propose, write, live, read. */

import { Programs, taskOf } from "../src/experiment/job/setup.ts";
import { planOf } from "../src/experiment/plans.ts";
import { vatConfig } from "../src/experiment/vat/config.ts";
import { Random } from "../src/math/random.ts";
import type { Training } from "../src/methods/contract.ts";
import { descendAndWrite } from "../src/methods/descend.ts";
import { LOW_PLASTICITY } from "../src/methods/plasticity.ts";
import { layoutFor } from "../src/protocol/layout.ts";
import { babble } from "../src/session/babble.ts";
import { Cultures } from "../src/session/cultures.ts";
import type { Plan } from "../src/session/plan.ts";
import type { Task } from "../src/tasks/contract.ts";
import type { CultureSpec, Tissue } from "../src/tissue/contract.ts";
import { wrapTissue } from "../src/tissue/wrap.ts";

/** What was spent: wall time and time of this process's cores. */
export interface Spent {
  wallMs: number;
  cpuMs: number;
}

export interface TrainedVat {
  readonly cultures: Cultures;
  readonly task: Task;
  /** Spent in the steps of the tissue. */
  readonly inSteps: Spent;
  /** Goes through some cycles, one step of every brain in each. */
  train(cycles: number): Promise<void>;
  dispose(): Promise<void>;
}

const SEED = 1;
const BABBLE_STEPS = 3;
const STRANGE_SHARE = 0.2;

export function specsOf(n: number): CultureSpec[] {
  return Array.from({ length: n }, (_, brain) => ({
    brain,
    seed: 1000 + brain,
    neurons: 1000,
    div: 21,
    preset: "quiet",
  }));
}

/** A vat of `n` brains in opened tissue, after a little babbling, in the midst of its training. */
export async function trainedVat(n: number, tissue: Tissue): Promise<TrainedVat> {
  const config = vatConfig.parse({ task: "peers", arms: ["descent"], presentations: 1000, probeTrials: 100 });
  const plan: Plan = { ...planOf({ kind: "vat", config }), brains: n };
  const task = (await taskOf(plan))(SEED);
  const layouts = specsOf(n).map(({ brain, seed }) => layoutFor(tissue.profile(brain), seed, task.classes));
  const inSteps: Spent = { wallMs: 0, cpuMs: 0 };
  const cultures = new Cultures(timed(tissue, inSteps), layouts, () => false);
  const programs = new Programs(plan.compute);
  // What it was fitted on does not change what a cycle costs.
  const emulator = await programs.ofMany(layouts, task, { fitSteps: 1, connected: n > 1 });
  const random = Random.of(SEED, "bench vat");
  const patterns = layouts.map(({ roles }) => roles.assigned);
  const { states, patternOf } = await babble(
    cultures,
    { task, patterns, strangeShare: STRANGE_SHARE, steps: BABBLE_STEPS, plasticity: LOW_PLASTICITY },
    random,
  );
  const { models, losses } = await emulator.begin(states, random, () => patternOf);
  const state = await cultures.snapshot();
  const training: Omit<Training<typeof models, ReturnType<typeof emulator.dynamicsOf>>, "plan"> = {
    seed: SEED,
    code: "assigned",
    task,
    arm: "descent",
    cycle: 0,
    cultures,
    emulator,
    beginning: { state, babbled: { states, classes: patternOf }, patterns, models, losses },
    models,
    before: [],
    descent: [],
    plasticity: 1,
    connected: true,
    onWrite: () => {},
    watch: () => {},
    pause: () => {},
  };
  return {
    cultures,
    task,
    inSteps,
    async train(cycles) {
      await descendAndWrite({ ...training, plan: { ...plan, presentations: cycles } });
    },
    dispose: () => programs.dispose(),
  };
}

/** Adds what `work` takes to `spent`. */
export async function spend<T>(spent: Spent, work: () => Promise<T>): Promise<T> {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  spent.wallMs += performance.now() - wall;
  const { user, system } = process.cpuUsage(cpu);
  spent.cpuMs += (user + system) / 1000;
  return result;
}

function timed(tissue: Tissue, spent: Spent): Tissue {
  return wrapTissue(tissue, {
    step: (step, plans) => spend(spent, () => tissue.step(step, plans)),
  });
}
