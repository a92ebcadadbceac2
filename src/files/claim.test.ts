import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { ClaimError, claimFolder } from "./claim.ts";
import { thisProcess } from "./holder.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-claim-"));
afterAll(() => rmSync(folder, { recursive: true }));
/** More of them find more: WETGRAD_CLAIM_ROUNDS. */
const ROUNDS = Number(process.env["WETGRAD_CLAIM_ROUNDS"] ?? 150);
const gone = { ...thisProcess(), processId: 2 ** 22 + 1 };

test("a folder is claimed once at a time, and again once it is let go", () => {
  const run = join(folder, "new", "run");
  const claim = claimFolder(run);
  expect(() => claimFolder(run, 0)).toThrow(`in use by process ${process.pid} on ${hostname()}`);
  claim.release();
  claimFolder(run).release();
});

test("what a killed holder left half-written is removed, but nothing of a folder within that is claimed by itself", () => {
  const run = join(folder, "killed");
  claimFolder(join(run, "books")).release();
  mkdirSync(join(run, "models"));
  const left = ["models/a.safetensors", "report.json", "books/day.jsonl"].map((name) => `${name}.123-0.part`);
  const kept = ["models/a.safetensors", "recording.nwb.part", "models/notes.1-2.part.txt"];
  for (const name of [...left, ...kept]) writeFileSync(join(run, name), "");
  claimFolder(run).release();
  expect([...left, ...kept].filter((name) => existsSync(join(run, name)))).toEqual([left[2], ...kept]);
});

test("claims of the dead, of reused process ids and torn ones are stale; those of other machines and containers are not", () => {
  const run = join(folder, "stale");
  claimFolder(run).release();
  const plant = (text: string, number: number) => writeFileSync(join(run, "claim", `${number}.json`), text);
  const stale = [
    JSON.stringify(gone),
    ...(existsSync("/proc/self/stat") ? [JSON.stringify({ ...thisProcess(), started: "before" })] : []),
    ...["", "{", "[]"],
  ];
  stale.forEach((text, i) => {
    plant(text, 100 * (i + 1));
    claimFolder(run).release();
  });
  for (const other of [{ host: "elsewhere" }, { space: "pid:[1]" }]) {
    plant(JSON.stringify({ ...thisProcess(), ...other }), 1000);
    expect(() => claimFolder(run)).toThrow(/in use by process \d+ on .*remove .*1000\.json/);
  }
});

test("one who looked before others came and went does not hold what was theirs", () => {
  const run = join(folder, "late");
  for (let i = 0; i < 30; i++) claimFolder(run).release();
  const kept = readdirSync(join(run, "claim"));
  // The early numbers are free again, and worth nothing.
  expect(kept.length).toBeLessThan(12);
  expect(kept).not.toContain("3.json");
  writeFileSync(join(run, "claim", "3.json"), JSON.stringify(thisProcess()));
  claimFolder(run).release();
});

test("a folder that cannot be written is one clear line", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(() => claimFolder(join(file, "run"))).toThrow(ClaimError);
  expect(() => claimFolder(join(file, "run"))).toThrow(/cannot be used as a folder of one's own/);
});

test("of five processes that find a stale claim in the same moment one takes over, in round after round", async () => {
  const run = join(folder, "rounds");
  const claims = join(run, "claim");
  mkdirSync(claims, { recursive: true });
  const script = fileURLToPath(new URL("./testing/claimant.ts", import.meta.url));
  const begin = () => fork(script, [run], { execArgv: ["--import", "tsx"] });
  const said = async (child: ChildProcess) => (await once(child, "message"))[0] as string;
  const five = Array.from({ length: 5 }, begin);
  await Promise.all(five.map(said));
  const tell = (child: ChildProcess, word: string) => {
    const answer = said(child);
    child.send(word);
    return answer;
  };
  const highest = () => Math.max(0, ...readdirSync(claims).map((name) => Number.parseInt(name, 10)));
  for (let round = 0; round < ROUNDS; round++) {
    writeFileSync(join(claims, `${highest() + 1}.json`), JSON.stringify(gone));
    const moment = String(process.hrtime.bigint() + 3_000_000n);
    const answers = await Promise.all(five.map((child) => tell(child, moment)));
    expect(answers.toSorted(), `round ${round}`).toEqual(["held", ...Array(4).fill("refused")]);
    const holder = answers.indexOf("held");
    if (round % 75 === 74) {
      // Killed, it lets go without a word.
      const ended = once(five[holder], "exit");
      five[holder].kill("SIGKILL");
      await ended;
      five[holder] = begin();
      await said(five[holder]);
    } else await tell(five[holder], "release");
  }
  for (const child of five) child.disconnect();
});
