import { expect, it } from "vitest";
import { warmupCosine } from "./schedules.ts";

it("warmupCosine rises in a line to the peak, and falls in a half cosine to the floor", () => {
  const rate = warmupCosine({ peak: 1, warmupSteps: 4, totalSteps: 104, floor: 0.1 });
  expect([0, 1, 2, 3].map(rate)).toEqual([0.25, 0.5, 0.75, 1]);
  expect(rate(4)).toBe(1);
  expect(rate(54)).toBeCloseTo(0.55, 12);
  expect(rate(104)).toBeCloseTo(0.1, 12);
  expect(rate(1000)).toBeCloseTo(0.1, 12);
  expect(() => warmupCosine({ peak: 1, warmupSteps: 5, totalSteps: 5 })).toThrow(/warmupSteps < totalSteps/);
});
