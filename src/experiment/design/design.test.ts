import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { RunError } from "../error.ts";
import { runReported } from "../reported.ts";
import { exclusionOf } from "./exclusion.ts";
import { readDesign } from "./file.ts";
import { joinSessions } from "./join.ts";
import { makePlan, readPlan, writePlan } from "./plan.ts";
import { assertMayBegin, endSession, openSession } from "./session.ts";

const HOUR_MS = 3_600_000;
const root = mkdtempSync(join(tmpdir(), "wetgrad-design-"));
afterAll(() => rmSync(root, { recursive: true }));

const OPTIONS =
  "options: { series: noisy-cycle, cycles: 1, presentations: 100, probeTrials: 60, babbleTrials: 200, fitSteps: 5, neurons: 200, retentionSeconds: 0 }";

function fileOf(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

const simulated = (seeds: readonly number[], rest = "") =>
  fileOf(
    `${seeds.join("-")}.yaml`,
    `name: a cycle\narms: [teacher, sham]\ndishes:\n${seeds.map((seed) => `  - { name: dish ${seed}, seed: ${seed} }`).join("\n")}\n${OPTIONS}\n${rest}`,
  );

/** Two days on two dishes at an address, nothing of which is held. */
const TWO_DAYS = `name: two days\narms: [teacher, sham]\nblind: false\nsessionsPerDish: 2\nwashoutHours: 24\ndishes:\n  - { name: A, seed: 1, dish: "cl1://a" }\n  - { name: B, seed: 2, dish: "cl1://b" }\n${OPTIONS.replace(", neurons: 200", "")}\n`;

test("four sessions on four dishes: held, joined, opened", { timeout: 600_000 }, async () => {
  const folder = join(root, "four");
  const made = makePlan(readDesign(simulated([1, 2, 3, 4])), "test");
  writePlan(folder, made);
  writePlan(folder, made);
  expect(JSON.stringify(made.plan)).not.toContain('"arm":"teacher"');
  const options = { without: [], unblind: true, wetgradVersion: "test" };
  await expect(joinSessions(folder, join(root, "early"), options)).rejects.toThrow(
    "expected a session that has ended",
  );
  for (const { number } of made.plan.sessions) {
    const open = openSession(folder, number);
    assertMayBegin(folder, open, { nowMs: 0, profile: undefined });
    await runReported({ kind: "organoid", config: open.config }, open.folder, {
      wetgradVersion: "test",
      workers: 1,
    });
    endSession(open, 0);
  }
  const blind = await joinSessions(folder, join(root, "blind"), { ...options, unblind: false });
  expect(blind.report).toMatchObject({ isBlind: true, arms: ["A", "B"] });
  expect(blind.report.measures["gain"].differences).toEqual({});
  expect(readFileSync(blind.paths.html, "utf8")).not.toContain(">teacher<");

  const { report } = await joinSessions(folder, join(root, "open"), options);
  const right = (arm: string) =>
    report.sessions.filter((session) => session.arm === arm).map(({ measured }) => measured?.after ?? 0);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const { arms, differences } = report.measures["after"];
  expect(arms["teacher"].mean).toBeCloseTo(mean(right("teacher")), 12);
  expect(differences["teacher"].mean).toBeCloseTo(mean(right("teacher")) - mean(right("sham")), 12);
  expect(differences["teacher"].degrees).toBeCloseTo(2, 6);
  expect(differences["teacher"].mean).toBeGreaterThan(0.2);

  const [first] = report.sessions;
  const left = await joinSessions(folder, join(root, "left"), { ...options, without: [first.number] });
  expect(left.report.sessions[0]).toMatchObject({ excluded: "it was not held" });
  expect(left.report.measures["after"].arms[first.arm].sessions).toBe(1);

  const config = join(folder, "session-02", "config.json");
  writeFileSync(config, readFileSync(config, "utf8").replace('"presentations": 100', '"presentations": 90'));
  await expect(joinSessions(folder, join(root, "other"), options)).rejects.toThrow(
    "expected the session that the plan says",
  );
});

test("a plan that was changed, and a key of another, are refused", () => {
  const folder = join(root, "changed");
  const { plan, key } = makePlan(readDesign(simulated([5, 6, 7, 8])), "test");
  writePlan(folder, { plan, key });
  const other = makePlan(readDesign(simulated([5, 6, 7, 8], "seed: 9")), "test");
  expect(() => writePlan(folder, other)).toThrow("another plan is there already");
  writeFileSync(join(folder, "key.json"), JSON.stringify(other.key));
  expect(() => openSession(folder, 1)).toThrow("expected the key that plan.json was written with");
  const path = join(folder, "plan.json");
  writeFileSync(path, readFileSync(path, "utf8").replace('"washoutHours": 24', '"washoutHours": 0'));
  expect(() => readPlan(folder)).toThrow("it was changed after it was written");
});

test("on a dish, sessions are held in turn, apart by the washout, one at a time", () => {
  const folder = join(root, "turns");
  const { plan, key } = makePlan(readDesign(fileOf("two.yaml", TWO_DAYS)), "test");
  writePlan(folder, { plan, key });
  const [first, second] = plan.sessions.filter(({ dish }) => dish === "A");
  const begin = (number: number, nowMs: number) =>
    assertMayBegin(folder, openSession(folder, number), { nowMs, profile: undefined });
  expect(() => begin(second.number, 0)).toThrow(`session ${first.number} of day 1 comes before`);
  const open = openSession(folder, first.number);
  cpSync(fileOf("config.json", "{}"), join(open.folder, "config.json"));
  expect(() => begin(second.number, 0)).toThrow("has begun and not ended");
  begin(first.number, 0);
  endSession(open, 0);
  expect(() => begin(second.number, 20 * HOUR_MS)).toThrow("got 20.0; come back in 4.0 h");
  begin(second.number, 25 * HOUR_MS);
  const other = plan.sessions.find(({ dish, day }) => dish === "B" && day === 1);
  begin(other?.number ?? 0, 0);
});

test.each([
  ["name: x\narms: [descent, sham", "expected YAML or JSON"],
  ["[1, 2]", "expected name, arms, dishes and options"],
  [TWO_DAYS.replace("washoutHours", "washout"), "got washout"],
  [TWO_DAYS.replace("[teacher, sham]", "[teacher, magic, sham]"), "arms"],
  [
    TWO_DAYS.replace("[teacher, sham]", "[teacher, random]"),
    "control: expected one of teacher, random, got sham",
  ],
  [TWO_DAYS.replace("[teacher, sham]", "[teacher, sham, sham]"), "expected each once, got sham twice"],
  [
    TWO_DAYS.replace("[teacher, sham]", "[teacher, random, yoked, sham]"),
    "expected at least 8 sessions for 4 arms, two each, got 2 dishes with 2 each",
  ],
  [TWO_DAYS.replace("presentations: 100", "presentations: 3"), 'expected a number of at least 16, got "3"'],
  [TWO_DAYS.replace("presentations: 100", "seeds: 3"), "options.seeds: expected without it"],
  [TWO_DAYS.replace(', dish: "cl1://b"', ""), "expected 1 with the simulated dish B"],
])("what cannot be planned is one line: %#", (text, message) => {
  const path = fileOf("bad.yaml", text);
  expect(() => readDesign(path)).toThrow(RunError);
  expect(() => readDesign(path)).toThrow(message);
});

test("sessions that break a rule of the plan do not count", () => {
  const arm = { refused: 1, pulses: 9 } as never;
  const outcome = (early: number, late: number, begunAgain: number) =>
    ({ arms: { sham: arm }, dish: { evoked: { early, late }, begunAgain } }) as never;
  const of = (rules: object, dish = outcome(64, 32, 1)) => exclusionOf(rules, dish, 64);
  expect(of({})).toBeUndefined();
  expect(
    of({ lateSpikesAbove: 0.5, earlySpikesBelow: 1, refusedShareAbove: 0.1, begunAgainAbove: 1 }),
  ).toBeUndefined();
  expect(of({ lateSpikesAbove: 0.4 })).toBe("0.50 late spikes for each electrode, above 0.4");
  expect(of({ earlySpikesBelow: 1.1 })).toContain("1.00 spikes for each electrode soon after a volley");
  expect(of({ refusedShareAbove: 0.05 })).toBe("10.0 % of its pulses refused, above 5 %");
  expect(of({ begunAgainAbove: 0 })).toBe("1 stages begun again, above 0");
});
