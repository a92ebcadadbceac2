import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Random } from "../../math/random.ts";
import type { Recording } from "../../recording/contract.ts";
import { fitToRecording, readFitted } from "../fit-recording.ts";
import { loadDictionary } from "../folder/saelens.ts";
import { lookAt } from "./look.ts";
import { renderFeatures } from "./page.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-features-show-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Two sets of electrodes that fire together, one of them in a third of the other's windows; 240 s. */
function made(): { recording: Recording; windows: number[][] } {
  const random = Random.of(6, "show");
  const trains = Array.from({ length: 10 }, () => [] as number[]);
  const windows: number[][] = [[], []];
  for (let n = 0; n < 2400; n++) {
    const first = random.uniform() < 0.06;
    const isThere = [first, first && random.uniform() < 0.3];
    for (let c = 0; c < 10; c++) {
      const set = c < 4 ? 0 : c < 8 ? 1 : -1;
      const count = set >= 0 && isThere[set] ? 4 : random.uniform() < 0.1 ? 1 : 0;
      for (let s = 0; s < count; s++) trains[c].push(n / 10 + 0.09 * random.uniform() + 0.001);
    }
    for (const [set, there] of isThere.entries()) if (there) windows[set].push(n);
  }
  const recording = {
    ...{ name: "made", source: "spike-list", startSeconds: 0, durationSeconds: 240, trials: [], meta: {} },
    observed: [{ startSeconds: 0, endSeconds: 240 }],
    channels: trains.map((train, c) => ({ name: `e<${c}`, spikeCount: train.length })),
    readSpikes: (channel: number) => [Float64Array.from(trains[channel]).sort()],
    close: () => {},
  } as unknown as Recording;
  return { recording, windows };
}

test("a recording's two features are found, kept, and looked at; the folder is gone on with to the same bits", async () => {
  const { recording, windows } = made();
  const options = {
    ...{
      method: "em" as const,
      features: 2,
      seed: 1,
      restarts: 3,
      surrogates: 2,
      windowSeconds: 0.1,
      steps: 120,
    },
  };
  const fitted = await fitToRecording(recording, "made.csv", folder, options);
  expect(fitted.kept).toBe(2);
  expect(await fitToRecording(recording, "made.csv", folder, options)).toEqual(fitted);
  expect(readFitted(folder)).toEqual(fitted);
  const look = lookAt(recording, fitted, loadDictionary(folder));
  const [often, seldom] = look.features.toSorted((a, b) => b.density - a.density);
  expect(Math.abs(often.density * 2400 - windows[0].length)).toBeLessThan(15);
  expect(Math.abs(seldom.density * 2400 - windows[1].length)).toBeLessThan(10);
  // The seldom one comes only with the other: it may be its child.
  expect(often.children).toEqual([seldom.index]);
  expect(often.together[0].lift).toBeGreaterThan(10);
  expect(often.top).toHaveLength(20);
  expect(often.name).toContain("e<");
  const html = renderFeatures(fitted, look);
  expect(html).toContain("2 of 2 features are found again");
  expect(html).not.toMatch(/<script|NaN|undefined|e<\d/);
}, 30_000);
