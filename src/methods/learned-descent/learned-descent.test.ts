/** The method on cultures so small that a presentation takes no time: what it records, chooses and remembers. */
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import type { Write } from "../../protocol/protocol.ts";
import type { Cultures, CulturesState } from "../../session/cultures.ts";
import { smallCultures, smallTask } from "../../session/testing.ts";
import type { Task } from "../../tasks/contract.ts";
import type { Trained } from "../contract.ts";
import type { Answer } from "../error-correcting/needs.ts";
import { DELAYS_MS, DOSES } from "./constants.ts";
import { explore } from "./explore.ts";
import { learnedDescent, train } from "./method.ts";

const [CYCLES, PRESENTATIONS] = [3, 14];
let cultures: Cultures;
let grown: CulturesState;
let task: Task;
beforeAll(async () => {
  cultures = await smallCultures({ brains: 2 });
  grown = await cultures.snapshot();
  task = await smallTask(2);
});

type Lessons = Parameters<typeof train>[0];
type Done = Trained<never, never>;

const lessonsOf = (
  arm: string,
  cycle: number,
  before: readonly Done[],
  descent: readonly Done[] = [],
): Lessons =>
  ({
    plan: { cycles: CYCLES, presentations: PRESENTATIONS, passes: CYCLES },
    seed: 5,
    code: "assigned",
    task,
    arm,
    cycle,
    cultures,
    beginning: { patterns: cultures.layouts.map(({ roles }) => roles.assigned) },
    before,
    descent,
    plasticity: 1,
    connected: true,
    watch: () => undefined,
    pause: () => undefined,
  }) as unknown as Lessons;

const written = ({ writes = [] }: Done) => writes.flat().filter((write): write is Write => write !== null);

describe("learned descent", () => {
  it("explores, fits what it recorded, descends, and goes on with the same bits from what it remembers", async () => {
    await cultures.restore(grown);
    const done: Done[] = [];
    let state = grown;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      if (cycle === 2) state = await cultures.snapshot();
      done.push(await train(lessonsOf("descent", cycle, done)));
    }
    await cultures.restore(state);
    const again = await train(lessonsOf("descent", 2, structuredClone(done.slice(0, 2))));
    expect(again).toEqual(done[2]);

    const [explored, second, third] = done;
    expect(explored.predictedChanges).toBeUndefined();
    expect(explored.notes?.["logLikelihood"]).toBeUndefined();
    expect(Number(second.notes?.["logLikelihood"])).toBeLessThan(0);
    // Every datum of a later pass had been read before, in each brain.
    expect(third.predictedChanges?.reads).toBe(2 * PRESENTATIONS);
    const { patternSize } = cultures.layouts[0].protocol;
    for (const write of [...written(second), ...written(third)]) {
      expect(write.channels.length).toBeLessThanOrEqual(patternSize);
      expect(new Set(write.channels).size).toBe(write.channels.length);
    }
    const { lessons } = third.memory as { lessons: { delays: Int8Array; target: number }[][] };
    lessons.forEach((own, brain) => {
      const writes = (third.writes ?? []).filter((row) => row[brain] !== null);
      expect(own).toHaveLength(PRESENTATIONS + writes.length);
    });
  });

  it("has hands for references, and is replayed pulse by pulse", async () => {
    await cultures.restore(grown);
    const descent = await train(lessonsOf("descent", 0, []));
    await cultures.restore(grown);
    const frozen = await learnedDescent.train(lessonsOf("frozen", 0, [], [descent]) as never);
    expect(frozen.writes).toEqual(descent.writes);
    expect(frozen.effort).toEqual(descent.effort);
    await cultures.restore(grown);
    const always = await learnedDescent.train(lessonsOf("always", 0, []) as never);
    expect(always.effort.written).toBe(PRESENTATIONS);
  });
});

describe("the hand that explores", () => {
  const answer = (scores: number[], target: number, rival: number): Answer => ({
    scores: Float64Array.from(scores),
    target,
    rival,
  });
  const classes = [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ];
  const random = Random.of(1, "explore");
  const many = (of: Answer, mayWeaken = true) =>
    Array.from({ length: 2000 }, () => explore(of, { classes, margin: 6, mayWeaken }, random));

  it("writes each electrode once, in every way there is, and mostly where the right class does not lead", () => {
    const needed = many(answer([3, 5], 0, 1));
    const known = many(answer([30, 5], 0, 1));
    for (const row of [...needed, ...known])
      expect(new Set(row.map(({ electrode }) => electrode)).size).toBe(row.length);
    const share = (rows: typeof needed) =>
      rows.filter((row) => row.some(({ electrode }) => electrode < 4)).length / 2000;
    expect(share(needed)).toBeGreaterThan(0.95);
    expect(share(known)).toBeLessThan(0.1);
    const ways = new Set(needed.flat().map(({ delay, dose }) => delay * DOSES + dose));
    expect(ways.size).toBe(DELAYS_MS.length * DOSES);
    const weakened = needed.filter((row) =>
      row.some(({ electrode, delay }) => electrode >= 4 && DELAYS_MS[delay] < 0),
    );
    expect(weakened.length / 2000).toBeGreaterThan(0.2);
  });

  it("weakens nothing at first", () => {
    for (const scores of [
      [3, 5],
      [30, 5],
    ])
      for (const row of many(answer(scores, 0, 1), false))
        expect(row.every(({ electrode, delay }) => electrode < 4 && DELAYS_MS[delay] > 0)).toBe(true);
  });

  it("leaves alone what should say nothing", () => {
    expect(many(answer([3, 5], -1, 1)).flat()).toEqual([]);
  });
});
