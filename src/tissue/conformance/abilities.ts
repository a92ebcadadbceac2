/** Checks of what only some tissue can do: profiles, rewards, commands. */
import assert from "node:assert/strict";
import type { TissueCommand } from "../commands.ts";
import type { StepPlan, Tissue } from "../contract.ts";
import { ABILITIES } from "../profile.ts";
import { Unable } from "../unable.ts";
import { sameBytes, sameResults } from "./compare.ts";
import { type Checked, checkedPlans, checkedSpecs, plainLoop, REWARDED } from "./inputs.ts";

export async function checkProfiles(tissue: Tissue, { specs, profile }: Checked): Promise<void> {
  for (const { brain, eligibilityMs } of specs) {
    const { abilities, ...device } = tissue.profile(brain);
    assert.deepEqual(device, profile(brain), "the profile of its device");
    assert.ok(abilities.includes("restore") && abilities.includes("plasticity"));
    for (const ability of abilities) assert.ok(ABILITIES.includes(ability));
    assert.equal(abilities.includes("reward"), eligibilityMs !== undefined, "the one with an eligibility");
  }
  assert.throws(() => tissue.profile(9), /brain 9/);
}

export async function checkReward(tissue: Tissue): Promise<void> {
  const loop = await plainLoop();
  const [before, rewarded] = [checkedPlans(0), rewardedAt(1, REWARDED)];
  sameResults(await tissue.step(0, before), await loop.step(0, before));
  const unrewarded = await tissue.snapshot([REWARDED]);
  sameResults(await tissue.step(1, rewarded), await loop.step(1, rewarded));
  const after = await tissue.snapshot([REWARDED]);
  sameBytes(after, [loop.brains[REWARDED].snapshot()]);
  await tissue.restore(1, [REWARDED], unrewarded);
  await tissue.step(1, [checkedPlans(1)[REWARDED]]);
  const [without] = await tissue.snapshot([REWARDED]);
  assert.notEqual(Buffer.compare(after[0], without), 0, "a reward changes the culture");

  const { brain } = checkedSpecs[0];
  await assert.rejects(tissue.step(2, rewardedAt(2, brain)), Unable, "no reward without an eligibility");
  const [first] = await loop.step(2);
  sameResults(await tissue.step(2, [checkedPlans(2)[brain]]), [first]);
}

function rewardedAt(step: number, brain: number): StepPlan[] {
  return checkedPlans(step).map((plan) => (plan.brain === brain ? { ...plan, reward: 0.5 } : plan));
}

export async function checkCommands(tissue: Tissue): Promise<void> {
  const loop = await plainLoop();
  const { brain } = checkedSpecs[0];
  const culture = loop.brains[brain];
  const both = async <Command extends TissueCommand>(command: Command) => {
    const [answer, expected] = [await tissue.perform(brain, command), await culture.perform(command)];
    assert.deepEqual(answer, expected, command.kind);
    return answer;
  };
  const { synapses, plastic } = await both({ kind: "read-tissue" });
  const written = [...plastic.subarray(0, 5)];
  const strength = written.map((synapse) => 0.5 * synapses.strength[synapse]);
  const { changed } = await both({ kind: "write-synapses", write: { synapses: written, strength } });
  assert.equal(changed, written.length);
  await both({ kind: "scale-excitation", factor: 0.9 });
  const strengths = await both({ kind: "read-strengths" });
  assert.equal(strengths.length, synapses.strength.length);
  await both({ kind: "permute-synapses", from: Uint32Array.from(strengths.keys()) });
  const plans = [checkedPlans(0)[brain]];
  // Asked while the step is being done, it is done after it.
  const [results, later] = await Promise.all([
    tissue.step(0, plans),
    tissue.perform(brain, { kind: "read-strengths" }),
  ]);
  sameResults(results, await loop.step(0, plans));
  assert.deepEqual(later, await culture.perform({ kind: "read-strengths" }), "strengths after the step");
  sameBytes(await tissue.snapshot([brain]), [culture.snapshot()]);
}

export async function checkUnable(tissue: Tissue): Promise<void> {
  const { abilities } = tissue.profile(0);
  const commands = {
    scaling: { kind: "scale-excitation", factor: 1 },
    synapses: { kind: "read-strengths" },
  } as const;
  for (const ability of ["scaling", "synapses"] as const) {
    const asked = tissue.perform(0, commands[ability]);
    if (abilities.includes(ability)) await asked;
    else
      await assert.rejects(asked, (error: Error) => {
        assert.ok(error instanceof Unable && error.ability === ability);
        assert.match(error.message, new RegExp(`"${ability}", got .*; a simulated culture`));
        return true;
      });
  }
}
