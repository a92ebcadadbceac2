/** The lesson of symbols on a small brain: learned by descent and not where synapses are frozen; stopped, it goes on to the same report. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadWiring } from "../../wiring/file/load.ts";
import { saveWiring } from "../../wiring/file/save.ts";
import { smallLarva } from "../../wiring/testing/larva.ts";
import { symbolPupil } from "./circuit.ts";
import { SYMBOLS_DEFAULTS, symbolsConfig } from "./config.ts";
import { renderSymbols } from "./page.ts";
import { verdictOf } from "./report.ts";
import { runSymbolsExperiment } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-symbols-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "larva.safetensors");
saveWiring(path, smallLarva());
const answers = [..."dgik"];
const config = symbolsConfig.parse({
  ...SYMBOLS_DEFAULTS,
  ...{ seeds: 2, firstSeed: 4, rounds: 24, babbleRounds: 6 },
  arms: ["descent", "errors", "frozen", "sham", "scrambled", "rewired after"],
  wirings: ["rewired"],
});

it("is learned by descent; stopped, the same command ends with the same report", async () => {
  const whole = await runSymbolsExperiment(config, { path, answers, folder: join(folder, "whole") });
  const right = (arm: string) => whole.arms.find((one) => one.arm === arm)!.right.mean;
  expect(right("descent")).toBeGreaterThan(0.5);
  expect(right("descent")).toBeGreaterThan(right("frozen") + 0.2);
  expect(right("descent")).toBeGreaterThan(right("sham") + 0.2);
  expect(right("descent")).toBeGreaterThan(right("scrambled") + 0.2);
  expect(right("descent")).toBeGreaterThan(right("rewired after") + 0.2);
  expect(whole.changed.map(({ wiring }) => wiring)).toEqual(["rewired", "no brain"]);
  expect(whole.workingPoints).toHaveProperty("rewired 4");
  expect(whole.verdict.at(-1)).toContain("What it takes: ");
  expect(renderSymbols(whole)).toContain("Which symbol comes next?");

  const control = new AbortController();
  const stopped = runSymbolsExperiment(config, {
    ...{ path, answers, folder: join(folder, "stopped"), signal: control.signal },
    onProgress: (done) => done === 8 && control.abort(),
  });
  await expect(stopped).rejects.toThrow();
  const done = readdirSync(join(folder, "stopped", "units"));
  expect(done).toContain("seed-4.json");
  expect(done).not.toContain("seed-5.json");
  expect(await runSymbolsExperiment(config, { path, answers, folder: join(folder, "stopped") })).toEqual(
    whole,
  );
  const other = { ...config, rate: 0.02 };
  await expect(
    runSymbolsExperiment(other, { path, answers, folder: join(folder, "stopped") }),
  ).rejects.toThrow(/asked for otherwise/);
}, 600_000);

it("names the compartment that a wiring lacks", () => {
  const wiring = loadWiring(path);
  expect(() => symbolPupil({ path, wiring }, ["d", "z"], { synapseMv: 0.8, rule: {} })).toThrow(
    /compartment z: expected cells of a type DAN-z/,
  );
});

it("one seed claims nothing, and what is not beaten is said", () => {
  const interval = (mean: number) => ({ mean, ci95: [mean - 0.02, mean + 0.02] as const, perSeed: [mean] });
  const difference = (mean: number, pHolm: number) => ({
    ...{ mean, ci95: [mean - 0.05, mean + 0.05] as const, perSeed: [], p: pHolm, effectSize: null, pHolm },
  });
  const arm = (
    name: "descent" | "errors" | "sham" | "yoked",
    mean: number,
    d?: ReturnType<typeof difference>,
  ) => ({
    ...{ arm: name, right: interval(mean), course: [], doses: 0, dopamineSpikes: 0 },
    ...(d && { behindDescent: d }),
  });
  const arms = [
    arm("descent", 0.6),
    arm("errors", 0.5, difference(0.1, 0.001)),
    arm("sham", 0.1, difference(0.5, 0.001)),
    arm("yoked", 0.58, difference(0.02, 0.6)),
  ];
  const of = (seeds: number) =>
    verdictOf({ arms, changed: [], before: interval(0.1), chance: 0.125, config: { ...config, seeds } }).join(
      " ",
    );
  expect(of(8)).toMatch(/Above sham 10 %.*Not above yoked 58 %.*It is above the hand errors 50 %/);
  expect(of(1)).toContain("One seed claims nothing");
});
