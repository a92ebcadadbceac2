import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Random } from "../src/math/random.ts";
import type { Fault } from "./storage/faults.ts";
import { contentsOf, runOn, wrongWith } from "./storage/run.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-storage-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a disk that gives out while a run writes: one line, exit code 3, and the same command ends with the same bits", async () => {
  const whole = join(folder, "whole");
  const { calls, error } = await runOn(whole);
  expect(error).toBeNull();
  const contents = await contentsOf(whole);
  const random = Random.of(5, "faults");
  const last = (name: string) => calls.lastIndexOf(name) + 1;
  const faults: Fault[] = [
    { at: last("renameSync"), code: "ENOSPC", stays: false },
    { at: calls.indexOf("fsyncSync") + 1 + random.integer(20), code: "EIO", stays: true },
    { at: 1 + random.integer(calls.length), code: "EFBIG", stays: true },
  ];
  const wrong: string[] = [];
  for (const [i, fault] of faults.entries())
    wrong.push(...(await wrongWith(join(folder, String(i)), fault, contents)));
  expect(wrong).toEqual([]);
}, 240_000);
