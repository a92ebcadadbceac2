import { describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { NO_EFFORT } from "../../methods/contract.ts";
import { reportSchema } from "../../report/schema.ts";
import type { Spoken } from "../../tasks/measures/decide.ts";
import type { Score } from "../../tasks/measures/score.ts";
import type { ArmOutcome, Outcome, ProbeOutcome } from "../job/outcome.ts";
import { ARMS, type Code, type OrganoidConfig, organoidConfig } from "../organoid/config.ts";
import { buildReport, type RunFacts } from "./series.ts";

/** Scores are means over brains. */
const BRAINS = 2;
const NOT_SPOKEN: Spoken = {
  steps: 0,
  brains: BRAINS,
  classes: 8,
  probabilities: new Float32Array(0),
  answers: new Int32Array(0),
};

const config = organoidConfig.parse({ seeds: 5, cycles: 3, presentations: 40, retentionSeconds: 60 });
const facts = (of: OrganoidConfig): RunFacts => ({
  config: of,
  wetgradVersion: "9.9.9",
  task: { name: "laser", kind: "series", source: "made up", classes: 8 },
});

/** Made-up outcomes: every number its own, so that a mix-up shows. */
function outcome(
  seed: number,
  code: Code,
  of: OrganoidConfig,
  kind: "series" | "symbols" = "series",
): Outcome {
  const random = Random.of(seed, code);
  const score = (): Score => ({
    nllNats: 1 + random.uniform(),
    accuracy: random.uniform(),
    nrmse: kind === "series" ? random.uniform() : null,
  });
  const probe = (): ProbeOutcome => ({
    scores: Array.from({ length: BRAINS }, score),
    countAccuracy: random.uniform(),
    spoken: NOT_SPOKEN,
    listening: null,
    events: [],
  });
  const writes = of.cycles * of.presentations;
  const list = (make: (i: number) => number) => Array.from({ length: writes }, (_, i) => make(i));
  const descends = of.arms.includes("descent");
  const arm = (name: string): ArmOutcome => ({
    before: null,
    probes: Array.from({ length: of.cycles }, probe),
    trainEvents: [],
    pulses: 0,
    refused: 0,
    effort: { ...NO_EFFORT, writePulses: seed },
    fidelity:
      name === "descent"
        ? {
            overlap: list((i) => (i % 4 === 0 ? 1 : 0.5)),
            correlation: list((i) => i / writes + seed),
            logDensity: list(() => -random.uniform()),
            crossEntropy: list(() => random.uniform()),
          }
        : null,
  });
  return {
    seed,
    code,
    lags: 3,
    figures: null,
    predicted: [],
    opponents: null,
    arithmetic: "made up (0)",
    holdings: {
      before: [{ summed: 0.1, perSynapse: 0.2 }],
      descent: [{ summed: 0.4 + 0.01 * seed, perSynapse: 0.6 }],
    },
    before: probe(),
    arms: Object.fromEntries(of.arms.map((name) => [name, arm(name)])),
    scrambled: descends ? probe() : null,
    retention: descends && of.retentionSeconds > 0 ? probe() : null,
    baselines: Object.fromEntries(
      ["chance", "persistence", "emulatorAlone"].map((name) => [name, Array.from({ length: BRAINS }, score)]),
    ),
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
const MEASURES = ["nllNats", "accuracy", "nrmse"] as const;
/** Of a measure, the mean over brains. */
const scoreOf = (scores: readonly Score[] | null | undefined, measure: (typeof MEASURES)[number]) =>
  mean((scores ?? []).map((score) => score[measure] ?? Number.NaN));
const accuracyOf = (probe: ProbeOutcome | null | undefined) => scoreOf(probe?.scores, "accuracy");

describe("buildReport", () => {
  it("passes the report's schema, also as JSON", () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    expect(report.series.map(({ code }) => code)).toEqual(["assigned", "free"]);
  });

  it("by a method that teaches by electrode counts, they say what is right with the assigned code", () => {
    const counted = { ...config, method: "error-correcting", arms: ["descent", "sham"] };
    const [assigned, free] = buildReport(outcomes, facts(counted)).series;
    const at = (code: Code) => of(code).map(({ arms }) => arms["descent"].probes.at(-1)!);
    expect(assigned.arms["descent"].probe.accuracy.perSeed).toEqual(
      at("assigned").map(({ countAccuracy }) => countAccuracy),
    );
    expect(assigned.arms["descent"].probe.nllNats.perSeed).toEqual(
      at("assigned").map(({ scores }) => scoreOf(scores, "nllNats")),
    );
    expect(free.arms["descent"].probe.accuracy.perSeed).toEqual(at("free").map(accuracyOf));
  });

  it("scores each arm by its last probe, and each baseline, seed by seed", () => {
    for (const code of report.series) {
      for (const arm of ARMS) {
        const last = of(code.code).flatMap(({ arms }) => arms[arm].probes.at(-1) ?? []);
        for (const measure of [...MEASURES, "countAccuracy"] as const) {
          const got = code.arms[arm].probe[measure]!;
          expect(got.perSeed).toEqual(
            last.map((probe) =>
              measure === "countAccuracy" ? probe.countAccuracy : scoreOf(probe.scores, measure),
            ),
          );
          expect(got.mean).toBeCloseTo(mean(got.perSeed), 12);
          expect(got.ci95[0]).toBeLessThan(got.mean);
          expect(got.ci95[1]).toBeGreaterThan(got.mean);
        }
      }
      const chance = code.baselines["chance"].accuracy.perSeed;
      expect(chance).toEqual(
        of(code.code).map(({ baselines }) => scoreOf(baselines?.["chance"], "accuracy")),
      );
      expect(code.arms["scrambled"].probe.accuracy.perSeed).toEqual(
        of(code.code).map((o) => accuracyOf(o.scrambled)),
      );
      expect(code.retention!.arms["descent"].accuracy.perSeed).toEqual(
        of(code.code).map((o) => accuracyOf(o.retention)),
      );
    }
  });

  it("pairs effects by seed: mean difference, and d_z in closed form", () => {
    const ours = of("assigned").map(({ arms }) => accuracyOf(arms["descent"].probes.at(-1)));
    const theirs = of("assigned").map(({ arms }) => accuracyOf(arms["sham"].probes.at(-1)));
    const difference = ours.map((value, i) => value - theirs[i]);
    const centre = mean(difference);
    const deviation = Math.sqrt(mean(difference.map((d) => (d - centre) ** 2)) * (5 / 4));
    const { rivals } = report.verdict.claims[0];
    const effect = rivals.find(({ name }) => name === "sham")!.difference;
    expect(effect.mean).toBeCloseTo(centre, 12);
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
    expect(rivals.map(({ name }) => name).sort()).toEqual(others.sort());
  });

  it("draws learning curves from before the first presentation to the last cycle", () => {
    const { presentations, accuracy } = report.series[0].curves["teacher"];
    expect(presentations).toEqual([0, 40, 80, 120]);
    of("assigned").forEach(({ before, arms }, seed) => {
      const points = [accuracyOf(before), ...arms["teacher"].probes.map(accuracyOf)];
      expect(accuracy.perSeed[seed]).toEqual(points);
    });
    accuracy.mean.forEach((value, i) => {
      expect(value).toBeCloseTo(mean(accuracy.perSeed.map((row) => row[i])), 12);
      expect(accuracy.lo[i]).toBeLessThan(value);
      expect(accuracy.hi[i]).toBeGreaterThan(value);
    });
  });

  it("shows fidelity in blocks of writes, and the last quarter of them", () => {
    const { presentations, curves, final } = report.series[0].writeFidelity!;
    const blocks = presentations.length;
    const size = presentations[0];
    expect(presentations).toEqual(Array.from({ length: blocks }, (_, b) => (b + 1) * size));
    expect(blocks * size).toBeLessThanOrEqual(120);
    of("assigned").forEach(({ arms }, seed) => {
      const { fidelity } = arms["descent"];
      for (let b = 0; b < blocks; b++) {
        const block = fidelity!.correlation.slice(b * size, (b + 1) * size);
        expect(curves.correlation!.perSeed[seed][b]).toBeCloseTo(mean(block), 10);
      }
      expect(final.correlation!.perSeed[seed]).toBeCloseTo(mean(fidelity!.correlation.slice(-30)), 10);
      expect(final.logDensity!.perSeed[seed]).toBeCloseTo(mean(fidelity!.logDensity.slice(-30)), 10);
    });
    const last = of("assigned")[0].arms["descent"].fidelity!.overlap.slice(-30);
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
    const codesOf = (codes: Code[]) => build({ codes }).series?.map(({ code }) => code);
    expect(codesOf(["free"])).toEqual(["free"]);
    expect(codesOf(["assigned"])).toEqual(["assigned"]);
    expect(codesOf(["free", "assigned"])).toEqual(["assigned", "free"]);
  });

  it("no descent: no effects, fidelity or retention", () => {
    const made = build({ arms: ["teacher", "sham"] });
    expect(made.verdict.claims).toEqual([]);
    expect(made.series![0]).toMatchObject({ writeFidelity: null, retention: null });
    expect(Object.keys(made.series![0].arms)).toEqual(["teacher", "sham"]);
    expect(Object.keys(made.arms)).toEqual(["teacher", "sham"]);
  });

  it("one seed: no effect sizes; symbols: no errors of value; no retention asked for", () => {
    const made = build({ seeds: 1, retentionSeconds: 0 }, "symbols");
    const [code] = made.series!;
    const sham = made.verdict.claims[0].rivals.find(({ name }) => name === "sham")!;
    expect(sham.difference.effectSize).toBe(null);
    expect(code.arms["descent"].probe.nrmse).toBe(null);
    expect(code.retention).toBe(null);
    const { mean, ci95 } = code.arms["descent"].probe.accuracy;
    expect(ci95).toEqual([mean, mean]);
  });
});
