/**
 * What everything that holds cultures must do, as checks that any test can run. Each check makes a fresh tissue, compares it
 * with cultures stepped one after the other in a plain loop, and throws at the first thing that is wrong.
 */
import assert from "node:assert/strict";
import { deliveredPulses, StepOutOfOrder, type StepResult, type Tissue } from "../contract.ts";
import { HeldCulture } from "../held-culture.ts";
import { checkCommands, checkProfiles, checkReward, checkUnable } from "./abilities.ts";
import { sameBytes, sameResults } from "./compare.ts";
import { type Checked, GROWN, plainLoop } from "./inputs.ts";

export interface TissueCheck {
  /** With the reason, where it is skipped. */
  readonly name: string;
  readonly isSkipped: boolean;
  run(): Promise<void>;
}

const checks = {
  "does to the bit what a plain loop does": checkPlainLoop,
  "names the pulses that the gate refused, and delivers the others": checkRefusals,
  "answers a step asked twice the same, and stimulates once": checkTwice,
  "refuses steps out of order and goes on": checkOrder,
  "goes the same way from a snapshot, wherever it is put back": checkSnapshots,
  "says what each culture is read and written by": checkProfiles,
  "rewards before a step, where there is an eligibility": checkReward,
  "reads, writes and scales synapses": checkCommands,
  "refuses what a culture is unable to do": checkUnable,
};

const CLOSES = "holds nothing any more once it is closed";

export type CheckName = keyof typeof checks | typeof CLOSES;

export interface SkippedCheck {
  readonly check: CheckName;
  readonly reason: string;
}

/**
 * The checks for the tissues that `make` makes; each is closed by its check. `skip`: what they cannot pass, and why. `checked`: the brains
 * that they hold; grown cultures if not given.
 */
export function tissueChecks(
  make: () => Promise<Tissue>,
  skip: readonly SkippedCheck[] = [],
  checked: Checked = GROWN,
): TissueCheck[] {
  const withTissue = (check: (tissue: Tissue, checked: Checked) => Promise<void>) => async () => {
    const tissue = await make();
    try {
      await tissue.open(checked.specs);
      await check(tissue, checked);
    } finally {
      await tissue.close();
    }
  };
  const runs = Object.entries(checks).map(([name, check]) => ({ name, run: withTissue(check) }));
  return [...runs, { name: CLOSES, run: () => checkClose(make, checked) }].map(({ name, run }) => {
    const skipped = skip.find(({ check }) => check === name);
    return { name: skipped ? `${name}: ${skipped.reason}` : name, isSkipped: skipped !== undefined, run };
  });
}

const STEPS = 4;

async function checkPlainLoop(tissue: Tissue, checked: Checked): Promise<void> {
  const loop = await plainLoop(checked);
  for (let step = 0; step < STEPS; step++)
    sameResults(await tissue.step(step, checked.plans(step)), await loop.step(step));
  sameBytes(
    await tissue.snapshot([2, 0, 1]),
    [2, 0, 1].map((brain) => loop.brains[brain].snapshot()),
  );
}

async function checkRefusals(tissue: Tissue, checked: Checked): Promise<void> {
  const delivering = await plainLoop(checked);
  let clocks: number[] | undefined;
  for (let step = 0; step < 2; step++) {
    const plans = checked.crowded(step);
    const results = await tissue.step(step, plans);
    for (const { refused } of results) assert.deepEqual(refused, [{ pulse: 1, rule: "interval" }]);
    // The same to the bit if only the others had been planned.
    const delivered = plans.map((plan, i) => ({ ...plan, pulses: deliveredPulses(plan, results[i]) }));
    const alone = await delivering.step(step, delivered);
    sameResults(
      results.map((result) => ({ ...result, refused: [] })),
      alone,
    );
    if (clocks)
      assert.deepEqual(
        results.map(({ startFrame }) => startFrame),
        clocks,
      );
    clocks = results.map(({ startFrame }, i) => startFrame + plans[i].durationFrames);
  }
}

async function checkTwice(tissue: Tissue, checked: Checked): Promise<void> {
  const loop = await plainLoop(checked);
  const plans = checked.plans(0);
  const [first, meanwhile] = await Promise.all([tissue.step(0, plans), tissue.step(0, plans)]);
  const again = await tissue.step(0, plans);
  const expected = await loop.step(0);
  for (const results of [first, meanwhile, again]) sameResults(results, expected);
  // The safety gate's books are part of the state: a second stimulation would show.
  sameBytes(
    await tissue.snapshot([0, 1, 2]),
    loop.brains.map((brain) => brain.snapshot()),
  );
  sameResults(await tissue.step(1, checked.plans(1)), await loop.step(1));
}

async function checkOrder(tissue: Tissue, checked: Checked): Promise<void> {
  const outOfOrder = (error: unknown) => error instanceof StepOutOfOrder;
  const loop = await plainLoop(checked);
  await assert.rejects(tissue.step(1, checked.plans(1)), outOfOrder, "step 1 before step 0");
  for (let step = 0; step < 2; step++) {
    sameResults(await tissue.step(step, checked.plans(step)), await loop.step(step));
  }
  await assert.rejects(tissue.step(0, checked.plans(0)), outOfOrder, "step 0 after step 1");
  await assert.rejects(tissue.step(3, checked.plans(3)), outOfOrder, "step 3 after step 1");
  sameResults(await tissue.step(2, checked.plans(2)), await loop.step(2));
}

async function checkSnapshots(tissue: Tissue, checked: Checked): Promise<void> {
  const brains = [0, 1, 2];
  await tissue.step(0, checked.plans(0));
  const early = await tissue.snapshot(brains);
  const future: StepResult[][] = [];
  for (let step = 1; step < 3; step++) future.push(await tissue.step(step, checked.plans(step)));
  const late = await tissue.snapshot(brains);

  // Back in the same tissue, counting from another step.
  await tissue.restore(101, brains, early);
  await assert.rejects(tissue.step(1, checked.plans(1)), (error) => error instanceof StepOutOfOrder);
  for (const [i, expected] of future.entries())
    sameResults(await tissue.step(101 + i, checked.plans(1 + i)), expected);
  sameBytes(await tissue.snapshot(brains), late);

  // One culture alone goes back; the others stay.
  await tissue.restore(1, [1], [early[1]]);
  sameResults(await tissue.step(1, [checked.plans(1)[1]]), [future[0][1]]);
  sameBytes(await tissue.snapshot([0, 2]), [late[0], late[2]]);

  // And outside of the tissue.
  const revived = HeldCulture.revive(checked.specs[2], 1, early[2]);
  for (const [i, expected] of future.entries())
    sameResults([await revived.run(1 + i, checked.plans(1 + i)[2])], [expected[2]]);
  await revived.close();
}

async function checkClose(make: () => Promise<Tissue>, checked: Checked): Promise<void> {
  const tissue = await make();
  const grown: number[] = [];
  await tissue.open(checked.specs, (brain) => grown.push(brain));
  assert.deepEqual(grown.sort(), [0, 1, 2], "says of each brain once that it has grown");
  await tissue.step(0, checked.plans(0));
  await tissue.close();
  await tissue.close();
  await assert.rejects(tissue.step(1, checked.plans(1)), "a closed tissue stimulates nothing");
}
