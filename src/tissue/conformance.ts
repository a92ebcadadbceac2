/**
 * What every holder of brains must do, as checks that any test can run. Each check makes a fresh holder, compares it
 * with brains stepped one after the other in a plain loop, and throws at the first thing that is wrong.
 */
import assert from "node:assert/strict";
import { simulatedProfile } from "../device/simulated/array.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { Random } from "../math/random.ts";
import { Brain } from "./brain.ts";
import {
  type BrainHolder,
  type BrainSpec,
  StepOutOfOrder,
  type StepPlan,
  type StepResult,
} from "./contract.ts";

export interface HolderCheck {
  readonly name: string;
  run(): Promise<void>;
}

/** Three small brains, unlike each other. */
export const checkedSpecs: readonly BrainSpec[] = [
  { brain: 0, seed: 11, neurons: 120, div: 21, preset: "quiet" },
  { brain: 1, seed: 12, neurons: 125, div: 14, preset: "quiet", maximumWeight: 0.8 },
  { brain: 2, seed: 13, neurons: 130, div: 28, preset: "default" },
];

/** Pulses that a step may hold: some of them too close to each other for the gate. */
export function checkedPlans(step: number, specs: readonly BrainSpec[] = checkedSpecs): StepPlan[] {
  return specs.map(({ brain }) => {
    const random = Random.of(99, step, brain);
    const durationFrames = 1000 + 250 * random.integer(4);
    const pulses = Array.from({ length: random.integer(6) }, () =>
      pulsesFor([random.integer(8)], 1, random.integer(durationFrames), simulatedProfile),
    ).flat();
    return { brain, durationFrames, pulses, plasticity: random.integer(3) / 2 };
  });
}

/** The checks for the holders that `make` makes; each is closed by its check. */
export function holderChecks(make: () => Promise<BrainHolder>): HolderCheck[] {
  const withHolder = (check: (holder: BrainHolder) => Promise<void>) => async () => {
    const holder = await make();
    try {
      await holder.open(checkedSpecs);
      await check(holder);
    } finally {
      await holder.close();
    }
  };
  return Object.entries({
    "does to the bit what a plain loop does": withHolder(checkPlainLoop),
    "answers a step asked twice the same, and stimulates once": withHolder(checkTwice),
    "refuses steps out of order and goes on": withHolder(checkOrder),
    "goes the same way from a snapshot, wherever it is put back": withHolder(checkSnapshots),
    "holds nothing any more once it is closed": checkClose(make),
  }).map(([name, run]) => ({ name, run }));
}

const STEPS = 4;

async function checkPlainLoop(holder: BrainHolder): Promise<void> {
  const loop = await plainLoop();
  for (let step = 0; step < STEPS; step++)
    sameResults(await holder.step(step, checkedPlans(step)), await loop.step(step));
  sameBytes(
    await holder.snapshot([2, 0, 1]),
    [2, 0, 1].map((brain) => loop.brains[brain].snapshot()),
  );
}

async function checkTwice(holder: BrainHolder): Promise<void> {
  const loop = await plainLoop();
  const plans = checkedPlans(0);
  const [first, meanwhile] = await Promise.all([holder.step(0, plans), holder.step(0, plans)]);
  const again = await holder.step(0, plans);
  const expected = await loop.step(0);
  for (const results of [first, meanwhile, again]) sameResults(results, expected);
  // The safety gate's books are part of the state: a second stimulation would show.
  sameBytes(
    await holder.snapshot([0, 1, 2]),
    loop.brains.map((brain) => brain.snapshot()),
  );
  sameResults(await holder.step(1, checkedPlans(1)), await loop.step(1));
}

async function checkOrder(holder: BrainHolder): Promise<void> {
  const outOfOrder = (error: unknown) => error instanceof StepOutOfOrder;
  const loop = await plainLoop();
  await assert.rejects(holder.step(1, checkedPlans(1)), outOfOrder, "step 1 before step 0");
  for (let step = 0; step < 2; step++) {
    sameResults(await holder.step(step, checkedPlans(step)), await loop.step(step));
  }
  await assert.rejects(holder.step(0, checkedPlans(0)), outOfOrder, "step 0 after step 1");
  await assert.rejects(holder.step(3, checkedPlans(3)), outOfOrder, "step 3 after step 1");
  sameResults(await holder.step(2, checkedPlans(2)), await loop.step(2));
}

async function checkSnapshots(holder: BrainHolder): Promise<void> {
  const brains = [0, 1, 2];
  await holder.step(0, checkedPlans(0));
  const early = await holder.snapshot(brains);
  const future: StepResult[][] = [];
  for (let step = 1; step < 3; step++) future.push(await holder.step(step, checkedPlans(step)));
  const late = await holder.snapshot(brains);

  // Back in the same holder, counting from another step.
  await holder.restore(101, brains, early);
  await assert.rejects(holder.step(1, checkedPlans(1)), (error) => error instanceof StepOutOfOrder);
  for (const [i, expected] of future.entries())
    sameResults(await holder.step(101 + i, checkedPlans(1 + i)), expected);
  sameBytes(await holder.snapshot(brains), late);

  // One brain alone goes back; the others stay.
  await holder.restore(1, [1], [early[1]]);
  sameResults(await holder.step(1, [checkedPlans(1)[1]]), [future[0][1]]);
  sameBytes(await holder.snapshot([0, 2]), [late[0], late[2]]);

  // And outside of the holder.
  const revived = Brain.revive(checkedSpecs[2], 1, early[2]);
  for (const [i, expected] of future.entries())
    sameResults([await revived.run(1 + i, checkedPlans(1 + i)[2])], [expected[2]]);
  await revived.close();
}

const checkClose = (make: () => Promise<BrainHolder>) => async () => {
  const holder = await make();
  const grown: number[] = [];
  await holder.open(checkedSpecs, (brain) => grown.push(brain));
  assert.deepEqual(grown.sort(), [0, 1, 2], "says of each brain once that it has grown");
  await holder.step(0, checkedPlans(0));
  await holder.close();
  await holder.close();
  await assert.rejects(holder.step(1, checkedPlans(1)), "a closed holder stimulates nothing");
};

/** The brains of the checks without any holder. */
async function plainLoop() {
  const brains = await Promise.all(checkedSpecs.map((spec) => Brain.grow(spec)));
  return {
    brains,
    async step(step: number): Promise<StepResult[]> {
      const results: StepResult[] = [];
      for (const plan of checkedPlans(step)) results.push(await brains[plan.brain].run(step, plan));
      return results;
    },
  };
}

function sameResults(actual: readonly StepResult[], expected: readonly StepResult[]): void {
  assert.deepEqual(actual.map(plain), expected.map(plain));
}

function plain({ brain, spikes, refused }: StepResult) {
  return { brain, refused, frames: [...spikes.frames], channels: [...spikes.channels] };
}

function sameBytes(actual: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  assert.equal(actual.length, expected.length, "one snapshot for each brain asked for");
  actual.forEach((bytes, i) => {
    assert.ok(Buffer.compare(bytes, expected[i]) === 0, `snapshot ${i} is that of the plain loop`);
  });
}
