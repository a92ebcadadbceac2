/** Scores and figures of forecasters fit the report's schema, and the page says what they say. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ForecastScoreError } from "../src/forecast/scores/error.ts";
import { forecastFigures } from "../src/forecast/scores/figures.ts";
import { latentPaths } from "../src/forecast/scores/latent-paths.ts";
import { meanCounts, scoreForecasters } from "../src/forecast/scores/score.ts";
import type { CountSequences, Forecaster } from "../src/forecast/windows/forecaster.ts";
import { drawPoisson } from "../src/math/poisson.ts";
import { Random } from "../src/math/random.ts";
import { readForecastReport, writeForecastReport } from "../src/report/forecast/files.ts";
import { forecastHeadline, renderForecastReport } from "../src/report/forecast/page.ts";
import {
  type ForecastReport,
  type ForecastReportInput,
  forecastReportSchema,
} from "../src/report/forecast/schema.ts";

const channels = 4;
const window = { historyBins: 10, futureBins: 6, channels };
const options = { window, patchBins: 3, samples: 30, seed: 1, strideBins: 6 };
const rate = (bin: number, channel: number) => 0.5 * Math.exp(Math.sin(bin / 8 + channel));

const random = Random.of(6);
const data: CountSequences = {
  binSeconds: 0.02,
  channels,
  sequences: Array.from({ length: 3 }, () =>
    Uint8Array.from({ length: 400 * channels }, (_, i) =>
      drawPoisson(random, rate(Math.floor(i / channels), i % channels)),
    ),
  ),
};

function forecasterOf(name: string, rateOf: (bin: number, channel: number) => number): Forecaster {
  const size = window.futureBins * channels;
  return {
    name,
    window,
    forecast: async ({ size: windows, origin }) => ({
      samples: 1,
      rates: Float32Array.from({ length: windows * size }, (_, i) =>
        rateOf(origin[Math.floor(i / size)] + Math.floor((i % size) / channels), i % channels),
      ),
    }),
    dispose: async () => {},
  };
}

const known = forecasterOf("true <rates>", rate);
const flat = forecasterOf("flat", () => 0.5);
const worse = forecasterOf("worse", (bin, channel) => rate(bin + 25, channel));
const scores = await scoreForecasters(data, meanCounts(data), [known, flat, worse], options);
const input: ForecastReportInput = {
  formatVersion: 1,
  kind: "forecast",
  wetgradVersion: "0.0.0",
  wallSeconds: 75,
  data: { name: "waves", channels, binSeconds: 0.02, sequences: 3, spikes: 2400, synthetic: true },
  window: { historyBins: 10, futureBins: 6, patchBins: 3, strideBins: 6 },
  scores: scores,
  figures: {
    ...(await forecastFigures(data, known, options)),
    latent: latentPaths([Float32Array.of(0, 0, 1, 1, 2, 2), Float32Array.of(3, 3, 4, 4)], 2),
  },
  config: { seed: 1 },
  notes: ["One seed."],
};
const report: ForecastReport = forecastReportSchema.parse(input);

test("a report comes back as it was written, and its page needs nothing but itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-forecast-"));
  const paths = writeForecastReport(folder, input);
  const html = readFileSync(paths.html, "utf8");
  expect(readForecastReport(folder)).toEqual(input);
  expect(html).toBe(renderForecastReport(report));
  expect(html).not.toMatch(/<script|<link|<img|\bsrc=|href="(?!#)|url\(|@import/);
  expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(html).toContain("true &lt;rates&gt;");
  expect(html).not.toContain("true <rates>");
  expect(html).toContain("Synthetic recording");
  expect(html.match(/<svg/g)).toHaveLength(9);
});

test("the page marks what does not beat the flat forecast, and a leak", () => {
  expect(scores.map(({ beatsFlat }) => beatsFlat)).toEqual([true, null, false]);
  expect(renderForecastReport(report)).toContain("worse: does not beat the flat forecast");
  const [first, ...rest] = report.scores;
  const leaking = { ...report, scores: [{ ...first, leak: true }, ...rest] };
  expect(forecastHeadline(leaking)).toContain("leaked");
  expect(renderForecastReport(leaking)).toContain("✗ leak");
  expect(forecastHeadline(report)).toBe(
    `true <rates>: ${first.bits.pooled.value.toFixed(3)} bits per spike, more than the flat forecast`,
  );
});

test("figures left out leave no gap, and what is no report is refused in one line", () => {
  const bare = { ...report, figures: { fan: null, raster: null, correlations: null, latent: null } };
  expect(renderForecastReport(bare)).not.toContain('id="fan"');
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-forecast-"));
  expect(() => readForecastReport(folder)).toThrow(/^[^\n]*report\.json[^\n]*$/);
  writeFileSync(join(folder, "report.json"), JSON.stringify({ ...report, scores: [] }));
  expect(() => readForecastReport(folder)).toThrow(/^[^\n]*format 1: scores[^\n]*$/);
});

test("the fan shows the recorded counts, window after window", async () => {
  const { fan, raster } = await forecastFigures(data, flat, { ...options, sequence: 1, windows: 4 });
  const from = window.historyBins * channels;
  const counts = data.sequences[1].subarray(from, from + 4 * window.futureBins * channels);
  const total = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);
  expect(fan.truth).toHaveLength(8);
  expect(fan.truth[0]).toBe(total(counts.subarray(0, 3 * channels)));
  expect(total(fan.truth)).toBe(total(counts));
  expect(raster.real.bins).toHaveLength(counts.filter((count) => count > 0).length);
  fan.lo90.forEach((lo, p) => {
    expect([lo, fan.lo50[p], fan.median[p], fan.hi50[p], fan.hi90[p]]).toEqual(
      [lo, fan.lo50[p], fan.median[p], fan.hi50[p], fan.hi90[p]].sort((a, b) => a - b),
    );
  });
  const short = { ...data, sequences: [new Uint8Array(5 * channels)] };
  await expect(forecastFigures(short, flat, options)).rejects.toThrow(ForecastScoreError);
});
