/** Two of the ways to descend from the culture to the report, very small; then again, from what is there. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PLAIN } from "../../report/columns.ts";
import { renderMethodsReport } from "../../report/methods/page.ts";
import { methodsReportSchema } from "../../report/methods/schema.ts";
import { methodsTable } from "../../report/methods/table.ts";
import { RunError } from "../error.ts";
import { compareMethods } from "./compare-methods.ts";
import { DEFAULT_STEP_BUDGET, organoidConfig } from "./config.ts";
import { runOrganoid } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "wetgrad-methods-"));
afterAll(() => rmSync(root, { recursive: true }));

const {
  series: _,
  arms: __,
  ...base
} = organoidConfig.parse({
  seeds: 1,
  codes: ["assigned"],
  cycles: 1,
  presentations: 40,
  probeTrials: 16,
  babbleTrials: 200,
  fitSteps: 40,
  preset: "quiet",
  neurons: 200,
  retentionSeconds: 0,
});

describe("compareMethods", () => {
  it("runs each method with its controls, says what each asked of the tissue, and continues", async () => {
    const comparison = {
      series: ["henon"],
      methods: ["direct", "reward"] as const,
      budgets: [],
      base,
    };
    const hooks = { wetgradVersion: "test", workers: 1 };
    const report = await compareMethods(comparison, join(root, "all"), hooks);
    const [direct, reward] = report.series[0].methods;
    expect(Object.keys(direct.arms)).toEqual(["descent", "yoked", "random", "sham", "scrambled"]);
    expect([direct.presentations, direct.writePulses]).toEqual([0, 0]);
    expect(direct.synapsesChanged).toBeGreaterThan(1000);
    expect(Object.keys(reward.arms)).toEqual(["descent", "yoked", "frozen", "sham", "scrambled"]);
    expect([reward.presentations, reward.writePulses, reward.synapsesChanged]).toEqual([40, 40 * 12, 0]);
    expect(methodsReportSchema.parse(report)).toEqual(report);
    expect(methodsTable(report, PLAIN)).toMatch(/direct +\d/);
    expect(renderMethodsReport(report)).toContain("<h2>henon</h2>");

    const again = await compareMethods(comparison, join(root, "all"), hooks);
    expect(again.series).toEqual(report.series);
  }, 900_000);
});

describe("the curve of step budgets", () => {
  it("has a point for each budget and one for what the method itself takes, in their order", async () => {
    const comparison = {
      series: ["henon"],
      methods: ["incremental"] as const,
      budgets: [DEFAULT_STEP_BUDGET, 0.01],
      base,
    };
    const report = await compareMethods(comparison, join(root, "budgets"), {
      wetgradVersion: "test",
      workers: 1,
    });
    const [{ stepBudget, methods }] = report.series;
    expect(stepBudget.map(({ budget }) => budget)).toEqual([0.01, DEFAULT_STEP_BUDGET]);
    expect(stepBudget[1].accuracy).toEqual(methods[0].arms["descent"].accuracy);
    expect(renderMethodsReport(report)).toContain("how small may the steps be?");
  }, 900_000);
});

describe("arms that a method does not have", () => {
  it("are refused in one line before a folder is made", async () => {
    for (const [arms, message] of [
      [
        ["descent", "teacher"],
        /method direct: expected arms out of descent, yoked, random, sham, got teacher/,
      ],
      [["random"], /arm random .* add descent to --arms/],
    ] as const) {
      const config = organoidConfig.parse({ ...base, series: "henon", method: "direct", arms });
      const error = await runOrganoid(config, join(root, "none"), { wetgradVersion: "test" }).catch((e) => e);
      expect(error).toBeInstanceOf(RunError);
      expect(error.message).toMatch(message);
    }
  });
});
