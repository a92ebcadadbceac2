import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../device/gate/limits.ts";
import { simulatedProfile } from "../device/simulated/array.ts";
import { pulsesFor } from "../device/stimulation.ts";
import type { TissueCommand } from "./commands.ts";
import { checkedPlans, checkedSpecs } from "./conformance/inputs.ts";
import { tissueChecks } from "./conformance/suite.ts";
import { type CultureSpec, StepOutOfOrder, type StepPlan, type StepResult, type Tissue } from "./contract.ts";
import { HeldCulture } from "./held-culture.ts";
import type { TissueProfile } from "./profile.ts";

const spec = checkedSpecs[0];
const plan = (step: number) => checkedPlans(step)[0];

describe("a brain", () => {
  it("refuses what the safety gate refuses, pulse by pulse, and sends the rest", async () => {
    const brain = await HeldCulture.grow(spec);
    const at = (frame: number) => pulsesFor([3], 1, frame, simulatedProfile)[0];
    // 2 ms (50 frames) between pulses of one electrode are the least: 10 is too near to 0, 60 is not.
    const { refused } = await brain.run(0, {
      ...plan(0),
      pulses: [at(0), at(10), at(60)],
    });
    expect(refused).toEqual([{ pulse: 1, rule: "interval" }]);
    const alone = await HeldCulture.grow(spec);
    await alone.run(0, { ...plan(0), pulses: [at(0), at(60)] });
    expect((await brain.run(1, plan(1))).spikes).toEqual((await alone.run(1, plan(1))).spikes);
  });

  it("has the gate's limits of its spec", async () => {
    const limits = { ...DEFAULT_LIMITS, maxPulsesPerSecondPerElectrode: 1 };
    const brain = await HeldCulture.grow({ ...spec, limits });
    const pulses = [0, 100].flatMap((frame) => pulsesFor([3], 1, frame, simulatedProfile));
    expect((await brain.run(0, { ...plan(0), pulses })).refused).toEqual([{ pulse: 1, rule: "rate" }]);
  });

  it("takes no pulse outside of its step", async () => {
    const brain = await HeldCulture.grow(spec);
    const pulses = pulsesFor([3], 1, plan(0).durationFrames, simulatedProfile);
    await expect(brain.run(0, { ...plan(0), pulses })).rejects.toThrow("expected pulses at frames 0 to");
  });

  it("stimulates no more once it is closed, and refuses a step that does not follow", async () => {
    const brain = await HeldCulture.grow(spec);
    await expect(brain.run(1, plan(1))).rejects.toThrow(StepOutOfOrder);
    await brain.close();
    await expect(brain.run(0, plan(0))).rejects.toThrow("stopped");
  });

  it("takes back no snapshot that is damaged, of another brain, or none at all", async () => {
    const snapshot = (await HeldCulture.grow(spec)).snapshot();
    expect(() => HeldCulture.revive(spec, 0, new Uint8Array(100))).toThrow("something else");
    expect(() => HeldCulture.revive(spec, 0, snapshot.subarray(0, -1))).toThrow("cut short or damaged");
    expect(() => HeldCulture.revive(checkedSpecs[1], 0, snapshot)).toThrow("another anatomy or parameters");
  });
});

/** The plain loop itself, held to the checks of all tissues. */
class Loop implements Tissue {
  private brains = new Map<number, HeldCulture>();

  async open(specs: readonly CultureSpec[], onGrown?: (brain: number) => void): Promise<void> {
    for (const spec of specs) {
      this.brains.set(spec.brain, await HeldCulture.grow(spec));
      onGrown?.(spec.brain);
    }
  }
  step(step: number, plans: readonly StepPlan[]): Promise<StepResult[]> {
    return Promise.all(plans.map((plan) => this.brainOf(plan.brain).run(step, plan)));
  }
  profile(brain: number): TissueProfile {
    return this.brainOf(brain).profile;
  }
  async perform<Command extends TissueCommand>(brain: number, command: Command) {
    return this.brainOf(brain).perform(command);
  }
  async snapshot(brains: readonly number[]): Promise<Uint8Array[]> {
    return brains.map((brain) => this.brainOf(brain).snapshot());
  }
  async restore(step: number, brains: readonly number[], snapshots: readonly Uint8Array[]): Promise<void> {
    brains.forEach((brain, i) => {
      this.brainOf(brain).restore(step, snapshots[i]);
    });
  }
  async close(): Promise<void> {
    for (const brain of this.brains.values()) await brain.close();
  }
  private brainOf(index: number): HeldCulture {
    const brain = this.brains.get(index);
    if (!brain) throw new RangeError(`no brain ${index}`);
    return brain;
  }
}

describe("a loop over brains", () => {
  for (const { name, run, isSkipped } of tissueChecks(async () => new Loop()))
    it.skipIf(isSkipped)(name, run);
});
