import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { RunError } from "../error.ts";
import { type OrganoidConfig, organoidConfig } from "../organoid/config.ts";
import { runOrganoid } from "../organoid/run.ts";
import { shardOf } from "./part.ts";
import { mergeShards } from "./shards.ts";

const MINUTES = 60_000;
const root = mkdtempSync(join(tmpdir(), "wetgrad-shards-"));
afterAll(() => rmSync(root, { recursive: true }));

const whole = organoidConfig.parse({
  series: "henon",
  seeds: 2,
  firstSeed: 5,
  arms: ["teacher", "sham"],
  codes: ["assigned"],
  neurons: 150,
  preset: "quiet",
  cycles: 1,
  presentations: 32,
  probeTrials: 16,
  babbleTrials: 200,
  fitSteps: 10,
  retentionSeconds: 0,
});

const run = (config: OrganoidConfig, name: string) =>
  runOrganoid(config, join(root, name), { wetgradVersion: "test", workers: 1 });

test("every seed is in one part, and parts differ by one seed at most", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 0, max: 50 }),
      fc.nat(),
      (seeds, firstSeed, some) => {
        const parts = 1 + (some % seeds);
        const shards = Array.from({ length: parts }, (_, i) => shardOf({ seeds, firstSeed }, i + 1, parts));
        const all = shards.flatMap((shard) =>
          Array.from({ length: shard.seeds }, (_, i) => shard.firstSeed + i),
        );
        expect(all).toEqual(Array.from({ length: seeds }, (_, i) => firstSeed + i));
        const sizes = shards.map((shard) => shard.seeds);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      },
    ),
  );
  expect(() => shardOf({ seeds: 3, firstSeed: 1 }, 1, 4)).toThrow("expected at most 3 parts");
});

test(
  "shards, in any order, are merged into the report of the whole, to the byte",
  async () => {
    const { paths } = await run(whole, "whole");
    const parts = [2, 1].map((part) => `part ${part}`);
    for (const part of [1, 2]) await run(shardOf(whole, part, 2), `part ${part}`);
    const folders = parts.map((name) => join(root, name));
    const merged = await mergeShards(folders, join(root, "merged"), "test");
    expect(readFileSync(merged.paths.json, "utf8")).toBe(readFileSync(paths.json, "utf8"));

    const refused = async (names: readonly string[], message: string) => {
      const error = await mergeShards(
        names.map((name) => join(root, name)),
        join(root, "none"),
        "test",
      ).catch((thrown: Error) => thrown);
      expect(error).toBeInstanceOf(RunError);
      expect((error as Error).message).toContain(message);
    };
    await refused(["part 1", "part 1"], "expected seeds from 6 on, got those from 5");
    await refused(["nowhere"], "expected the folder of a run");
    cpSync(join(root, "part 2"), join(root, "other"), { recursive: true });
    const path = join(root, "other", "config.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"cycles": 1', '"cycles": 2'));
    await refused(["part 1", "other"], "(cycles differs)");
  },
  10 * MINUTES,
);
