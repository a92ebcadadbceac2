import { describe, expect, it } from "vitest";
import { simulatedProfile } from "../device/simulated/array.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { Brain } from "./brain.ts";
import { checkedPlans, checkedSpecs, holderChecks } from "./conformance.ts";
import {
  type BrainHolder,
  type BrainSpec,
  StepOutOfOrder,
  type StepPlan,
  type StepResult,
} from "./contract.ts";

const spec = checkedSpecs[0];
const plan = (step: number) => checkedPlans(step)[0];

describe("a brain", () => {
  it("refuses what the safety gate refuses, pulse by pulse, and sends the rest", async () => {
    const brain = await Brain.grow(spec);
    const at = (frame: number) => pulsesFor([3], 1, frame, simulatedProfile)[0];
    // 2 ms (50 frames) between pulses of one electrode are the least: 10 is too near to 0, 60 is not.
    const { refused } = await brain.run(0, {
      ...plan(0),
      pulses: [at(0), at(10), at(60)],
    });
    expect(refused).toBe(1);
    const alone = await Brain.grow(spec);
    await alone.run(0, { ...plan(0), pulses: [at(0), at(60)] });
    expect((await brain.run(1, plan(1))).spikes).toEqual((await alone.run(1, plan(1))).spikes);
  });

  it("takes no pulse outside of its step", async () => {
    const brain = await Brain.grow(spec);
    const pulses = pulsesFor([3], 1, plan(0).durationFrames, simulatedProfile);
    await expect(brain.run(0, { ...plan(0), pulses })).rejects.toThrow("expected pulses at frames 0 to");
  });

  it("stimulates no more once it is closed, and refuses a step that does not follow", async () => {
    const brain = await Brain.grow(spec);
    await expect(brain.run(1, plan(1))).rejects.toThrow(StepOutOfOrder);
    await brain.close();
    await expect(brain.run(0, plan(0))).rejects.toThrow("stopped");
  });

  it("takes back no snapshot that is damaged, of another brain, or none at all", async () => {
    const snapshot = (await Brain.grow(spec)).snapshot();
    expect(() => Brain.revive(spec, 0, new Uint8Array(100))).toThrow("something else");
    expect(() => Brain.revive(spec, 0, snapshot.subarray(0, -1))).toThrow("cut short or damaged");
    expect(() => Brain.revive(checkedSpecs[1], 0, snapshot)).toThrow("another anatomy or parameters");
  });
});

/** The plain loop itself, held to the checks of all holders. */
class Loop implements BrainHolder {
  private brains = new Map<number, Brain>();

  async open(specs: readonly BrainSpec[], onGrown?: (brain: number) => void): Promise<void> {
    for (const spec of specs) {
      this.brains.set(spec.brain, await Brain.grow(spec));
      onGrown?.(spec.brain);
    }
  }
  step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]> {
    return Promise.all(plans.map((plan) => this.brains.get(plan.brain)!.run(step, plan)));
  }
  async snapshot(brains: readonly number[]): Promise<Uint8Array[]> {
    return brains.map((brain) => this.brains.get(brain)!.snapshot());
  }
  async restore(step: number, brains: readonly number[], snapshots: readonly Uint8Array[]): Promise<void> {
    brains.forEach((brain, i) => {
      this.brains.get(brain)!.restore(step, snapshots[i]);
    });
  }
  async close(): Promise<void> {
    for (const brain of this.brains.values()) await brain.close();
  }
}

describe("a loop over brains", () => {
  for (const { name, run } of holderChecks(async () => new Loop())) it(name, run);
});
