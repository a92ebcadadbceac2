/** What everything that holds brains of a wiring diagram must do: the same checks as for grown cultures, against a plain loop. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { saveWiring } from "../../wiring/file/save.ts";
import { readWiring } from "../../wiring/layouts/read.ts";
import { mushroom } from "../../wiring/testing/mushroom.ts";
import { sameBytes, sameResults } from "../conformance/compare.ts";
import type { Checked } from "../conformance/inputs.ts";
import { tissueChecks } from "../conformance/suite.ts";
import { type CultureSpec, deliveredPulses, StepOutOfOrder, type StepPlan } from "../contract.ts";
import { HeldCulture } from "../held-culture.ts";
import { localTissue } from "../local.ts";
import { tissueProfile } from "../profile.ts";
import { threadTissue } from "../threads/threads.ts";
import { Unable } from "../unable.ts";
import { wiredBrain } from "./brain.ts";
import type { WiringSpec } from "./spec.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-wired-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "mushroom.safetensors");
saveWiring(path, mushroom());

const wiring: WiringSpec = {
  path,
  lit: ["R0", "R1", "R2", "dopamine: DAN"],
  read: [{ eachOf: "MBON" }],
  learning: { by: "dopamine", senders: "KC", receivers: "MBON", modulators: "DAN", rule: { rate: 0.1 } },
};
const grown = { neurons: 120, div: 21, preset: "quiet" } as const;
const specs: CultureSpec[] = [
  { brain: 0, seed: 1, ...grown, wiring },
  {
    brain: 1,
    seed: 2,
    ...grown,
    wiring: { ...wiring, changes: [{ what: "targets", seed: 4, within: "class" }] },
  },
  { brain: 2, seed: 3, ...grown }, // a grown culture beside them
];
const light = (channel: number, frame: number, durationUs = 200_000) => ({
  ...{ channel, frame, phases: [] },
  light: { irradianceMwPerMm2: 1, durationUs },
});
const plans = (step: number): StepPlan[] =>
  specs.map(({ brain }) => ({
    ...{ brain, durationFrames: 3000 + 500 * step, plasticity: step === 2 ? 0 : 1 },
    pulses: brain === 2 ? [] : [light(step % 3, 0), light(3, 500), light(step % 3, 600)],
  }));

it("refuses a wiring with gap junctions, and says why", () => {
  const worm = join(folder, "worm.safetensors");
  const [chemical] = mushroom().layers;
  const gaps = { ...chemical!, name: "electrical", drives: false };
  saveWiring(worm, { ...mushroom(), layers: [chemical!, gaps] });
  expect(() => wiredBrain({ ...wiring, path: worm }, 1)).toThrow(
    /^[^\n]*gap junctions among \d+ connections: cells that they join are graded[^\n]*$/,
  );
  const file = "../shared/wiring/celegans-hermaphrodite-edges.csv";
  if (!existsSync(file)) return;
  return readWiring(file).then((read) => {
    saveWiring(worm, read);
    expect(() => wiredBrain({ path: worm, lit: ["AVAL"], read: ["AVAR"] }, 1)).toThrow(/gap junctions/);
  });
});

/** The same checks as of grown cultures, on brains of wiring diagrams alone. */
const wired: CultureSpec[] = [
  ...specs.slice(0, 2),
  { brain: 2, seed: 3, ...grown, wiring: { path, lit: wiring.lit, read: wiring.read, synapseMv: 0.4 } },
];
const ALL: Checked = {
  specs: wired,
  plans: (step) =>
    wired.map(({ brain }) => {
      const random = Random.of(7, step, brain);
      const pulses = [0, 1, 3].map((channel) =>
        light(channel, random.integer(2000), 50_000 + random.integer(100_000)),
      );
      return {
        brain,
        durationFrames: 2500 + 250 * random.integer(4),
        pulses,
        plasticity: random.integer(3) / 2,
      };
    }),
  crowded: () =>
    wired.map(({ brain }) => ({
      ...{ brain, durationFrames: 3000, plasticity: 1 },
      pulses: [light(brain, 0), light(brain, 500), light(brain, 2100, 50_000)],
    })),
  profile: (brain) => {
    const { abilities: _, ...profile } = profiles[brain];
    return profile;
  },
};
const profiles = wired.map(({ wiring: spec, seed }) => tissueProfile(wiredBrain(spec!, seed).profile, []));
const NOT_GROWN = "no grown culture among them";

describe.each([
  ["in this thread", () => localTissue()],
  ["in two worker threads", () => threadTissue(2)],
])("brains of a wiring diagram held %s", (_, make) => {
  const skip = (
    ["rewards before a step, where there is an eligibility", "reads, writes and scales synapses"] as const
  ).map((check) => ({ check, reason: NOT_GROWN }));
  for (const { name, run, isSkipped } of tissueChecks(async () => make(), skip, ALL))
    it.skipIf(isSkipped)(name, run);

  it("do to the bit what a plain loop does; the gate's refusals are told, a step asked twice lights once", async () => {
    const tissue = make();
    const loop = await Promise.all(specs.map((spec) => HeldCulture.grow(spec)));
    await tissue.open(specs);
    for (let step = 0; step < 3; step++) {
      const found = await tissue.step(step, plans(step));
      const expected = await Promise.all(plans(step).map((plan) => loop[plan.brain].run(step, plan)));
      sameResults(found, expected);
      sameResults(await tissue.step(step, plans(step)), expected);
      expect(found[0].refused).toEqual([{ pulse: 2, rule: "interval" }]);
      expect(deliveredPulses(plans(step)[0], found[0]).length).toBe(2);
      expect(found[0].spikes.frames.length).toBeGreaterThan(20);
    }
    sameBytes(
      await tissue.snapshot([0, 1, 2]),
      loop.map((brain) => brain.snapshot()),
    );
    await expect(tissue.step(9, plans(0))).rejects.toThrow(StepOutOfOrder);
    await tissue.close();
  });

  it("give what synapses have learnt as factors, and take them back", async () => {
    const tissue = make();
    await tissue.open(specs);
    expect(new Set(await tissue.perform(0, { kind: "read-learned" }))).toEqual(new Set([1]));
    await tissue.step(0, plans(0));
    const [before] = await tissue.snapshot([0]);
    const factors = await tissue.perform(0, { kind: "read-learned" });
    expect(factors.length).toBe(40 * 6);
    expect(Math.min(...factors)).toBeLessThan(0.99);
    await tissue.perform(0, { kind: "write-learned", factors: factors.map(() => 0.5) });
    expect(new Set(await tissue.perform(0, { kind: "read-learned" }))).toEqual(new Set([0.5]));
    await tissue.restore(1, [0], [before]);
    const again = await tissue.perform(0, { kind: "read-learned" });
    for (let i = 0; i < again.length; i++) expect(again[i]).toBeCloseTo(factors[i], 12);
    for (const bad of [factors.slice(1), factors.map(() => Number.NaN), factors.map(() => -1)])
      await expect(tissue.perform(0, { kind: "write-learned", factors: bad })).rejects.toThrow(
        /learned synapses: expected/,
      );
    await expect(tissue.perform(2, { kind: "read-learned" })).rejects.toThrow(Unable);
    await tissue.close();
  });

  it("go the same way from a snapshot, and say what they cannot do", async () => {
    const tissue = make();
    await tissue.open(specs);
    await tissue.step(0, plans(0));
    const early = await tissue.snapshot([0, 1, 2]);
    const future = await tissue.step(1, plans(1));
    await tissue.restore(1, [0, 1, 2], early);
    sameResults(await tissue.step(1, plans(1)), future);
    const revived = HeldCulture.revive(specs[1], 1, early[1]);
    sameResults([await revived.run(1, plans(1)[1])], [future[1]]);
    expect(tissue.profile(0).abilities).toEqual(["restore", "plasticity", "learned"]);
    expect(tissue.profile(0).lightChannels).toEqual([0, 1, 2, 3]);
    await expect(tissue.perform(0, { kind: "read-strengths" })).rejects.toThrow(Unable);
    await expect(tissue.step(2, [{ ...plans(0)[0], reward: 1 }])).rejects.toThrow(Unable);
    await tissue.close();
  });
});
