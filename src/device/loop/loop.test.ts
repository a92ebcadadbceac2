import { expect, test } from "vitest";
import { type LoopClock, wallClock } from "./clock.ts";
import { runLoop } from "./loop.ts";

/** A clock that only moves when it is told to. */
function madeClock(): LoopClock & { pass(ms: number): void } {
  let now = 1000;
  return {
    nowMs: () => now,
    until: async (dueMs) => void (now = Math.max(now, dueMs)),
    pass: (ms) => void (now += ms),
  };
}

test("every tick is timed from when it was due", async () => {
  const clock = madeClock();
  const indices: number[] = [];
  const timing = await runLoop(
    (index) => {
      indices.push(index);
      clock.pass(index + 1);
    },
    {
      rateHz: 100,
      ticks: 5,
      clock,
    },
  );
  expect(indices).toEqual([0, 1, 2, 3, 4]);
  expect(timing).toEqual({ p50Ms: 3, p99Ms: expect.closeTo(4.96, 9), maxMs: 5, missed: 0, ticks: 5 });
});

test("ticks that fall due during another are missed and counted, the late one still begins", async () => {
  const clock = madeClock();
  const indices: number[] = [];
  // Tick 1 takes 35 ms of 10: 2 and 3 are over when it ends, 4 began 5 ms ago.
  const timing = await runLoop(
    (index) => {
      indices.push(index);
      clock.pass(index === 1 ? 35 : 1);
    },
    {
      rateHz: 100,
      ticks: 8,
      clock,
    },
  );
  expect(indices).toEqual([0, 1, 4, 5, 6, 7]);
  expect(timing).toMatchObject({ missed: 2, ticks: 6, maxMs: 35 });
});

test("ticks and misses add up to the ticks that were due, also when the last is late; it stops when told", async () => {
  const clock = madeClock();
  const all = await runLoop(() => clock.pass(1000), { rateHz: 100, ticks: 50, clock });
  expect(all).toMatchObject({ ticks: 1, missed: 49 });
  const stop = new AbortController();
  const some = await runLoop((index) => void (index === 2 && stop.abort()), {
    rateHz: 100,
    ticks: 50,
    clock,
    signal: stop.signal,
  });
  expect(some).toMatchObject({ ticks: 3, missed: 0 });
  await expect(runLoop(() => {}, { rateHz: 0, ticks: 1 })).rejects.toThrow(/a rate above 0/);
});

test("the wall clock never wakes early", async () => {
  const clock = wallClock();
  for (const ms of [-1, 0.3, 1.5, 5]) {
    const due = clock.nowMs() + ms;
    await clock.until(due);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(due);
  }
});
