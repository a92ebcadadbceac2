import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bootstrapInterval } from "../math/interval.ts";
import { PLAIN } from "./columns.ts";
import { readReport, redrawReport, writeReport } from "./files.ts";
import { renderReport } from "./html.ts";
import { groupOf } from "./names.ts";
import type { CodeReport } from "./schema/series.ts";
import { reportSchema, type SeriesReport } from "./schema.ts";
import { reportTable } from "./table.ts";
import { exampleReport } from "./testing/example.ts";
import { exampleVat } from "./testing/example-vat.ts";
import { verdictLines } from "./vat/words.ts";
import { judge } from "./verdict/claim.ts";
import { scoresOf, seriesVerdict } from "./verdict/series.ts";
import { caveatsOf, headlineOf, verdictOn } from "./verdict/words.ts";

const report = exampleReport();

const CONTROLS = Object.keys(scoresOf(report.series[0])).filter(
  (name) => name !== "descent" && groupOf(name) === "control",
);

/** The assigned code alone, changed, and judged anew. */
function withCode(change: Partial<CodeReport>): SeriesReport {
  const series = [{ ...report.series[0], ...change }];
  return { ...report, series, verdict: seriesVerdict(series, CONTROLS) };
}

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
  ["another version", JSON.stringify({ ...report, formatVersion: 99 }), /format 3, got 99.*another version/],
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
  const broken = { ...report, task: { ...report.task, chance: Number.NaN } };
  expect(() => writeReport(folder, broken)).toThrow(/chance/);
  expect(readFileSync(json, "utf8")).toBe(before);
});

test.each([
  ["a whole report", exampleReport()],
  ["one seed", exampleReport({ seeds: 1, free: false })],
  ["symbols", exampleReport({ kind: "symbols", free: false })],
  [
    "no figures",
    withCode({ figures: { seed: 1, series: null, raster: null, weightChange: null, latent: null } }),
  ],
  ["one arm", withCode({ arms: { descent: report.series[0].arms["descent"] }, baselines: {}, curves: {} })],
  ["no descent", withCode({ arms: { sham: report.series[0].arms["sham"] } })],
  ["a vat", exampleVat()],
  ["a vat of one seed that plays", exampleVat({ seeds: 1, isGame: true })],
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
  for (const label of ["descent", "scrambled", "linear AR", "readout on trained", "shuffled spikes"]) {
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
  ).toBeLessThanOrEqual(115);
});

test("an arm of a method of one's own goes by its own label, on the page and in the table", () => {
  const own = { label: "twice as strong", meaning: "pulses of twice the strength" };
  for (const known of [report, exampleVat()]) {
    const named = { ...known, arms: { ...known.arms, sham: own } };
    for (const text of [renderReport(named), reportTable(named, PLAIN)]) expect(text).toContain(own.label);
  }
});

test("tissue is judged by paired differences, after correction, in the direction of the metric", () => {
  const at = (...perSeed: number[]) => bootstrapInterval(perSeed);
  const ours = at(0.5, 0.62, 0.4, 0.55, 0.45);
  // Overlapping intervals, and yet ahead on every seed by about as much.
  const theirs = at(0.44, 0.57, 0.35, 0.49, 0.4);
  const rivals = [["sham", theirs] as const];
  const of = (isLowerBetter: boolean) =>
    judge([{ metric: "accuracy", isLowerBetter, ours, rivals }]).claims[0];
  expect(of(false).rivals[0]).toMatchObject({ standing: "beaten", group: "control" });
  expect(of(true).rivals[0].standing).toBe("better");
  // The same p, one of so many that it may be chance.
  const { p } = of(false).rivals[0];
  const many = Array.from({ length: Math.ceil(0.05 / p!) + 1 }, () => ["sham", theirs] as const);
  const judged = judge([{ metric: "accuracy", ours, rivals: many }]);
  expect(judged.comparisons).toBe(many.length);
  expect(new Set(judged.claims[0].rivals.map(({ standing }) => standing))).toEqual(new Set(["open"]));
  expect(
    judge([{ metric: "accuracy", ours: at(0.9), rivals: [["sham", at(0.1)]] }]).claims[0].rivals[0],
  ).toMatchObject({
    standing: "open",
    p: null,
    difference: { ci95: [0.8, 0.8] },
  });
});

test("the verdict claims learning only where every tissue control is beaten, and tells forecasters apart from them", () => {
  const found = (of: SeriesReport) => {
    const on = verdictOn(of, "assigned");
    return { ...on.learning, headline: headlineOf(of, on), caveats: caveatsOf(on) };
  };
  expect(found(report)).toMatchObject({ learned: true, missing: [] });
  expect(found(report).headline).toMatch(
    /better than every control; the nearest, .*, by \+[\d.]+ \[.*\] points\.$/,
  );
  const smooth = found(exampleReport({ persistence: 0.8 }));
  expect(smooth.learned).toBe(true);
  expect(smooth.caveats[1]).toMatch(/^Forecasters without tissue.*better than the tissue: .*persistence/);
  const echo = found(exampleReport({ accuracy: 0.13 }));
  expect(echo.learned).toBe(false);
  expect(echo.headline).toMatch(/does not beat .*sham.* over 8 seeds/);
  expect(found(exampleReport({ seeds: 1 }))).toMatchObject({
    learned: false,
    headline: expect.stringContaining("One seed"),
  });
  const { yoked, ...arms } = report.series[0].arms;
  expect(yoked).toBeDefined();
  expect(found(withCode({ arms }))).toMatchObject({ learned: false, missing: ["yoked"] });
});

test("the teacher's share is of the gain over sham", () => {
  const mean = (name: string) => scoresOf(report.series[0])[name].accuracy.mean;
  expect(verdictOn(report, "assigned").learning.teacherShare).toBeCloseTo(
    (mean("descent") - mean("sham")) / (mean("teacher") - mean("sham")),
  );
});

test("the verdict on a vat names what is beaten, what is not significant and what is better, by how much", () => {
  const vat = exampleVat();
  const [claim] = vat.verdict.claims;
  expect(claim.rivals.map(({ name }) => name).sort()).toEqual(
    ["before", "bestBrain", "majority", "persistence", "sham", "unconnected"].sort(),
  );
  const [first, ...rest] = verdictLines(vat);
  expect(first).toMatch(/^the vat together, 3 brains: 60/);
  expect(rest[0]).toMatch(/^tissue controls, tissue minus each in points — beaten: .*sham \(\+/);
  expect(rest[0]).toMatch(/not significant: unconnected twin \(/);
  expect(rest[1]).toMatch(/^forecasters without tissue.* beaten: persistence \(\+20/);
  expect(rest.join()).toContain("6 comparisons");
  expect(verdictLines(exampleVat({ seeds: 1 }))[0]).toContain("nothing is claimed");
  expect(reportTable(vat)).toContain(first);
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-report-"));
  writeReport(folder, vat);
  expect(readReport(folder)).toEqual(reportSchema.parse(vat));
});
