/**
 * Checks that every task (contract.ts) must meet, built in or registered. Legend: N brains, Q questions.
 */
import assert from "node:assert/strict";
import { Random } from "../math/random.ts";
import type { Datum } from "../protocol/protocol.ts";
import type { Phase, Task, World, WorldEvent } from "./contract.ts";
import type { TaskOptions } from "./open.ts";
import { contextOf } from "./series/contract.ts";

export interface TaskSubject {
  /** The task of a seed, made afresh each time. */
  readonly make: (seed: number) => Task;
  readonly options: TaskOptions;
}

const SEED = 5;
const PHASES: readonly Phase[] = ["train", "probe"];
const BLOCKS = [0, 1];

export const TASK_CHECKS: Readonly<Record<string, (subject: TaskSubject) => void>> = {
  "the same seed gives the same world"({ make }) {
    const [one, other] = [make(SEED), make(SEED)];
    for (const phase of PHASES)
      for (const block of BLOCKS) {
        const steps = course(one, one.world(phase, block, true));
        assert.deepEqual(course(other, other.world(phase, block, true)), steps);
        // Worlds that have gone on since change nothing.
        assert.deepEqual(course(one, one.world(phase, block, true)), steps);
      }
  },

  "looking at a world does not move it"({ make }) {
    const task = make(SEED);
    const [looked, plain] = [task.world("train", 0, true), task.world("train", 0, true)];
    for (let look = 0; look < 3; look++) lookAt(looked);
    assert.deepEqual(course(task, looked), course(task, plain));
  },

  "babbling needs no order"({ make, options }) {
    const draw = (task: Task, n: number) => task.babble(Random.of(SEED, "babble", n), n % options.brains);
    const numbers = Array.from({ length: 24 }, (_, n) => n);
    const [task, other] = [make(SEED), make(SEED)];
    const forth = numbers.map((n) => draw(task, n));
    course(other, other.world("train", 0, true));
    const back = [...numbers].reverse().map((n) => draw(other, n));
    assert.deepEqual(back.reverse(), forth);
    for (const datum of forth) checkDatum(datum, options);
  },

  "data are on the places that there are, in volleys that there are"({ make, options }) {
    for (const { data } of allSteps(make(SEED))) {
      assert.equal(data.length, options.brains, "data [N]");
      for (const datum of data) checkDatum(datum, options);
    }
  },

  "targets are classes, answers those of their question, and one says the other"({ make, options }) {
    const task = make(SEED);
    assert.equal(task.brains, options.brains);
    for (const { targets, answers } of allSteps(task)) {
      assert.equal(targets.length, task.brains, "targets [N]");
      for (const target of targets)
        assert.ok(Number.isInteger(target) && target >= -1 && target < task.classes, `target ${target}`);
      assert.equal(answers.length, task.questions.length, "answers [Q]");
      for (const [q, { answers: count, brains, wordOf, name }] of task.questions.entries()) {
        assert.ok(Number.isInteger(answers[q]) && answers[q] >= 0 && answers[q] < count, `answer to ${name}`);
        for (const brain of brains)
          if (targets[brain] >= 0) assert.equal(wordOf(brain, answers[q]), targets[brain], name);
      }
    }
  },

  "every question has brains, and a word of each for every answer"({ make }) {
    const task = make(SEED);
    for (const { name, answers, brains, wordOf } of task.questions) {
      assert.ok(brains.length > 0, name);
      for (const brain of brains) {
        assert.ok(brain >= 0 && brain < task.brains, `brain ${brain} of ${name}`);
        for (let answer = 0; answer < answers; answer++) {
          const word = wordOf(brain, answer);
          assert.ok(Number.isInteger(word) && word >= 0 && word < task.classes, `word ${word} of ${name}`);
        }
      }
    }
  },

  "a world that is not connected asks as much of as many places"({ make }) {
    const task = make(SEED);
    const shape = (connected: boolean) =>
      allSteps(task, connected).map(({ data, targets, answers, steps, event }) => ({
        data: data.map(({ places, volleys }) => [places.length, volleys]),
        targets,
        answers,
        steps,
        event,
      }));
    assert.deepEqual(shape(false), shape(true));
  },

  "steps are known where the series is, and their data are the series' own"({ make }) {
    const task = make(SEED);
    if (task.series) assert.equal(task.series.length, task.brains, "series [N]");
    for (const { data, targets, steps } of allSteps(task)) {
      assert.equal(steps !== null, task.series !== undefined, "steps only with a series");
      for (const [brain, series] of task.series?.entries() ?? []) {
        const step = steps?.[brain] ?? -1;
        assert.deepEqual(data[brain].places, [...contextOf(series, step)]);
        assert.equal(targets[brain], series.labels[step]);
      }
    }
  },

  "a game, and nothing else, is scored and has events"({ make }) {
    const task = make(SEED);
    const isGame = task.kind === "game";
    assert.equal(task.score !== undefined, isGame, "score");
    assert.equal(task.world("train", 0, true).game !== undefined, isGame, "game");
    if (!isGame) for (const { event } of allSteps(task)) assert.equal(event, null);
  },
};

interface Step {
  readonly data: readonly Datum[];
  readonly targets: readonly number[];
  readonly answers: readonly number[];
  readonly steps: readonly number[] | null;
  readonly event: WorldEvent | null;
}

const lookAt = (world: World) => ({
  data: structuredClone(world.present()),
  targets: [...world.targets()],
  answers: [...world.answers()],
  steps: world.steps?.() ?? null,
});

/** A stretch of a world whose brains say one class after the other. */
function course(task: Task, world: World, length = 40): Step[] {
  return Array.from({ length }, (_, t): Step => {
    const seen = lookAt(world);
    const said = Int32Array.from({ length: task.brains }, (_, brain) => (t + brain) % task.classes);
    return { ...seen, event: world.advance(said) };
  });
}

function allSteps(task: Task, connected = true): Step[] {
  return PHASES.flatMap((phase) =>
    BLOCKS.flatMap((block) => course(task, task.world(phase, block, connected))),
  );
}

function checkDatum({ places, volleys }: Datum, options: TaskOptions): void {
  assert.ok(places.length > 0, "a datum has places");
  assert.equal(new Set(places).size, places.length, `places once each: ${places}`);
  for (const place of places)
    assert.ok(Number.isInteger(place) && place >= 0 && place < options.places, `place ${place}`);
  assert.ok(Number.isInteger(volleys) && volleys >= 1 && volleys <= options.volleys, `${volleys} volleys`);
}
