/** Spike lists as programs and people write them: units of time, headers, separators, wells, trials. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { allSpikes, type ReadOptions } from "../contract.ts";
import { openRecordingFile } from "../open.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-lists-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
async function opened(content: string, options: ReadOptions = {}) {
  const path = join(folder, `${files++}.txt`);
  writeFileSync(path, content);
  const file = await openRecordingFile(path, options);
  const trains = Object.fromEntries(
    file.cultures.flatMap((culture) =>
      culture.channels.map(({ name }, c) => [
        `${culture.culture ?? ""}/${name}`,
        Array.from(allSpikes(culture, c), (time) => Number((time + culture.startSeconds).toFixed(6))),
      ]),
    ),
  );
  file.close();
  return { ...file, trains };
}

/** Two channels, in order of time. */
const SPIKES: readonly (readonly [seconds: number, channel: string])[] = [
  [0.0008, "E1"],
  [0.5, "E2"],
  [1.25, "E1"],
  [2.0005, "E2"],
  [3.75, "E2"],
];
const TRAINS = { "/E1": [0.0008, 1.25], "/E2": [0.5, 2.0005, 3.75] };
const numbered = Object.fromEntries(
  Object.entries(TRAINS).map(([name, train]) => [name.replace("E", ""), train]),
);
const list = (head: string, row: (seconds: number, channel: string) => string) =>
  head + SPIKES.map(([seconds, channel]) => `${row(seconds, channel)}\n`).join("");

describe("units of time", () => {
  test.each([
    ["the micro sign", list("Time (µs),Channel\n", (s, c) => `${Math.round(s * 1e6)},${c}`)],
    ["the Greek letter", list("channel;timestamp [μs]\n", (s, c) => `${c};${Math.round(s * 1e6)}`)],
    ["milliseconds and tabs", list("Electrode\tTime (ms)\n", (s, c) => `${c}\t${s * 1e3}`)],
    ["a byte order mark and quotes", list('\ufeff"t_ms","unit_id"\n', (s, c) => `"${s * 1e3}","${c}"`)],
    ["seconds, spaces after commas", list("Spike Time (sec), Electrode Name\n", (s, c) => `${s}, ${c}`)],
  ])("%s", async (_, content) => {
    expect((await opened(content)).trains).toEqual(TRAINS);
  });

  test("samples, and steps of NEST, need a rate", async () => {
    for (const name of ["sample_index", "frameno", "time_step"]) {
      const content = list(`sender\t${name}\n`, (s, c) => `${c}\t${Math.round(s * 1e4)}`);
      await expect(opened(content)).rejects.toThrow(/--sampling-rate/);
      expect((await opened(content, { samplingRateHz: 1e4 })).trains).toEqual(TRAINS);
    }
  });
});

describe("without a header", () => {
  test.each([
    ["names with an E beside decimal commas", list("", (s, c) => `${String(s).replace(".", ",")};${c}`)],
    ["aligned with spaces", list("", (s, c) => `  ${s.toFixed(4).padStart(9)}   ${c.padStart(4)} `)],
    [
      "the names in a comment, as numpy.savetxt writes them",
      list("# channel time_s\n", (s, c) => `${c} ${s}`),
    ],
    [
      "the same in milliseconds",
      list("# NEST version: 3.6.0\n# sender\ttime_ms\n", (s, c) => `${c}\t${s * 1e3}`),
    ],
  ])("%s", async (_, content) => {
    expect((await opened(content)).trains).toEqual(TRAINS);
  });

  test("NEST 2's rows end with a tab", async () => {
    const content = list("", (s, c) => `${c.slice(1)}\t${s.toFixed(4)}\t`);
    expect((await opened(content)).trains).toEqual(numbered);
  });

  test("of two whole numbers, what the time is in has to be said", async () => {
    const content = list("", (s, c) => `${Math.round(s * 1e4)} ${c.slice(1)}`);
    await expect(opened(content)).rejects.toThrow(/two whole numbers.*--time-unit/);
    const options = { timeUnit: "samples", samplingRateHz: 1e4 } as const;
    expect((await opened(content, options)).trains).toEqual(numbered);
  });
});

test("trials that restart stand in the order of their numbers, whatever order the rows are in", async () => {
  const rows = [10, 2, 1].flatMap((trial) => [-0.5, 0.25, 1.5].map((time) => `${trial},${time},n`));
  const { cultures, trains, doubts } = await opened(`trial,time_s,neuron\n${rows.join("\n")}`);
  expect(cultures[0].trials.map(({ startSeconds }) => startSeconds)).toEqual([0, 2, 4]);
  expect(trains["/n"]).toEqual([0, 0.75, 2, 2, 2.75, 4, 4, 4.75, 6]);
  expect(doubts.map(({ kind }) => kind)).toEqual(["overlapping-trials"]);
});

test("what wells were given stands below an Axion spike list", async () => {
  const spikes = SPIKES.map(([seconds], i) => `,,${seconds},${i % 2 ? "B12_11" : "A1_44"},0.02`);
  const table = [
    "Well Information",
    "Well,A1,A2,B12",
    "Treatment,control,,TTX",
    "Concentration,,,1",
    "Units,,,uM",
  ];
  const { cultures } = await opened(
    ["Investigator,,Time (s),Electrode,Amplitude(mV)", ...spikes, "", ...table].join("\r\n"),
  );
  expect(cultures.map(({ culture, meta }) => [culture, meta.treatment, meta.dose])).toEqual([
    ["A1", "control", undefined],
    ["B12", "TTX", "1 uM"],
  ]);
});
