import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { claimFolder } from "../../files/claim.ts";
import { Database } from "./database.ts";
import { Journal, JournalError } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("entries are replaced, events added, all found again after closing", () => {
  const path = join(folder, "a.db");
  const journal = Journal.open(path, 1);
  journal.put("run", "config", { seeds: 8, arms: ["descent", "sham"] });
  journal.put("run", "config", { seeds: 9 });
  journal.put("checkpoint", "b", 2);
  journal.put("checkpoint", "a", 1);
  expect(
    journal.append("loss", { nats: Number.NaN, best: -0.1 + 0.3, worst: Number.POSITIVE_INFINITY }),
  ).toBe(1);
  expect(journal.append("cycle", "é\u0000\u{1F9E0}")).toBe(2);
  journal.append("loss", null);
  journal.close();

  const again = Journal.open(path, 1);
  expect(again.get("run", "config")).toEqual({ seeds: 9 });
  expect(again.get("run", "nothing")).toBeUndefined();
  expect(again.list("checkpoint")).toEqual([
    { key: "a", value: 1 },
    { key: "b", value: 2 },
  ]);
  expect(again.events("loss").map((event) => event.sequence)).toEqual([1, 3]);
  expect(again.events()[0].value).toEqual({
    nats: Number.NaN,
    best: -0.1 + 0.3,
    worst: Number.POSITIVE_INFINITY,
  });
  expect(again.events(undefined, 1).map((event) => event.value)).toEqual(["é\u0000\u{1F9E0}", null]);
  again.close();
});

test("a transaction that throws leaves nothing", () => {
  const journal = Journal.open(join(folder, "t.db"), 1);
  expect(() =>
    journal.transaction(() => {
      journal.put("a", "b", 1);
      journal.append("c", 2);
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(journal.list("a")).toEqual([]);
  expect(journal.events()).toEqual([]);
  journal.close();
});

test("another version, another database and another file are refused in one line", () => {
  const path = join(folder, "v.db");
  Journal.open(path, 1).close();
  expect(() => Journal.open(path, 2)).toThrow(/format version 1, this wetgrad reads 2/);
  Journal.open(path, 1).close();
  const other = join(folder, "other.db");
  const db = new Database(other);
  db.exec("CREATE TABLE t (a)");
  db.close();
  expect(() => Journal.open(other, 1)).toThrow(/not a journal of wetgrad/);
  const text = join(folder, "text.db");
  writeFileSync(text, "not a database at all, ".repeat(99));
  expect(() => Journal.open(text, 1)).toThrow(JournalError);
  expect(readFileSync(text, "utf8")).toBe("not a database at all, ".repeat(99));
});

test("killed in the middle of a transaction, again and again: all that was acknowledged is there, and only that", async () => {
  const run = join(folder, "killed");
  mkdirSync(run);
  const path = join(run, "journal.db");
  let acknowledged = 0;
  for (let round = 0; round < 2; round++) {
    acknowledged = await writeUntilKilled(run, path);
    const claim = claimFolder(run); // the killed holder's claim is stale
    const journal = Journal.open(path, 1);
    const events = journal.events<{ number: number }>("loss");
    expect(events.map((event) => event.value.number)).toEqual(
      Array.from({ length: acknowledged }, (_, i) => i),
    );
    expect(journal.get("run", "count")).toBe(acknowledged);
    journal.close();
    const db = new Database(path);
    expect(db.get("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
    db.close();
    claim.release();
  }
  expect(acknowledged).toBe(400);
});

/**
 * A child that commits 200 events, then kills itself inside a transaction so large that SQLite has already written
 * a part of it. Returns the last count that it acknowledged.
 */
async function writeUntilKilled(run: string, path: string): Promise<number> {
  const here = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
  const script = `
    import { writeSync } from "node:fs";
    import { claimFolder } from ${here("../../files/claim.ts")};
    import { Journal } from ${here("./journal.ts")};
    claimFolder(${JSON.stringify(run)});
    const journal = Journal.open(${JSON.stringify(path)}, 1);
    let n = journal.get("run", "count") ?? 0;
    for (const size of [100, 100, 1800])
      journal.transaction(() => {
        for (let i = 0; i < size; i++) {
          journal.append("loss", { number: n++, text: "x".repeat(2000) });
          if (i === 1500) process.kill(process.pid, "SIGKILL");
        }
        journal.put("run", "count", n);
      }), writeSync(1, n + "\\n");`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  child.stdout.on("data", (data) => (out += data));
  await new Promise((resolve) => child.once("close", resolve));
  expect(errors.slice(0, 300)).toBe("");
  expect(child.signalCode).toBe("SIGKILL");
  return Number(out.trim().split("\n").at(-1));
}

test("a lock folder that a killed process left does not block", () => {
  const path = join(folder, "locked.db");
  Journal.open(path, 1).close();
  mkdirSync(`${path}.lock`);
  const journal = Journal.open(path, 1);
  journal.append("cycle", 1);
  journal.close();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("a journal in another's folder is not opened, and its lock not touched", () => {
  const run = join(folder, "theirs");
  claimFolder(run).release();
  const path = join(run, "journal.db");
  Journal.open(path, 1).close();
  mkdirSync(`${path}.lock`);
  const theirs = { host: "elsewhere", processId: 1, started: "1", thread: 0, space: "" };
  writeFileSync(join(run, "claim", "2.json"), JSON.stringify(theirs));
  expect(() => Journal.open(path, 1)).toThrow(/in use by process 1 on elsewhere/);
  expect(existsSync(`${path}.lock`)).toBe(true);
});
