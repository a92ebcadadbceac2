/**
 * Checks that every method (contract.ts) must meet, on each of its arms that one culture and a series can have: what an arm says of
 * itself is what reached the tissue. A method that cannot meet one declares it with a reason.
 */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Cultures, CulturesState } from "../session/cultures.ts";
import { Stopped } from "../tissue/stopped.ts";
import type { Beginning, Method, Replayed, Trained, Training } from "./contract.ts";
import { trainingPlasticity } from "./plasticity.ts";

export interface Subject<Models, Improved> {
  readonly method: Method;
  readonly cultures: Cultures;
  readonly beginning: Beginning<Models>;
  /** Whether the cultures are to stop after their next step. */
  readonly stop: (asked: boolean) => void;
  /** All of a training but what follows from the arm, the cycle and those before. */
  readonly given: Pick<
    Training<Models, Improved>,
    "plan" | "seed" | "code" | "task" | "cultures" | "emulator" | "beginning" | "models"
  >;
}

type Check = <M, I>(subject: Subject<M, I>) => Promise<void>;

/** An arm after its cycles, and where it left the cultures after each. */
interface Arm<M, I> {
  readonly cycles: readonly Trained<M, I>[];
  readonly states: readonly CulturesState[];
}

export const METHOD_CHECKS: Readonly<Record<string, Check>> = {
  async "the same cultures and seed give the same bits again"(subject) {
    const first = await run(subject, "descent");
    const second = await run(subject, "descent");
    assertSame(second.states, first.states);
    assert.deepEqual(
      second.cycles.map(({ effort, pulses, writes }) => ({ effort, pulses, writes })),
      first.cycles.map(({ effort, pulses, writes }) => ({ effort, pulses, writes })),
    );
  },

  async "a cycle goes on from what is kept of those before, as plain data"(subject) {
    const last = subject.given.plan.cycles - 1;
    const whole = await run(subject, "descent");
    const before = structuredClone(whole.cycles.slice(0, last));
    await subject.cultures.restore(whole.states[last - 1]);
    const again = await trainCycle(subject, "descent", { before, descent: before });
    assert.deepEqual(again.effort, whole.cycles[last].effort);
    assertSame([await subject.cultures.snapshot()], [whole.states[last]]);
  },

  async "every presentation is an event, and writes that are counted are among the pulses"(subject) {
    for (const [arm, { cycles }] of await all(subject))
      for (const { effort, events, pulses, refused } of cycles) {
        assert.ok(events.length === 0 || events.length === subject.given.plan.presentations, arm);
        for (const value of [...Object.values(effort), pulses, refused])
          assert.ok(Number.isFinite(value) && value >= 0, `${arm}: ${value}`);
        assert.ok(effort.writePulses <= pulses, `${arm}: ${effort.writePulses} of ${pulses} pulses`);
        assert.ok(effort.presentations === 0 || pulses > 0, `${arm}: data without pulses`);
      }
  },

  async "the descent asks something of the tissue, sham nothing but the data"(subject) {
    const arms = await all(subject);
    const [descent, sham] = [effortOf(arms.get("descent")), effortOf(arms.get("sham"))];
    assert.ok(descent.writePulses + descent.synapsesChanged > 0);
    assert.deepEqual([sham.writePulses, sham.synapsesChanged, sham.totalChange], [0, 0, 0]);
  },

  async "frozen changes no synapse, and is written to like the descent"(subject) {
    const arms = await all(subject);
    const frozen = arms.get("frozen");
    if (!frozen) return;
    const strengths = async (state: CulturesState) => {
      await subject.cultures.restore(state);
      return subject.cultures.tissue.perform(0, { kind: "read-strengths" });
    };
    const before = await strengths(subject.beginning.state);
    const change = (after: Float32Array) =>
      after.reduce((most, strength, k) => Math.max(most, Math.abs(strength - before[k])), 0);
    // Normalising a sum that has not changed rounds in the last bit.
    const rounding = 1e-6;
    assert.ok(change(await strengths(lastOf(frozen.states))) < rounding, "frozen");
    assert.ok(change(await strengths(lastOf(arms.get("descent")?.states))) > rounding, "descent");
    assert.equal(effortOf(frozen).writePulses, effortOf(arms.get("descent")).writePulses);
  },

  async "yoked and random ask as much of the tissue as the descent"(subject) {
    const arms = await all(subject);
    const descent = effortOf(arms.get("descent"));
    for (const name of ["yoked", "random"].filter((arm) => arms.has(arm)))
      assert.equal(effortOf(arms.get(name)).writePulses, descent.writePulses, name);
  },

  async "an arm that is told to stop does, at its next step of tissue or of thought"(subject) {
    await subject.cultures.restore(subject.beginning.state);
    subject.stop(true);
    const pause = () => {
      throw new Stopped();
    };
    const told = trainCycle(subject, "descent", { before: [], descent: [] }, pause);
    await assert.rejects(told, Stopped).finally(() => subject.stop(false));
  },
};

interface SoFar<M, I> {
  readonly before: readonly Trained<M, I>[];
  readonly descent: readonly Replayed<M, I>[];
}

function trainCycle<M, I>(
  { method, given }: Subject<M, I>,
  arm: string,
  { before, descent }: SoFar<M, I>,
  pause: () => void = () => undefined,
): Promise<Trained<M, I>> {
  const cycle = before.length;
  return method.train<M, I>({
    ...given,
    arm,
    cycle,
    before,
    descent,
    plasticity: trainingPlasticity(cycle, given.plan),
    connected: true,
    onWrite: () => undefined,
    watch: () => undefined,
    pause,
  });
}

/** All cycles of an arm from the common beginning; `descent` as that arm was, where it has run. */
async function run<M, I>(subject: Subject<M, I>, arm: string, descent?: Arm<M, I>): Promise<Arm<M, I>> {
  const { cultures, beginning, given } = subject;
  const cycles: Trained<M, I>[] = [];
  const states: CulturesState[] = [];
  while (cycles.length < given.plan.cycles) {
    // As an experiment does: what is not in a snapshot is not carried over.
    await cultures.restore(states.at(-1) ?? beginning.state);
    cycles.push(await trainCycle(subject, arm, { before: cycles, descent: descent?.cycles ?? cycles }));
    states.push(await cultures.snapshot());
  }
  return { cycles, states };
}

const kept = new WeakMap<object, Promise<ReadonlyMap<string, Arm<unknown, unknown>>>>();

/** Every arm that one culture and a series can have, the descent first; run once for each subject. */
function all<M, I>(subject: Subject<M, I>): Promise<ReadonlyMap<string, Arm<M, I>>> {
  const known = kept.get(subject);
  if (known) return known as Promise<ReadonlyMap<string, Arm<M, I>>>;
  const made = (async () => {
    const descent = await run(subject, "descent");
    const arms = new Map([["descent", descent]]);
    for (const [name, { needs }] of Object.entries(subject.method.arms))
      if (name !== "descent" && needs?.brains !== "several" && !needs?.task?.includes("game"))
        arms.set(name, await run(subject, name, descent));
    return arms;
  })();
  kept.set(subject, made);
  return made;
}

function effortOf<M, I>(arm: Arm<M, I> | undefined) {
  assert.ok(arm, "an arm that every method has");
  const sum = (pick: (effort: Trained<M, I>["effort"]) => number) =>
    arm.cycles.reduce((total, { effort }) => total + pick(effort), 0);
  return {
    writePulses: sum(({ writePulses }) => writePulses),
    synapsesChanged: sum(({ synapsesChanged }) => synapsesChanged),
    totalChange: sum(({ totalChange }) => totalChange),
  };
}

/** To the bit; the states are too large to be printed. */
function assertSame(found: readonly CulturesState[], expected: readonly CulturesState[]): void {
  assert.ok(isDeepStrictEqual(found, expected), "the cultures were left otherwise");
}

function lastOf(states: readonly CulturesState[] | undefined): CulturesState {
  const last = states?.at(-1);
  assert.ok(last, "a state after the last cycle");
  return last;
}
