import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { writeReport } from "../report/files.ts";
import { exampleReport } from "../report/testing/example.ts";
import { packageVersion } from "./manners/version.ts";
import { type Outcome, wetgrad } from "./testing.ts";

const main = join(dirname(fileURLToPath(import.meta.url)), "main.ts");

/** Runs the real program, from source, in a process of its own. */
function spawned(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", main, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

const scratch = () => mkdtempSync(join(tmpdir(), "wetgrad-cli-"));

describe("bad input: one clear line, exit code 2, nothing written", () => {
  const folder = scratch();
  const out = join(folder, "out");
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const rows = (of: (i: number) => unknown) => Array.from({ length: 400 }, (_, i) => of(i)).join("\n");
  const old = join(folder, "old");
  mkdirSync(old);
  writeFileSync(join(old, "config.json"), JSON.stringify({ format: 99, config: {} }));
  writeFileSync(join(old, "report.json"), JSON.stringify({ formatVersion: 99 }));
  const organoid = (...args: string[]) => ["organoid", "--out", out, ...args];
  const cases: [string, string[], RegExp][] = [
    ["an unknown flag", organoid("--sedes", "3"), /--sedes/],
    ["an unknown command", ["organiod"], /organiod/],
    ["a missing argument", ["report"], /dir/],
    [
      "text for a number",
      organoid("--seeds", "many"),
      /--seeds: expected a whole number of at least 1, got "many"/,
    ],
    ["a number out of range", organoid("--div", "3"), /--div: expected a number of at least 7/],
    ["half a seed", organoid("--seeds", "1.5"), /--seeds: expected a whole number/],
    ["an unknown arm", organoid("--arms", "descent,sahm"), /--arms: expected names out of descent/],
    ["an arm that needs another", organoid("--arms", "yoked"), /descent/],
    ["no workers", organoid("--workers", "0"), /--workers/],
    ["an unknown preset", organoid("--preset", "loud"), /--preset: expected one of default, quiet/],
    ["a missing series", organoid("--series", join(folder, "none.csv")), /none\.csv/],
    [
      "a series of text",
      organoid(
        "--series",
        file(
          "text.csv",
          rows(() => "rain"),
        ),
      ),
      /text\.csv/,
    ],
    ["a series of one value", organoid("--series", file("one.csv", "3.5\n")), /expected at least \d+ values/],
    [
      "a constant series",
      organoid(
        "--series",
        file(
          "constant.csv",
          rows(() => 2),
        ),
      ),
      /./,
    ],
    [
      "a series with NaN",
      organoid(
        "--series",
        file(
          "nan.csv",
          rows((i) => (i === 7 ? "NaN" : i % 13)),
        ),
      ),
      /nan\.csv/,
    ],
    [
      "a series with gaps",
      organoid(
        "--series",
        file("gaps.csv", `a,b\n${rows((i) => (i === 7 ? "1," : `1,${i % 13}`))}`),
        "--column",
        "b",
      ),
      /gaps\.csv/,
    ],
    ["a folder that is a file", ["organoid", "--out", file("taken", "")], /--out .*taken/],
    ["a folder below a file", ["organoid", "--out", join(folder, "taken", "deeper")], /--out .*taken/],
    ["a run folder of another version", ["organoid", "--out", old], /another version/],
    ["a report of another version", ["report", old], /another version/],
    ["a folder without a report", ["report", folder], /no report\.json/],
    [
      "an age no culture has",
      ["culture", "grow", "--div", "99"],
      /--div: expected a number from 7 to 35, got "99"/,
    ],
    [
      "an unknown kind of culture",
      ["culture", "grow", "--preset", "loud"],
      /--preset: expected one of default, quiet, got "loud"/,
    ],
    [
      "an address that is none",
      ["culture", "serve", "--trainer", "here"],
      /--trainer: expected an IPv4 address, got "here"/,
    ],
    [
      "text for a number of cultures",
      ["bandwidth", "--seeds", "x"],
      /--seeds: expected a whole number from 1 to 100, got "x"/,
    ],
    [
      "text for the vats of an arm",
      ["vat", "run", "--task", "peers", "--seeds", "x"],
      /--seeds: .*, got "x"/,
    ],
    ["an unknown task", ["vat", "run", "--task", "chess"], /--task: .*, got "chess"/],
    ["no task", ["vat", "run"], /--task <name>/],
    ["an unknown method", organoid("--method", "magic"), /--method: .*, got "magic"/],
    ["an unknown method to compare", ["compare-methods", "--methods", "magic"], /--methods: .*, got "magic"/],
    ["a missing recording", ["culture", "compare", join(folder, "none.h5")], /none\.h5/],
    ["a recording that is none", ["culture", "compare", join(old, "config.json")], /config\.json/],
    ["a missing folder", ["report", join(folder, "nowhere")], /nowhere/],
  ];

  test.each(cases)("%s", async (_, args, message) => {
    const { code, stdout, stderr } = await wetgrad(...args);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at |internal error/);
    expect(stdout).toBe("");
    expect(code).toBe(2);
    expect(existsSync(out)).toBe(false);
    expect(readFileSync(join(old, "config.json"), "utf8")).toContain("99");
  });

  test.runIf(existsSync("/proc/self"))(
    "a folder that even the superuser cannot write to (needs /proc)",
    async () => {
      const { code, stderr } = await wetgrad("organoid", "--out", "/proc/wetgrad");
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: --out \/proc\/wetgrad: [^\n]*\n$/)]);
    },
  );
});

test("help has an example, on stdout, exit code 0", async () => {
  for (const args of [
    ["organoid", "--help"],
    ["report", "--help"],
    ["culture", "compare", "--help"],
  ]) {
    const { code, stdout, stderr } = await wetgrad(...args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/Examples?:\n {2}\$ wetgrad /);
  }
});

test("report prints the table and the page's path, or JSON; the version is the package's", async () => {
  const folder = scratch();
  const { html } = writeReport(folder, exampleReport());
  const table = await wetgrad("report", folder);
  expect([table.code, table.stderr]).toEqual([0, ""]);
  expect(table.stdout).toContain(`report: ${html}`);
  expect(table.stdout).not.toContain("\u001b");
  const { stdout } = await wetgrad("report", folder, "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    report: { formatVersion: 3, verdict: { learning: [{ learned: true }, {}] } },
  });
});

test("culture grow describes the activity of a grown culture", async () => {
  const { code, stdout } = await wetgrad("culture", "grow", "--div", "21", "--seconds", "10", "--json");
  expect(code).toBe(0);
  const { simulated } = JSON.parse(stdout) as { simulated: { divDays: number; activeElectrodes: number }[] };
  expect(simulated).toMatchObject([{ divDays: 21, electrodes: 64, durationSeconds: 10 }]);
  expect(simulated[0].activeElectrodes).toBeGreaterThan(0);
});

test("as a process: exit codes, and each stream has its own", async () => {
  const bad = await spawned("report", "--nope");
  expect([bad.code, bad.stdout, bad.stderr]).toEqual([
    2,
    "",
    expect.stringMatching(/^error: [^\n]*--nope[^\n]*\n$/),
  ]);
  const good = await spawned("--version");
  expect([good.code, good.stdout, good.stderr]).toEqual([0, `${packageVersion()}\n`, ""]);
});
