/**
 * Checks that every emulator (contract.ts) must meet, of one culture or of many. An emulator that cannot meet one declares it
 * with a reason. Legend as in contract.ts.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "../compute/index.ts";
import { Random } from "../math/random.ts";
import {
  type Babbled,
  type Descended,
  type Descent,
  type DescentStart,
  type Emulator,
  NOTHING,
  type Proposal,
  STRANGE,
  type States,
} from "./contract.ts";

/** What the emulator under test was made for. */
export type CheckedShape = Pick<States, "brains" | "bins" | "channels" | "places"> & {
  readonly classes: number;
  /** Channels that have no role: nothing is ever intended on them. */
  readonly unused: readonly number[];
};

export interface Subject<Models, Improved> {
  readonly emulator: Emulator<Models, Improved>;
  readonly shape: CheckedShape;
}

type Check = <M, I>(subject: Subject<M, I>) => Promise<void>;

const STEPS = 24;
const random = (...names: string[]) => Random.of(11, "emulator conformance", ...names);

export const EMULATOR_CHECKS: Readonly<Record<string, Check>> = {
  async "begin gives the same bits again, and leaves what it was given as it was"({ emulator, shape }) {
    const { states, classes } = madeUp(shape, "babbled");
    const [first, second] = [structuredClone(states), structuredClone(states)];
    const begun = [];
    for (const given of [first, second])
      begun.push(
        await emulator.begin(given, random("begin"), (patches) => {
          assert.equal(patches.length, STEPS * shape.brains * emulator.latents, "patches [R, N, Z]");
          return classes;
        }),
      );
    assert.deepEqual(begun[1], begun[0]);
    assert.deepEqual(first, states);
  },

  async "read gives a row of probabilities for every brain and presentation"(subject) {
    const { emulator, shape } = subject;
    const { models } = await begun(subject);
    const { states } = madeUp(shape, "read");
    const { probabilities, patches } = await emulator.read(models, states);
    rowsOfProbabilities(probabilities, STEPS, shape);
    assert.equal(patches.length, STEPS * shape.brains * emulator.latents);
  },

  async "a descent proposes states of the device, and what it expects of a class"(subject) {
    const { shape } = subject;
    const { descent } = await descending(subject);
    const { descended, proposal } = await step(descent, shape, 0);
    rowsOfProbabilities(Float32Array.from(descended.forecast), 1, shape);
    rowsOfProbabilities(proposal.probabilities, 1, shape);
    for (const counts of [proposal.intended, proposal.alone]) {
      assert.equal(counts.length, shape.brains * shape.bins * shape.channels);
      assert.ok(counts.every((count) => count >= 0 && Number.isFinite(count)));
    }
  },

  async "states come back in the channel order in which they were given"(subject) {
    const { shape } = subject;
    const { descent } = await descending(subject);
    const { alone } = (await step(descent, shape, 0)).proposal;
    for (let row = 0; row < shape.brains * shape.bins; row++) {
      const brain = Math.floor(row / shape.bins);
      const expected = alone.subarray(row * shape.channels, (row + 1) * shape.channels);
      const of = (loud: boolean) =>
        [...expected].filter(
          (_, channel) => !shape.unused.includes(channel) && isLoud(brain, channel) === loud,
        );
      assert.ok(
        Math.min(...of(true)) > Math.max(...of(false)),
        `brain ${brain}: expected most where (channel + ${brain}) % 3 is 0, got ${expected}`,
      );
      for (const channel of shape.unused) assert.equal(expected[channel], 0, `unused channel ${channel}`);
    }
  },

  async "a descent goes on from its state to the bit"(subject) {
    const whole = await course(await descending(subject), subject.shape, 0, 4);
    const half = await descending(subject);
    const before = await course(half, subject.shape, 0, 2);
    const state = structuredClone(half.descent.state());
    // Another descent in between: the programs are shared.
    await course(await descending(subject), subject.shape, 5, 6);
    const after = await course(await descending(subject, { past: null, state }), subject.shape, 2, 4);
    assert.deepEqual([...before.steps, ...after.steps], whole.steps);
    assert.deepEqual(after.improved, whole.improved);
  },

  async "a descent leaves the models that it began with as they were"(subject) {
    const at = await descending(subject);
    const before = structuredClone(at.models);
    const { improved } = await course(at, subject.shape, 0, 2);
    assert.deepEqual(at.models, before);
    assert.notDeepEqual(improved, subject.emulator.dynamicsOf(at.models));
  },

  async "refit learns, and leaves what it was given as it was"(subject) {
    const { emulator, shape } = subject;
    const { models } = await begun(subject);
    const given = { models, babbled: madeUp(shape, "babbled"), recorded: [madeUp(shape, "later").states] };
    const before = structuredClone(given);
    const refit = () => emulator.refit(given.models, given.babbled, given.recorded, random("refit"));
    const fitted = await refit();
    assert.deepEqual(given, before);
    assert.notDeepEqual(fitted.models, models);
    assert.deepEqual(await refit(), fitted);
  },

  async "disconnect keeps what a state says, and gives dynamics of its own"(subject) {
    const { emulator, shape } = subject;
    const { models } = await begun(subject);
    const babbled = madeUp(shape, "babbled");
    const apart = await emulator.disconnect(models, babbled, random("disconnect"));
    const read = async (of: typeof models) => (await emulator.read(of, babbled.states)).patches;
    const expected = await read(models);
    // Patches are normalised anew, which rounds them.
    for (const [i, value] of (await read(apart)).entries())
      assert.ok(
        Math.abs(value - expected[i]) < 1e-5,
        `patch value ${i}: expected ${expected[i]}, got ${value}`,
      );
    assert.notDeepEqual(emulator.dynamicsOf(apart), emulator.dynamicsOf(models));
  },

  async "alone predicts from data without any culture"(subject) {
    const { emulator, shape } = subject;
    const { models } = await begun(subject);
    const { data } = madeUp(shape, "alone").states;
    const alone = () => emulator.alone(models, emulator.dynamicsOf(models), data, random("alone"));
    const probabilities = await alone();
    rowsOfProbabilities(probabilities, STEPS, shape);
    assert.deepEqual(await alone(), probabilities);
  },

  async "what is kept is read back from its file as it was"(subject) {
    const at = await descending(subject);
    const { improved } = await course(at, subject.shape, 0, 1);
    const kept = subject.emulator.kept(at.models, improved);
    const folder = mkdtempSync(join(tmpdir(), "wetgrad-emulator-"));
    try {
      const file = join(folder, "models.safetensors");
      await writeSafetensors(file, kept);
      const { tensors } = await readSafetensors(file);
      assert.deepEqual(tensors, kept);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Presentations in which every brain has loud channels of its own. */
export function madeUp({ brains, bins, channels, places, classes }: CheckedShape, name: string): Babbled {
  const drawn = random("made up", name);
  const rows = STEPS * brains;
  const states: States = {
    steps: STEPS,
    brains,
    bins,
    channels,
    places,
    counts: Float32Array.from({ length: rows * bins * channels }, (_, i) => {
      const brain = Math.floor(i / (bins * channels)) % brains;
      return isLoud(brain, i % channels) ? 8 + drawn.integer(5) : drawn.integer(2);
    }),
    data: Float32Array.from({ length: rows * places }, () => drawn.integer(2)),
    written: Float32Array.from({ length: rows }, () => drawn.integer(2)),
  };
  const least = Math.min(NOTHING, STRANGE);
  return { states, classes: Int32Array.from({ length: rows }, () => least + drawn.integer(classes - least)) };
}

const isLoud = (brain: number, channel: number) => (channel + brain) % 3 === 0;

async function begun<M, I>({ emulator, shape }: Subject<M, I>) {
  const { states, classes } = madeUp(shape, "babbled");
  return emulator.begin(states, random("begin"), () => classes);
}

interface Descending<M, I> {
  readonly models: M;
  readonly descent: Descent<I>;
}

/** A descent that has a past, or goes on from a state. */
async function descending<M, I>(
  subject: Subject<M, I>,
  start?: Pick<DescentStart<I>, "past" | "state">,
): Promise<Descending<M, I>> {
  const { emulator, shape } = subject;
  const { models } = await begun(subject);
  const { states } = madeUp(shape, "past");
  const targets = Int32Array.from({ length: STEPS * shape.brains }, (_, i) => i % shape.classes);
  const { past, state } = start ?? { past: { states, targets } };
  const descent = await emulator.descent(models, { improved: emulator.dynamicsOf(models), past, state });
  return { models, descent };
}

/** One step; what the cultures did in it was made up, or in every third is the emulator's own proposal. */
async function step<I>(
  descent: Descent<I>,
  shape: CheckedShape,
  index: number,
): Promise<{ descended: Descended; proposal: Proposal }> {
  const { brains, bins, channels, places, classes } = shape;
  const { counts, data } = madeUp(shape, "steps").states;
  const draws = random("descent").split(index);
  const targets = Int32Array.from({ length: brains }, (_, n) => (index + n) % classes);
  const own = data.slice(index * brains * places, (index + 1) * brains * places);
  const descended = await descent.descend(own, targets, draws);
  const proposal = structuredClone(await descent.propose(draws));
  const window = brains * bins * channels;
  await descent.observe(index % 3 === 1 ? null : counts.slice(index * window, (index + 1) * window));
  return { descended, proposal };
}

/** Steps `[from, to)`, and the dynamics that they end with. */
async function course<M, I>({ descent }: Descending<M, I>, shape: CheckedShape, from: number, to: number) {
  const steps: Awaited<ReturnType<typeof step>>[] = [];
  for (let index = from; index < to; index++) steps.push(await step(descent, shape, index));
  return { steps, improved: structuredClone(descent.improved()) };
}

function rowsOfProbabilities(
  probabilities: Float32Array,
  steps: number,
  { brains, classes }: CheckedShape,
): void {
  assert.equal(probabilities.length, steps * brains * classes, "probabilities [R, N, K]");
  for (let row = 0; row < steps * brains; row++) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    assert.ok(own.every((p) => p >= 0));
    const sum = own.reduce((total, p) => total + p, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5, `row ${row}: expected probabilities that sum to 1, got ${sum}`);
  }
}
