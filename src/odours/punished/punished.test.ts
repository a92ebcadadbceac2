import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { saveWiring } from "../../wiring/file/save.ts";
import { smallLarva } from "../../wiring/testing/larva.ts";
import { circuitOf, LARVA, readoutOf } from "../circuit.ts";
import { tune } from "../tune.ts";
import { workingPoint } from "../working-point.ts";
import { ODOURS_DEFAULTS, type OdoursConfig } from "./config.ts";
import { likedLess } from "./objective.ts";
import { renderOdours } from "./page.ts";
import type { ConditionReport } from "./report.ts";
import { verdictOf } from "./report.ts";
import { runOdours } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-odours-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "larva.safetensors");
const wiring = smallLarva();
saveWiring(path, wiring);
const source = { path, wiring, words: LARVA };
const setting = { synapseMv: 0.8, rule: { rate: 0.01 } };

const config: OdoursConfig = {
  ...ODOURS_DEFAULTS,
  pairs: 1,
  seeds: 2,
  arms: ["teacher", "frozen", "scrambled", "rewired after"],
  wirings: ["real"],
  readouts: ["names"],
  rate: 0.01,
};

describe("the lesson of two odours", () => {
  it("is learnt by the taught brain and not by one whose synapses are frozen; stopped, it goes on to the same report", async () => {
    const whole = await runOdours(config, { path, folder: join(folder, "whole") });
    const find = (arm: string) => whole.conditions.find((one) => one.wiring === "real" && one.arm === arm)!;
    expect(find("teacher").right.mean).toBeGreaterThan(0.9);
    expect(find("teacher").right.mean).toBeGreaterThan(find("frozen").right.mean + 0.2);
    expect(
      whole.conditions.find(({ wiring, arm }) => wiring === "no brain" && arm === "teacher")!.right.mean,
    ).toBe(1);
    expect(whole.verdict.join(" ")).toContain("what it takes: no wiring at all");

    const control = new AbortController();
    const stopped = runOdours(config, {
      path,
      folder: join(folder, "stopped"),
      signal: control.signal,
      onProgress: (done) => done === 2 && control.abort(),
    });
    await expect(stopped).rejects.toThrow();
    const done = readdirSync(join(folder, "stopped", "units")).length;
    expect(done).toBeGreaterThan(1);
    expect(done).toBeLessThan(5);
    expect(await runOdours(config, { path, folder: join(folder, "stopped") })).toEqual(whole);
    await expect(
      runOdours({ ...config, rate: 0.02 }, { path, folder: join(folder, "stopped") }),
    ).rejects.toThrow(/asked for otherwise/);
    expect(renderOdours(whole)).toContain("Which of two odours is punished?");
  });

  it("is learnt by descent on an emulator, more than by a replay of its light in another order; without dopamine nothing is", async () => {
    const found = await runOdours(
      { ...config, arms: ["descent", "yoked", "no dopamine"], babbleRounds: 12 },
      { path, folder: join(folder, "descent") },
    );
    expect(found.lead).toBe("descent");
    const of = (arm: string) => found.conditions.find((one) => one.wiring === "real" && one.arm === arm)!;
    expect(of("descent").right.mean).toBeGreaterThan(0.8);
    expect(of("descent").right.mean).toBeGreaterThan(of("yoked").right.mean + 0.2);
    expect(of("no dopamine").before).toEqual(of("descent").before);
    expect(Math.abs(of("no dopamine").right.mean - of("no dopamine").before.mean)).toBeLessThan(0.2);
    expect(of("descent").emulator!.error).toBeGreaterThan(0);
    expect(of("descent").dopamineSpikes).toBeGreaterThan(10);
  });

  it("what descent descends on has the slope that differences give", () => {
    const random = Random.of(3, "slope");
    const state = Float64Array.from({ length: 12 }, () => 1 + 3 * random.uniform());
    const objective = likedLess([true, true, false, false], [true, false, false]);
    const { slope } = objective(state);
    state.forEach((_, i) => {
      const at = (by: number) => objective(state.map((y, k) => (k === i ? y + by : y))).loss;
      expect(slope[i]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 6);
    });
  });

  it("tuning brings a brain to a wanted working point", async () => {
    const goal = { kenyonShare: 0.3, outputSpikes: 3 };
    const { point } = await tune((gains) => circuitOf(source, { ...setting, gains }), goal);
    const before = await workingPoint(circuitOf(source, setting));
    const off = ({ kenyonShare, outputSpikes }: typeof point) =>
      Math.abs(kenyonShare - 0.3) + Math.abs(outputSpikes - 3) / 10;
    expect(off(point)).toBeLessThan(0.15);
    expect(off(point)).toBeLessThan(off(before));
  });

  it("reads by contact the output neurons that punishing cells contact", () => {
    const brain = circuitOf(source, setting);
    const byName = readoutOf("names", source, wiring, brain);
    const byContact = readoutOf("contact", source, wiring, brain);
    expect([byName.approach.length, byName.avoid.length]).toEqual([3, 4]);
    expect(byContact.approach.slice(0, 3).sort()).toEqual([...byName.approach].sort());
  });
});

describe("the verdict", () => {
  const share = (mean: number) => ({ mean, ci95: [mean - 0.02, mean + 0.02] as const });
  const one = (wiring: string, arm: string, right: number, behind?: number) =>
    ({
      wiring,
      arm,
      readout: "names",
      before: share(0.5),
      right: share(right),
      perPair: [],
      ...(behind !== undefined && { behindLead: share(behind) }),
    }) as unknown as ConditionReport;

  it("names what is beaten and what is not", () => {
    const said = verdictOf(
      [
        one("real", "teacher", 0.9),
        one("real", "yoked", 0.5, 0.4),
        one("rewired", "teacher", 0.89, 0.01),
        one("counts", "teacher", 0.7, 0.2),
        one("no brain", "teacher", 0.6, 0.3),
      ],
      "names",
      "teacher",
    ).join(" ");
    expect(said).toContain("it learns: above yoked 50 %");
    expect(said).toContain("above the changed wirings counts 70 % [68, 72], and not above rewired 89 %");
    expect(said).toContain("what it takes: part of this wiring");
    expect(said).toContain("above the same lesson without any brain");
    const unlearnt = verdictOf(
      [one("real", "teacher", 0.5), one("real", "sham", 0.5, 0)],
      "names",
      "teacher",
    ).join(" ");
    expect(unlearnt).toContain("not shown to learn: not above sham");
  });
});
