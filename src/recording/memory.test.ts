/** What a recording holds in memory does not grow with its length, measured in a process that opens, cleans and reads it. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { File } from "h5wasm/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadHdf5 } from "./hdf5.ts";

const CHANNELS = 60;
const SPIKES_PER_SECOND = 10;
const folder = mkdtempSync(join(tmpdir(), "wetgrad-memory-"));
beforeAll(loadHdf5);
afterAll(() => rmSync(folder, { recursive: true }));

/** For each file how many spikes it has and the most (MB) that was held, garbage left out, while it was opened and read. */
const READER = `
import { cleanSpikes } from ${JSON.stringify(new URL("./clean.ts", import.meta.url).href)};
import { openRecording } from ${JSON.stringify(new URL("./open.ts", import.meta.url).href)};
const seen = {};
for (const path of process.argv.slice(1)) {
  let [spikes, most] = [0, 0];
  const look = () => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    most = Math.max(most, (heapUsed + external) / 2 ** 20);
  };
  const looking = setInterval(look, 100);
  const { recording } = cleanSpikes(await openRecording(path));
  clearInterval(looking);
  for (let channel = 0; channel < recording.channels.length; channel++) {
    for (const block of recording.readSpikes(channel)) spikes += block.length;
    look();
  }
  recording.close();
  seen[path] = { spikes, most };
}
console.log(JSON.stringify(seen));
`;

function writeHdf5(path: string, seconds: number): void {
  const file = new File(path, "w");
  const perChannel = seconds * SPIKES_PER_SECOND;
  const spikes = Float64Array.from(
    { length: CHANNELS * perChannel },
    (_, i) => (i % perChannel) / SPIKES_PER_SECOND,
  );
  file.create_dataset({ name: "spikes", data: spikes, chunks: [4096] });
  file.create_dataset({ name: "sCount", data: new Int32Array(CHANNELS).fill(perChannel) });
  file.close();
}

function writeText(path: string, seconds: number): void {
  const file = openSync(path, "w");
  for (let second = 0; second < seconds; second++) {
    let lines = "";
    for (let i = 0; i < SPIKES_PER_SECOND; i++)
      for (let c = 0; c < CHANNELS; c++) lines += `${(second + i / SPIKES_PER_SECOND).toFixed(1)},${c}\n`;
    writeSync(file, lines);
  }
  closeSync(file);
}

test("two hours take no more memory than two minutes", () => {
  const files = [
    [writeHdf5, "h5"],
    [writeText, "csv"],
  ] as const;
  const paths = files.flatMap(([write, kind]) =>
    [2, 120].map((minutes) => {
      const path = join(folder, `${minutes}.${kind}`);
      write(path, 60 * minutes);
      return path;
    }),
  );
  const run = ["--expose-gc", "--import", "tsx", "--input-type=module", "-e", READER, ...paths];
  const seen = JSON.parse(execFileSync(process.execPath, run, { encoding: "utf8" }));
  const [shortHdf5, longHdf5, shortText, longText] = paths.map((path) => seen[path]);
  for (const [short, long] of [
    [shortHdf5, longHdf5],
    [shortText, longText],
  ]) {
    expect(long.spikes).toBe(60 * short.spikes);
    // All spikes of the two hours are 33 MB.
    expect(long.most - short.most).toBeLessThan(12);
  }
});
