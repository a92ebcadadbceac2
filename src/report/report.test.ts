import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readReport, redrawReport, writeReport } from "./files.ts";
import { renderReport } from "./html.ts";
import { reportSchema } from "./schema.ts";
import { reportTable } from "./table.ts";
import { exampleReport } from "./testing/example.ts";
import { scoresOf, standing, verdictOf } from "./verdict.ts";

const report = exampleReport();

/** Opens and closes tags on a stack: enough of a parser to find one that is left open or closed twice. */
function unbalanced(html: string): string | null {
  const stack: string[] = [];
  const body = html.replace(/<style>[\s\S]*?<\/style>/g, "").replace(/<!doctype html>/, "");
  for (const [, slash, name, rest] of body.matchAll(/<(\/?)([a-zA-Z0-9]+)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g)) {
    if (rest.endsWith("/") || ["meta", "br"].includes(name)) continue;
    if (!slash) stack.push(name);
    else if (stack.pop() !== name) return `</${name}>`;
  }
  return stack.pop() ?? null;
}

test("a report comes back from its file as it was written, and the page can be drawn again", () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-report-"));
  const paths = writeReport(folder, report);
  const written = readFileSync(paths.html, "utf8");
  expect(readReport(folder)).toEqual(reportSchema.parse(report));
  writeFileSync(paths.html, "");
  redrawReport(folder);
  expect(readFileSync(paths.html, "utf8")).toBe(written);
});

test.each([
  ["no report", null, /no report\.json/],
  ["not JSON", "{", /expected JSON/],
  ["another version", JSON.stringify({ ...report, formatVersion: 99 }), /format 1, got 99.*another version/],
  ["no version", "[1]", /got none/],
  ["a field missing", JSON.stringify({ ...report, arms: 3 }), /arms/],
])("refuses %s in one line", (_, text, message) => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-report-"));
  if (text !== null) writeFileSync(join(folder, "report.json"), text);
  expect(() => readReport(folder)).toThrow(message);
  expect(() => readReport(folder)).toThrow(/^[^\n]*$/);
});

test("a report that breaks the schema is not written over an older one", () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-report-"));
  const { json } = writeReport(folder, report);
  const before = readFileSync(json, "utf8");
  const broken = { ...report, timing: { ...report.timing, wallSeconds: Number.NaN } };
  expect(() => writeReport(folder, broken)).toThrow(/wallSeconds/);
  expect(readFileSync(json, "utf8")).toBe(before);
});

test.each([
  ["a whole report", exampleReport()],
  ["one seed", exampleReport({ seeds: 1, free: false })],
  ["symbols", exampleReport({ kind: "symbols", free: false })],
  [
    "no figures",
    { ...report, figures: { seed: 1, series: null, raster: null, weightChange: null, latent: null } },
  ],
  [
    "three arms",
    {
      ...report,
      arms: { descent: report.arms["descent"] },
      baselines: {},
      curves: {},
      effects: {},
      free: null,
    },
  ],
])("the page of %s is well-formed, self-contained and without numbers that are none", (_, one) => {
  const html = renderReport(one);
  expect(unbalanced(html)).toBeNull();
  expect(html.match(/\b(src|href|xlink:href|action)="(?!#)/)).toBeNull();
  expect(html.match(/url\(|@import|<script|<link|<iframe/)).toBeNull();
  expect(html.match(/NaN|undefined|Infinity|\[object/)).toBeNull();
});

test("names from outside are escaped", () => {
  const evil = {
    ...report,
    task: { ...report.task, name: "<img src=x>", source: "<b>" },
    notes: ["<script>"],
  };
  expect(renderReport(evil).match(/<img|<b>&|<script/)).toBeNull();
});

test("the page and table hold every arm and baseline", () => {
  const table = reportTable(report);
  for (const label of ["descent", "scrambled", "linear AR", "trained readout", "shuffled spikes"]) {
    expect(renderReport(report)).toContain(label);
    expect(table).toContain(label);
  }
  expect(
    Math.max(
      ...table
        .split("\n\n")[1]
        .split("\n")
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(110);
});

test("standing is by intervals apart, in the direction of the metric", () => {
  const at = (lo: number, hi: number) => {
    const interval = { mean: (lo + hi) / 2, ci95: [lo, hi] as const, perSeed: [lo, hi] };
    return { accuracy: interval, nllNats: interval, nrmse: null };
  };
  expect(standing(at(0.5, 0.6), at(0.1, 0.4), "accuracy")).toBe("beaten");
  expect(standing(at(0.5, 0.6), at(0.1, 0.5), "accuracy")).toBe("even");
  expect(standing(at(0.5, 0.6), at(0.7, 0.8), "accuracy")).toBe("ahead");
  expect(standing(at(0.5, 0.6), at(0.7, 0.8), "nllNats")).toBe("beaten");
});

test("the verdict claims learning only where every control, chance and persistence are beaten", () => {
  expect(verdictOf(report, report.task)).toMatchObject({ learned: true, missing: [] });
  const smooth = exampleReport({ persistence: 0.8 });
  const verdict = verdictOf(smooth, smooth.task);
  expect(verdict.learned).toBe(false);
  expect(verdict.headline).toContain("does not beat persistence");
  expect(verdict.caveats[0]).toMatch(/^Persistence is better than the culture: (79|80)/);
  const one = exampleReport({ seeds: 1 });
  expect(verdictOf(one, one.task)).toMatchObject({
    learned: false,
    headline: expect.stringContaining("One seed"),
  });
  const { yoked, ...arms } = report.arms;
  expect(yoked).toBeDefined();
  expect(verdictOf({ ...report, arms }, report.task)).toMatchObject({ learned: false, missing: ["yoked"] });
});

test("the teacher's share is of the gain over sham", () => {
  const mean = (name: string) => scoresOf(report)[name].accuracy.mean;
  expect(verdictOf(report, report.task).teacherShare).toBeCloseTo(
    (mean("descent") - mean("sham")) / (mean("teacher") - mean("sham")),
  );
});
