import { expect, test } from "vitest";
import { dotPlot } from "./dots.ts";
import { heatMap } from "./heatmap.ts";
import { legendRows } from "./legend.ts";
import { linePlot } from "./lines.ts";
import { classShade, domainsOf } from "./paths.ts";
import { rasterPlot, rowsOf } from "./raster.ts";
import { escapeText, pathThrough } from "./svg.ts";

const drawing = { width: 460, title: "T", description: "D" };

test("text and attributes are escaped, and the figure has an accessible name", () => {
  expect(escapeText(`<a b="c">&'`)).toBe("&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
  const plot = linePlot({ ...drawing, title: `<script>"`, height: 200, xLabel: "x", yLabel: "y", lines: [] });
  expect(plot).not.toContain("<script>");
  expect(plot).toContain('role="img"');
  expect(plot).toContain("<title>&lt;script&gt;&quot;</title><desc>D</desc>");
});

test("a path lifts the pen where a point is missing", () => {
  expect(pathThrough([[0, 1], [2, 3], null, [4, 5]])).toBe("M0 1L2 3M4 5");
});

test("a line plot puts its points where the axes say", () => {
  const plot = linePlot({
    ...drawing,
    height: 280,
    legend: false,
    xLabel: "x",
    yLabel: "y",
    yDomain: [0, 1],
    lines: [{ label: "a", class: "descent", x: [0, 10], mean: [0, 1], lo: [0, 0.5], hi: [0.25, 1] }],
  });
  // Frame: left 46, right 460 - 14, top 34, bottom 280 - 46.
  expect(plot).toContain('d="M46 234L446 34" class="line descent"');
  expect(plot).toContain('d="M46 184L446 34L446 134L46 234Z" class="band descent"');
});

test("a dot plot draws one row per name, its interval from end to end, and every seed", () => {
  const row = {
    label: "a",
    class: "descent",
    mean: 0.5,
    ci95: [0.25, 0.75] as const,
    perSeed: [0.4, 0.6],
    title: "t",
  };
  const plot = dotPlot({
    ...drawing,
    width: 514,
    labelWidth: 100,
    xLabel: "x",
    xDomain: [0, 1],
    groups: [
      { heading: "g", rows: [row] },
      { heading: "empty", rows: [] },
    ],
  });
  expect(plot).toContain('x1="200" y1="44.5" x2="400" y2="44.5" class="interval descent"');
  expect(plot).toContain('cx="300"');
  expect(plot.match(/class="seed descent"/g)).toHaveLength(2);
  expect(plot).not.toContain("empty");
});

test("a raster sorts electrodes by class and sets off the spikes of the class that comes next", () => {
  expect([
    ...rowsOf(
      [
        [9, 3],
        [3, 4],
      ],
      [1, 2],
    ),
  ]).toEqual([
    [9, 0],
    [3, 1],
    [4, 2],
    [1, 3],
    [2, 4],
  ]);
  const plot = rasterPlot({
    ...drawing,
    trials: [{ timesMs: [0, 50, 100, 10], channels: [9, 4, 1, 77], contextChannels: [2], label: 0 }],
    trialMs: 100,
    sensoryChannels: [1, 2],
    classChannels: [[9, 3], [4]],
  });
  const ticksOf = (name: string) =>
    new RegExp(`d="([^"]*)" class="${name}"`).exec(plot)![1].split("M").length - 1;
  expect([ticksOf("spike hit"), ticksOf("spike"), ticksOf("pulse")]).toEqual([1, 2, 1]);
});

test("a raster of 252 electrodes is as tall as one of 65", () => {
  const heightOf = (electrodes: number) => {
    const classChannels = [Array.from({ length: electrodes }, (_, channel) => channel)];
    const plot = rasterPlot({ ...drawing, trials: [], trialMs: 100, sensoryChannels: [], classChannels });
    return /viewBox="0 0 460 ([^"]*)"/.exec(plot)![1];
  };
  expect(heightOf(252)).toBe(heightOf(65));
  expect(Number(heightOf(32))).toBeLessThan(Number(heightOf(64)));
});

test("a heat map is symmetric about zero, leaves zero and null empty, and shows its limits", () => {
  const plot = heatMap({
    ...drawing,
    values: [
      [-2, 0],
      [null, 1],
    ],
    rowLabel: "r",
    columnLabel: "c",
    scaleLabel: "s",
  });
  const squares = [...plot.matchAll(/<path d="([^"]*)" class="(up|down)" fill-opacity="([^"]*)"/g)];
  expect(squares.map(([, , side, opacity]) => [side, opacity])).toEqual([
    ["down", "1"],
    ["up", "0.5"],
  ]);
  expect(plot).toContain("−2.0");
  expect(plot).toContain("+2.0");
  const counts = heatMap({
    ...drawing,
    values: [[3]],
    limit: 4,
    rowLabel: "",
    columnLabel: "",
    scaleLabel: "",
  });
  expect(counts).toContain('class="up" fill-opacity="0.75"');
  expect(counts).not.toMatch(/−4|\+4/);
  const wide = { ...drawing, values: [Array(64).fill(1)], rowLabel: "", columnLabel: "", scaleLabel: "" };
  const numbered = heatMap({ ...wide, width: 1000, firstColumn: 1 });
  expect([...numbered.matchAll(/class="tick"[^>]*>(\d+)</g)].map(([, n]) => Number(n))).toEqual(
    expect.arrayContaining([1, 5, 9, 61]),
  );
  expect(() =>
    heatMap({ ...drawing, values: [[0]], rowLabel: "", columnLabel: "", scaleLabel: "" }),
  ).not.toThrow();
});

test("class colours run from first to last", () => {
  expect([0, 1, 2, 3].map((k) => classShade(k, 4))).toEqual([0, 2, 5, 7]);
  expect(
    domainsOf([
      {
        label: 0,
        points: [
          [0, 0],
          [100, 50],
        ],
      },
    ]),
  ).toEqual({ xDomain: [-6, 106], yDomain: [-3, 53] });
});

test("a legend breaks into rows that fit", () => {
  const items = Array.from({ length: 6 }, (_, i) => ({ label: `label ${i}`, class: "" }));
  const rows = legendRows(items, 300);
  expect(rows.flat()).toEqual(items);
  expect(rows.length).toBeGreaterThan(1);
});
