import { describe, expect, it } from "vitest";
import { Random } from "../math/random.ts";
import { reportSchema } from "../report/schema.ts";
import { buildReport, type RunFacts } from "./aggregate.ts";
import { ARMS, type Code, type OrganoidConfig, organoidConfig } from "./config.ts";
import type { Outcome } from "./outcome.ts";

const config = organoidConfig.parse({ seeds: 5, cycles: 3, presentations: 40, retentionSeconds: 60 });
const facts = (of: OrganoidConfig): RunFacts => ({
  config: of,
  wetgradVersion: "9.9.9",
  task: { name: "laser", kind: "series", source: "made up", classes: 8 },
  timing: { wallSeconds: 1, stages: { begin: 1 }, peakMemoryMb: 1 },
});

/** Made-up outcomes: every number its own, so that a mix-up shows. */
function outcome(
  seed: number,
  code: Code,
  of: OrganoidConfig,
  kind: "series" | "symbols" = "series",
): Outcome {
  const random = Random.of(seed, code);
  const score = () => ({
    nllNats: 1 + random.uniform(),
    accuracy: random.uniform(),
    handAccuracy: random.uniform(),
    nrmse: kind === "series" ? random.uniform() : null,
  });
  const writes = of.cycles * of.presentations;
  const list = (make: (i: number) => number) => Array.from({ length: writes }, (_, i) => make(i));
  const descends = of.arms.includes("descent");
  return {
    seed,
    code,
    lags: 3,
    figures: null,
    foretold: [],
    before: score(),
    arms: Object.fromEntries(of.arms.map((arm) => [arm, Array.from({ length: of.cycles }, score)])),
    scrambled: descends ? score() : null,
    retention: descends && of.retentionSeconds > 0 ? score() : null,
    baselines: { chance: score(), persistence: score(), emulatorAlone: score() },
    fidelity: descends
      ? {
          overlap: list((i) => (i % 4 === 0 ? 1 : 0.5)),
          correlation: list((i) => i / writes + seed),
          logDensity: list(() => -random.uniform()),
        }
      : null,
    notes: [`note of seed ${seed}`, "a note of all"],
  };
}

const outcomesOf = (of: OrganoidConfig, kind?: "series" | "symbols") =>
  Array.from({ length: of.seeds }, (_, i) => i + 1).flatMap((seed) =>
    of.codes.map((code) => outcome(seed, code, of, kind)),
  );
const outcomes = outcomesOf(config);
const report = buildReport(outcomes, facts(config));
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const of = (code: Code) => outcomes.filter((o) => o.code === code);

describe("buildReport", () => {
  it("passes the report's schema, also as JSON", () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    expect([report.code, report.free?.code]).toEqual(["assigned", "free"]);
  });

  it("scores each arm by its last probe, and each baseline, seed by seed", () => {
    for (const code of [report, report.free!]) {
      for (const arm of ARMS) {
        const last = of(code.code).map(({ arms }) => arms[arm].at(-1)!);
        for (const measure of ["nllNats", "accuracy", "nrmse", "handAccuracy"] as const) {
          const got = code.arms[arm].probe[measure]!;
          expect(got.perSeed).toEqual(last.map((score) => score[measure]));
          expect(got.mean).toBeCloseTo(mean(got.perSeed), 12);
          expect(got.ci95[0]).toBeLessThan(got.mean);
          expect(got.ci95[1]).toBeGreaterThan(got.mean);
        }
      }
      const chance = code.baselines["chance"].accuracy.perSeed;
      expect(chance).toEqual(of(code.code).map(({ baselines }) => baselines["chance"].accuracy));
      expect(code.arms["scrambled"].probe.accuracy.perSeed).toEqual(
        of(code.code).map((o) => o.scrambled!.accuracy),
      );
      expect(code.retention!.arms["descent"].accuracy.perSeed).toEqual(
        of(code.code).map((o) => o.retention!.accuracy),
      );
    }
  });

  it("pairs effects by seed: mean difference, and d_z in closed form", () => {
    const ours = of("assigned").map(({ arms }) => arms["descent"].at(-1)!.accuracy);
    const theirs = of("assigned").map(({ arms }) => arms["sham"].at(-1)!.accuracy);
    const difference = ours.map((value, i) => value - theirs[i]);
    const centre = mean(difference);
    const deviation = Math.sqrt(mean(difference.map((d) => (d - centre) ** 2)) * (5 / 4));
    const effect = report.effects["sham"];
    expect(effect.difference).toBeCloseTo(centre, 12);
    expect(effect.effectSize).toBeCloseTo(centre / deviation, 10);
    expect(effect.ci95[0]).toBeLessThan(centre);
    expect(effect.ci95[1]).toBeGreaterThan(centre);
    const others = [
      ...ARMS.filter((arm) => arm !== "descent"),
      "scrambled",
      "chance",
      "persistence",
      "emulatorAlone",
    ];
    expect(Object.keys(report.effects).sort()).toEqual(others.sort());
  });

  it("draws learning curves from before the first presentation to the last cycle", () => {
    const { presentations, accuracy } = report.curves["teacher"];
    expect(presentations).toEqual([0, 40, 80, 120]);
    of("assigned").forEach(({ before, arms }, seed) => {
      const points = [before.accuracy, ...arms["teacher"].map((score) => score.accuracy)];
      expect(accuracy.perSeed[seed]).toEqual(points);
    });
    accuracy.mean.forEach((value, i) => {
      expect(value).toBeCloseTo(mean(accuracy.perSeed.map((row) => row[i])), 12);
      expect(accuracy.lo[i]).toBeLessThan(value);
      expect(accuracy.hi[i]).toBeGreaterThan(value);
    });
  });

  it("shows fidelity in blocks of writes, and the last quarter of them", () => {
    const { presentations, curves, final } = report.writeFidelity!;
    const blocks = presentations.length;
    const size = presentations[0];
    expect(presentations).toEqual(Array.from({ length: blocks }, (_, b) => (b + 1) * size));
    expect(blocks * size).toBeLessThanOrEqual(120);
    of("assigned").forEach(({ fidelity }, seed) => {
      for (let b = 0; b < blocks; b++) {
        const block = fidelity!.correlation.slice(b * size, (b + 1) * size);
        expect(curves.correlation!.perSeed[seed][b]).toBeCloseTo(mean(block), 10);
      }
      expect(final.correlation!.perSeed[seed]).toBeCloseTo(mean(fidelity!.correlation.slice(-30)), 10);
      expect(final.logDensity!.perSeed[seed]).toBeCloseTo(mean(fidelity!.logDensity.slice(-30)), 10);
    });
    const last = of("assigned")[0].fidelity!.overlap.slice(-30);
    expect(final.overlap!.mean).toBeCloseTo(mean(last), 10);
    // Exact: on all of the true class's electrodes.
    expect(final.exact!.mean).toBeCloseTo(last.filter((share) => share === 1).length / 30, 10);
  });

  it("says every note once", () => {
    expect(report.notes).toEqual([...new Set(report.notes)]);
    expect(report.notes).toContain("a note of all");
    for (let seed = 1; seed <= 5; seed++) expect(report.notes).toContain(`note of seed ${seed}`);
  });
});

describe("buildReport for less than everything", () => {
  const build = (given: Partial<OrganoidConfig>, kind?: "series" | "symbols") => {
    const some = { ...config, ...given };
    const made = buildReport(outcomesOf(some, kind), facts(some));
    return reportSchema.parse(JSON.parse(JSON.stringify(made)));
  };

  it("one code alone, whichever", () => {
    expect(build({ codes: ["free"] })).toMatchObject({ code: "free", free: null });
    expect(build({ codes: ["assigned"] })).toMatchObject({ code: "assigned", free: null });
    expect(build({ codes: ["free", "assigned"] })).toMatchObject({
      code: "assigned",
      free: { code: "free" },
    });
  });

  it("no descent: no effects, fidelity or retention", () => {
    const made = build({ arms: ["teacher", "sham"] });
    expect(made).toMatchObject({ effects: {}, writeFidelity: null, retention: null });
    expect(Object.keys(made.arms)).toEqual(["teacher", "sham"]);
  });

  it("one seed: no effect sizes; symbols: no errors of value; no retention asked for", () => {
    const made = build({ seeds: 1, retentionSeconds: 0 }, "symbols");
    expect(made.effects["sham"].effectSize).toBe(null);
    expect(made.arms["descent"].probe.nrmse).toBe(null);
    expect(made.retention).toBe(null);
    const { mean, ci95 } = made.arms["descent"].probe.accuracy;
    expect(ci95).toEqual([mean, mean]);
  });
});
