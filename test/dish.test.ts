/**
 * The experiment on a dish: a culture served by another process, driven over TCP. The same bits as in this process where nothing is
 * lost, however slow the link; and where the run is killed, it goes on with the dish as it is.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulatedProfile } from "../src/device/simulated/array.ts";
import { type OrganoidConfig, organoidConfig } from "../src/experiment/organoid/config.ts";
import { runExperiment } from "../src/experiment/run.ts";
import { readReport } from "../src/report/files.ts";
import type { TissueEvent } from "../src/tissue/events.ts";
import { startProgram, type TestProcess } from "../src/tissue/nats/testing.ts";

const MINUTES = 60_000;
const MAIN = "dist/src/cli/main.js";
const CULTURE = { neurons: 120, preset: "quiet", seed: 3 };
const SMALL = {
  series: "henon",
  cycles: 2,
  presentations: 16,
  probeTrials: 16,
  babbleTrials: 200,
  fitSteps: 20,
  retentionSeconds: 2,
  quietMinutes: 0,
} satisfies Partial<OrganoidConfig>;

const root = mkdtempSync(join(tmpdir(), "wetgrad-dish-run-"));
const children: TestProcess[] = [];
afterAll(async () => {
  for (const child of children) await child.kill();
  rmSync(root, { recursive: true });
});

/** A culture that another process serves: its port, and the ledger that it tells when it is asked to end. */
async function serve(): Promise<{ port: number; end(): Promise<{ pulses: number; refusals: number }> }> {
  const { neurons, preset, seed } = CULTURE;
  const grown = ["--neurons", `${neurons}`, "--preset", preset, "--seed", `${seed}`];
  const child = startProgram(MAIN, ["culture", "serve", "--port", "0", "--json", ...grown]);
  children.push(child);
  await child.until(({ event }) => event === "listening");
  return {
    port: Number(child.events[0]?.["port"]),
    async end() {
      await child.kill("SIGINT");
      const { pulses, refusals } = child.events.at(-1) ?? {};
      return { pulses: Number(pulses), refusals: Number(refusals) };
    },
  };
}

/** A link to a port in a process of its own, so that it goes on while this one computes. */
async function slowLink(port: number, mostMs: number): Promise<number> {
  const child = startProgram("test/dish/slow-link.ts", [`${port}`, `${mostMs}`]);
  children.push(child);
  await child.until(({ port: listening }) => listening !== undefined);
  return Number(child.events[0]?.["port"]);
}

async function outcomesAt(address: string, name: string) {
  const config = organoidConfig.parse({
    ...SMALL,
    seeds: 1,
    arms: ["descent"],
    codes: ["assigned"],
    dish: address,
  });
  const place = { kind: "dish", address, profile: simulatedProfile } as const;
  const lost: TissueEvent[] = [];
  const hooks = { wetgradVersion: "test", place, onTissueEvent: (event: TissueEvent) => lost.push(event) };
  const experiment = { kind: "organoid", config } as const;
  const outcomes = await runExperiment(experiment, join(root, name), hooks, (found) => found.outcomes);
  expect(lost).toEqual([]);
  return outcomes;
}

describe("an experiment on a dish", { timeout: 15 * MINUTES }, () => {
  beforeAll(() => {
    spawnSync(process.execPath, ["scripts/build.mjs", "--if-stale"], { stdio: "inherit" });
  }, 15 * MINUTES);

  it("has over a slow link the bits that it has in this process", async () => {
    const { neurons, preset, seed } = CULTURE;
    const here = await outcomesAt(`simulated:?neurons=${neurons}&preset=${preset}&seed=${seed}`, "here");
    const culture = await serve();
    const port = await slowLink(culture.port, 3);
    const there = await outcomesAt(`cl1://127.0.0.1:${port}?scaffold=mea64`, "there");
    expect(there).toEqual(here);
    const [{ arms, retention, scrambled }] = here;
    expect(arms["descent"]?.probes).toHaveLength(1);
    expect(arms["descent"]?.pulses).toBeGreaterThan(500);
    expect([retention === null, scrambled]).toEqual([false, null]);
    const { pulses, refusals } = await culture.end();
    expect(pulses).toBeGreaterThan(arms["descent"].pulses);
    expect(refusals).toBe(0);
  });

  it("goes on where it stood when it has been killed, with the dish as it is, and says what was begun again", async () => {
    const culture = await serve();
    const folder = join(root, "killed");
    const address = `cl1://127.0.0.1:${culture.port}?scaffold=mea64`;
    const flags = Object.entries({
      "--dish": address,
      "--series": SMALL.series,
      "--cycles": SMALL.cycles,
      "--presentations": SMALL.presentations,
      "--probe-trials": SMALL.probeTrials,
      "--babble-trials": SMALL.babbleTrials,
      "--fit-steps": SMALL.fitSteps,
      "--retention": SMALL.retentionSeconds,
      "--quieting": SMALL.quietMinutes,
      "--out": folder,
    }).flatMap(([flag, value]) => [flag, `${value}`]);
    const command = [MAIN, "organoid", ...flags, "--json"];
    // Killed while it babbles, and once more after that, as soon as a stage has been kept.
    for (const [stage, kept] of [
      ["begin", "1-assigned-quiet--1-0.stage"],
      ["arm-descent-1", "1-assigned-arm-descent-0.stage"],
    ] as const) {
      const child = spawn(process.execPath, command, { stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
      await expect
        .poll(() => existsSync(join(folder, "stages", `1-assigned-${stage}.begun`)), {
          timeout: 2 * MINUTES,
          interval: 5,
        })
        .toBe(true);
      expect(existsSync(join(folder, "stages", kept))).toBe(true);
      child.kill("SIGKILL");
      expect(await ended).toBe("SIGKILL");
    }
    const last = spawnSync(process.execPath, command, { encoding: "utf8" });
    expect(last.status, last.stderr).toBe(0);
    const { notes } = readReport(folder);
    expect(
      notes.filter((note) => note.includes("was begun 2 times")).map((note) => note.split(" ")[1]),
    ).toEqual(["arm-descent-1", "begin"]);
    // A second session is refused while another has the dish; and a run is bound to its array.
    const busy = connect(culture.port, "127.0.0.1");
    await new Promise((resolve) => busy.once("connect", resolve));
    const refused = spawnSync(process.execPath, command, { encoding: "utf8" });
    expect([refused.status, refused.stderr.trim().split("\n")]).toEqual([
      2,
      [expect.stringContaining("serves another client")],
    ]);
    busy.destroy();
    expect(JSON.parse(readFileSync(join(folder, "dish.json"), "utf8"))).toMatchObject({ address });
    expect((await culture.end()).refusals).toBe(0);
  });
});
