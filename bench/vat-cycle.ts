/** The training cycle of a vat on `peers`, as `wetgrad vat run` goes through it: descend, propose, write, live, read. */

import type { VatItem } from "../src/emulator/many/descent.ts";
import { initModels } from "../src/emulator/many/models.ts";
import { compileVat } from "../src/emulator/many/programs.ts";
import { babbleVat } from "../src/experiment/vat/babbling.ts";
import { live, type Vat } from "../src/experiment/vat/living.ts";
import { descentWrites } from "../src/experiment/vat/writers.ts";
import { Random } from "../src/math/random.ts";
import { bodyOf } from "../src/protocol/body.ts";
import { peersTask } from "../src/tasks/worlds/peers.ts";
import type { BrainHolder, BrainSpec } from "../src/tissue/contract.ts";

/** What was spent: wall time and time of this process's cores. */
export interface Spent {
  wallMs: number;
  cpuMs: number;
}

export interface TrainedVat {
  readonly vat: Vat;
  /** Spent in the steps of the holder. */
  readonly inSteps: Spent;
  /** Goes through some cycles, one step of every brain in each. */
  train(cycles: number): Promise<void>;
  dispose(): Promise<void>;
}

export function specsOf(n: number): BrainSpec[] {
  return Array.from({ length: n }, (_, brain) => ({
    brain,
    seed: 1000 + brain,
    neurons: 1000,
    div: 21,
    preset: "quiet",
  }));
}

/** A vat of `n` brains in an opened holder, after a little babbling, in the midst of its training. */
export async function trainedVat(n: number, holder: BrainHolder): Promise<TrainedVat> {
  const task = peersTask({ seed: 1, brains: n, train: 1000, probe: 100 });
  const programs = await compileVat(n, task.classes, n > 1 ? task.sight : "self");
  const inSteps: Spent = { wallMs: 0, cpuMs: 0 };
  const vat: Vat = {
    holder: timed(holder, inSteps),
    bodies: specsOf(n).map(({ seed }) => bodyOf(seed, task.classes)),
    task,
    clock: 0,
    tick: () => false,
  };
  const random = Random.of(1, "bench vat");
  const { states } = await babbleVat(vat, 3, random);
  const models = initModels(random, programs.shape, states);
  programs.descent.begin(models);
  programs.descent.restart(models.dynamics);
  const items: VatItem[] = [];
  const writes = descentWrites(programs, vat.bodies, items, random, {
    roles: [],
    crossEntropy: [],
    overlap: [],
  });
  const world = task.world("train", 0, true);
  return {
    vat,
    inSteps,
    async train(steps) {
      await live(vat, world, models, programs.coder, { steps, plasticity: 1, writes });
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

function timed(holder: BrainHolder, spent: Spent): BrainHolder {
  return {
    open: (specs, onGrown) => holder.open(specs, onGrown),
    snapshot: (brains) => holder.snapshot(brains),
    restore: (step, brains, snapshots) => holder.restore(step, brains, snapshots),
    close: () => holder.close(),
    step: (step, plans) => spend(spent, () => holder.step(step, plans)),
  };
}
