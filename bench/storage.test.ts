import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Journal } from "../src/experiment/journal/journal.ts";
import { StorageError } from "../src/files/storage.ts";
import { Random } from "../src/math/random.ts";
import { type Fault, onFailingDisk } from "./storage/faults.ts";
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

test("a journal on a disk that gives out at any of its calls says that it is the disk, and is whole afterwards", async () => {
  const path = join(folder, "journal.sqlite");
  const keep = async () => {
    const journal = Journal.open(path, 1);
    try {
      return journal.append("event", "kept");
    } finally {
      journal.close();
    }
  };
  const calls = await onFailingDisk(folder, { at: 0, code: "EIO", stays: false }, keep);
  expect(calls.length).toBeGreaterThan(10);
  let failed = 0;
  for (let at = 1; at <= calls.length; at++)
    for (const stays of [false, true]) {
      for (const file of [path, `${path}-wal`, `${path}-journal`]) rmSync(file, { force: true });
      const code = (["ENOSPC", "EIO", "EFBIG"] as const)[at % 3];
      const error = await onFailingDisk(folder, { at, code, stays }, keep).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      if (error !== undefined) {
        failed++;
        expect(error, `${code} at call ${at} (${calls[at - 1]})`).toBeInstanceOf(StorageError);
      }
      expect(error === undefined ? [2] : [1, 2]).toContain(await keep());
    }
  expect(failed).toBeGreaterThan(calls.length);
});
