import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../math/random.ts";
import { type CheckedShape, EMULATOR_CHECKS, madeUp, type Subject } from "./conformance.ts";
import type { Proposal, States } from "./contract.ts";
import { manyEmulator, type RoleOrder } from "./many/many.ts";
import type { JointModels } from "./many/models.ts";
import { compileJoint, type JointPrograms } from "./many/programs.ts";
import { compileModels } from "./one/models.ts";
import { oneEmulator } from "./one/one.ts";

const FIT_STEPS = 4;
const small = { bins: 3, channels: 8, places: 4, classes: 3 };
const single: CheckedShape = { ...small, brains: 1, unused: [] };
/** Seven of eight channels have a role. */
const several: CheckedShape = { ...small, brains: 3, unused: [7] };
const ROLES = 7;
const permuted: RoleOrder = {
  channels: small.channels,
  channelOf: [
    [3, 0, 6, 1, 5, 2, 4],
    [6, 5, 4, 3, 2, 1, 0],
    [0, 2, 4, 6, 1, 3, 5],
  ],
};

const disposals: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
});

/** Runs every check; one that is declared an exception must fail, so that no exception outlives its reason. */
function checkAll<M, I>(
  make: () => Promise<Subject<M, I>>,
  exceptions: Readonly<Record<string, string>> = {},
) {
  let subject: Subject<M, I>;
  beforeAll(async () => {
    subject = await make();
    disposals.push(() => subject.emulator.dispose());
  }, 60_000);
  it("declares exceptions of checks that there are", () => {
    expect(Object.keys(EMULATOR_CHECKS)).toEqual(expect.arrayContaining(Object.keys(exceptions)));
  });
  for (const [name, check] of Object.entries(EMULATOR_CHECKS)) {
    const reason = exceptions[name];
    if (reason === undefined) it(name, () => check(subject));
    else it(`not: ${name} (${reason})`, () => expect(check(subject)).rejects.toThrow(reason));
  }
}

describe("the emulator of one culture", () => {
  checkAll(
    async () => ({
      emulator: oneEmulator(await compileModels(single, "cpu"), FIT_STEPS),
      shape: single,
    }),
    {
      "disconnect keeps what a state says, and gives dynamics of its own":
        "one culture has no connections to others",
    },
  );
});

const compiled = () => compileJoint({ ...several, channels: ROLES, sight: "others" }, "cpu");

describe("the emulator of many cultures, their roles permuted", () => {
  checkAll(async () => ({ emulator: manyEmulator(await compiled(), permuted, FIT_STEPS), shape: several }));
});

describe("roles of channels", () => {
  let programs: JointPrograms;
  beforeAll(async () => {
    programs = await compiled();
    disposals.push(() => programs.dispose());
  });

  /** What an emulator makes of states, and what it would have the cultures do. */
  async function reading(order: RoleOrder, states: States) {
    const emulator = manyEmulator(programs, order, FIT_STEPS);
    const { classes } = madeUp(several, "roles");
    const { models } = await emulator.begin(states, Random.of(1), () => classes);
    const descent = await emulator.descent(models, { improved: emulator.dynamicsOf(models), past: null });
    await descent.descend(
      states.data.slice(0, several.brains * several.places),
      new Int32Array(3),
      Random.of(2),
    );
    return {
      read: await emulator.read(models, states),
      proposal: structuredClone(await descent.propose(Random.of(3))) as Proposal,
      models: structuredClone(models) as JointModels,
    };
  }

  it("permuted in the device and put in order again change no bit", async () => {
    const { states } = madeUp(several, "roles");
    const plain: RoleOrder = {
      channels: small.channels,
      channelOf: permuted.channelOf.map((row) => row.map((_, role) => role)),
    };
    /** The counts of the device in which role `role` has channel `channelOf[n][role]`. */
    const moved = (counts: Float32Array) => {
      const out = new Float32Array(counts.length);
      const { channels: C } = small;
      for (let row = 0; row < counts.length / C; row++) {
        const own = permuted.channelOf[Math.floor(row / small.bins) % several.brains];
        own.forEach((channel, role) => {
          out[row * C + channel] = counts[row * C + role];
        });
      }
      return out;
    };
    const inOrder = await reading(plain, states);
    const inDisorder = await reading(permuted, { ...states, counts: moved(states.counts) });
    expect(inDisorder.models).toEqual(inOrder.models);
    expect(inDisorder.read).toEqual(inOrder.read);
    expect(inDisorder.proposal.intended).toEqual(moved(inOrder.proposal.intended));
    expect(inDisorder.proposal.alone).toEqual(moved(inOrder.proposal.alone));
    expect(inDisorder.proposal.probabilities).toEqual(inOrder.proposal.probabilities);
  });
});
