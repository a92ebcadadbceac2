/** A vat that plays Doom (wetgrad doom setup), killed in the middle of a life: it ends with the bits of an undisturbed run. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { installedDoom, isDoomInstalled } from "../src/engines/installed.ts";
import type { Experiment } from "../src/experiment/plans.ts";
import { runReported } from "../src/experiment/reported.ts";
import { NOT_SHARED } from "../src/experiment/timing.ts";
import { vatConfig } from "../src/experiment/vat/config.ts";
import { fileHashes } from "../src/files/hash.ts";
import type { VatReport } from "../src/report/schema.ts";
import { moduleAt, withModules } from "./setup/program.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-doom-"));
afterAll(() => rmSync(root, { recursive: true }));

const experiment = (): Experiment => ({
  kind: "vat",
  config: vatConfig.parse({
    task: "doom",
    brains: 2,
    seeds: 1,
    firstSeed: 3,
    arms: ["descent", "sham"],
    cycles: 1,
    neurons: 150,
    presentations: 24,
    probeTrials: 120,
    babbleTrials: 50,
    fitSteps: 20,
    lives: 1,
    critics: true,
    engine: installedDoom().build,
  }),
});

/** Kills a run of its own process after so many signs of life. */
function killed(folder: string, events: number): Promise<NodeJS.Signals | number | null> {
  const script = fileURLToPath(new URL("./killed/child.mjs", import.meta.url));
  const words = [
    ...withModules(script),
    folder,
    JSON.stringify(experiment()),
    moduleAt("experiment/reported"),
  ];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "ignore"] });
  let seen = 0;
  child.stdout.on("data", (text) => {
    seen += String(text).split("\n").length - 1;
    if (seen >= events) child.kill("SIGKILL");
  });
  return new Promise((done) => child.on("close", (code, signal) => done(signal ?? code)));
}

describe.skipIf(!isDoomInstalled())("with the engine (wetgrad doom setup)", () => {
  test("killed in training and in a probe, it goes on to the same bits; another engine's run is refused", async () => {
    const [whole, cut] = [join(root, "whole"), join(root, "cut")];
    const hooks = { wetgradVersion: "test", workers: 1, place: { kind: "local" } as const };
    await runReported(experiment(), whole, hooks);
    for (const events of [120, 60]) expect(await killed(cut, events)).toBe("SIGKILL");
    await runReported(experiment(), cut, hooks);
    expect(fileHashes(cut, NOT_SHARED)).toEqual(fileHashes(whole, NOT_SHARED));

    const report = JSON.parse(readFileSync(join(whole, "report.json"), "utf8")) as VatReport;
    expect(report.vat.mainMetrics).toEqual(["killsPerLife", "counts"]);
    expect(report.vat.arms["descent"].after.killsPerLife?.mean).toBeGreaterThanOrEqual(0);
    expect(Object.keys(report.game?.opponents ?? {})).toEqual(
      expect.arrayContaining(["late", "permutedZone", "resetInGame", "randomSpikes", "dqn", "perfectReader"]),
    );
    expect(report.game?.film?.length).toBeGreaterThan(2);
    expect(readFileSync(join(whole, "report.html"), "utf8")).toContain("A life, as it was seen");

    const config = JSON.parse(readFileSync(join(cut, "config.json"), "utf8"));
    const other = { ...config.config, engine: "0".repeat(64) };
    writeFileSync(join(cut, "config.json"), JSON.stringify({ ...config, config: other }));
    await expect(runReported({ kind: "vat", config: vatConfig.parse(other) }, cut, hooks)).rejects.toThrow(
      /expected engine 000000000000, with which this began/,
    );
  }, 120_000);
});
