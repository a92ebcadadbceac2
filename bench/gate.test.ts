import { expect, it } from "vitest";
import { judgeGate } from "./gate.ts";

it("no device receives an unsafe pulse of 100,000 plans, by its own clock", async () => {
  const { plans, received, violations, perDriver } = await judgeGate(100_000, 100);
  expect(violations, JSON.stringify(perDriver)).toBe(0);
  expect(plans).toBeGreaterThanOrEqual(100_000);
  expect(received).toBeGreaterThan(5000);
  // It would mean nothing if plans never got through, or never met a rule.
  for (const { received: some } of Object.values(perDriver)) expect(some).toBeGreaterThan(20);
  expect(Object.keys(perDriver["by-reading"].refusedByRule)).toEqual(
    expect.arrayContaining([
      "interval",
      "rate",
      "array-rate",
      "budget-pulses",
      "budget-charge",
      "budget-net",
    ]),
  );
  expect(Object.keys(perDriver["udp"].refusedByRule)).toEqual(
    expect.arrayContaining(["late", "interval", "device lost"]),
  );
  for (const { refusedByRule } of Object.values(perDriver))
    expect(refusedByRule).not.toHaveProperty("REPLAYED");
}, 600_000);
