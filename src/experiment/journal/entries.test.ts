import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { entriesOf, putEntry, putOutcome, putTuning, readTuning } from "./entries.ts";
import { Journal, JournalError } from "./journal.ts";

let folder: string;
let journal: Journal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wetgrad-entries-"));
  journal = Journal.open(join(folder, "journal.sqlite"), 1);
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

const job = { seed: 3, code: "free" } as const;

test("an entry is read back as it was written, also a loss that is no number; done again, it is replaced", () => {
  const probe = { ...job, arm: "sham", cycle: 1, accuracy: 0.5, nllNats: Number.NaN, nrmse: null };
  putEntry(journal, { about: "probe", value: { ...probe, accuracy: 0 } });
  putEntry(journal, { about: "probe", value: probe });
  putEntry(journal, { about: "probe", value: { ...probe, cycle: 0 } });
  expect(entriesOf(journal, "probe")).toEqual([{ ...probe, cycle: 0 }, probe]);
  expect(journal.list("probe").map(({ key }) => key)).toEqual(["3-free-sham-0", "3-free-sham-1"]);
});

test("what cycles to come are tuned to stands beside what cycles were tuned to", () => {
  expect(readTuning(journal)).toBeUndefined();
  putTuning(journal, { plasticity: 2 });
  const value = { ...job, cycle: 0, plasticity: 1 };
  putEntry(journal, { about: "tuning", value });
  expect(readTuning(journal)).toEqual({ plasticity: 2 });
  expect(entriesOf(journal, "tuning")).toEqual([value]);
});

test("the scores of a culture that is done are kept by seed and code", () => {
  const arms = { sham: [{ nllNats: 2, accuracy: 0.25, nrmse: 1, countAccuracy: 0.2 }] };
  putOutcome(journal, job, arms);
  expect(journal.get("outcome", "3-free")).toEqual(arms);
});

test("an entry that lacks something is refused in words", () => {
  journal.put("probe", "3-free-sham-0", { ...job, arm: "sham", cycle: 0, accuracy: "half" });
  expect(() => entriesOf(journal, "probe")).toThrow(JournalError);
  expect(() => entriesOf(journal, "probe")).toThrow(/expected an entry probe at 3-free-sham-0.*accuracy/s);
});
