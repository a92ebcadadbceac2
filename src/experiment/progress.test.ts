import { expect, test } from "vitest";
import { simulatedProfile } from "../device/simulated/array.ts";
import { organoidConfig } from "./organoid/config.ts";
import { planOf } from "./plans.ts";
import { type ProgressEvent, RunProgress } from "./progress.ts";

test("progress never goes back, counts growth and fits, and says 100 % only when all jobs have ended", () => {
  const plan = planOf({ kind: "organoid", config: organoidConfig.parse({ codes: ["assigned"] }) });
  const told: ProgressEvent[] = [];
  const progress = new RunProgress(plan, 2, simulatedProfile, (event) => told.push(event));
  for (let job = 0; job < 2; job++) {
    const before = told.at(-1)?.done ?? 0;
    progress.took(job, "begin", 9);
    expect(told.at(-1)!.done).toBeGreaterThan(before + 1000);
    progress.presented(job, job === 0 ? 5000 : 1e6); // more than was reckoned with
    progress.took(job, "after", 3);
    expect(told.at(-1)!.done).toBeLessThan(told.at(-1)!.total);
    progress.ended(job);
  }
  expect(told.at(-1)).toMatchObject({ done: told[0].total, message: "writing the report" });
  expect(told.slice(0, -1).every(({ done, total }) => done < total)).toBe(true);
  const counts = told.map(({ done }) => done);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
});

test("what the first job took more than was estimated is expected of the others", () => {
  const plan = planOf({ kind: "organoid", config: organoidConfig.parse({ codes: ["assigned"] }) });
  const told: ProgressEvent[] = [];
  const progress = new RunProgress(plan, 4, simulatedProfile, (event) => told.push(event));
  const share = () => told.at(-1)!.done / told.at(-1)!.total;
  progress.presented(0, 1e6);
  progress.ended(0);
  expect(share()).toBeCloseTo(1 / 4, 3);
  for (const job of [1, 2, 3]) progress.presented(job, 5e5);
  expect(share()).toBeCloseTo(1 / 4 + 3 / 8, 3);
});
