import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { rulesCommand } from "./rules.ts";

afterEach(() => void vi.restoreAllMocks());

test("culture rules measures the rules that are named, beside what is published, and draws them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-rules-"));
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const page = join(folder, "rules.html");
  const options = [
    "--rule",
    "normalised,triplet",
    "--neurons",
    "150",
    "--seconds",
    "20",
    "--preset",
    "quiet",
  ];
  await rulesCommand().parseAsync([...options, "--out", page, "--json"], { from: "user" });
  const { rules, published } = JSON.parse(written.join(""));
  expect(rules.map(({ rule }: { rule: string }) => rule)).toEqual(["normalised", "triplet"]);
  const [normalised, triplet] = rules;
  expect(normalised.measures.depressionOverPotentiation).toBeCloseTo(0.5, 2);
  expect(triplet.measures.depressionMs).toBeCloseTo(33.7, 0);
  expect(triplet.measures.changeAt40Hz).toBeGreaterThan(0.1);
  expect(normalised.activity.statistics.firingRateHz).toBeGreaterThan(0);
  expect(normalised.weights.logDeviation).toBeGreaterThan(0);
  expect(published.every(({ source }: { source: string }) => source.startsWith("https://"))).toBe(true);
  expect(readFileSync(page, "utf8")).toMatch(/Pairing curve of triplet/);
  rmSync(folder, { recursive: true });
});
