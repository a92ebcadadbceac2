import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ownConfig } from "../model/config.ts";
import { readText } from "./saved.ts";
import { TEXT_DEFAULTS } from "./settings.ts";
import { type TrainRequest, trainInFolder } from "./train-in-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-train-"));
afterAll(() => rmSync(folder, { recursive: true }));

const corpus = join(folder, "text.txt");
const words = ["cat", "dog", "man", "hat", "sun"];
writeFileSync(corpus, words.flatMap((a) => words.map((b) => `The ${a} has a ${b}.`)).join("\n"));
const request: TrainRequest = {
  settings: {
    ...TEXT_DEFAULTS,
    seed: 2,
    tokens: 60,
    baseShare: 0.4,
    shape: { latents: 3, poolQueries: 2, prefixPairs: 1, adapterWidth: 4 },
    config: ownConfig({
      vocabulary: 270,
      width: 8,
      layers: 1,
      heads: 2,
      headWidth: 4,
      keyHeads: 2,
      hidden: 16,
      context: 16,
    }),
  },
  corpus: { name: corpus, vocabulary: 0, longest: 0, heldOut: 5 },
};
const budget = { steps: 15 };

it("is stopped twice, goes on from its folder, and ends with the same bytes", async () => {
  const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
  await trainInFolder(whole, request, { budget });
  for (const stops of [4, 5]) {
    let asked = 0;
    const signal = {
      get aborted() {
        return asked++ >= stops;
      },
    } as AbortSignal;
    expect(await trainInFolder(parts, request, { budget, signal })).toBeUndefined();
    expect(existsSync(join(parts, "state.safetensors"))).toBe(true);
    expect(() => readText(parts)).toThrow("its training is not finished");
  }
  await trainInFolder(parts, request, { budget });
  for (const file of ["config.json", "tokenizer.json", "model.safetensors", "base.safetensors"])
    expect(readFileSync(join(parts, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
  expect(existsSync(join(parts, "state.safetensors"))).toBe(false);
});

it("refuses a folder of other settings, and names them", async () => {
  const other = { ...request, settings: { ...request.settings, beta: 0.3 } };
  await expect(trainInFolder(join(folder, "whole"), other, { budget })).rejects.toThrow(
    /expected a folder of these settings, got one of others \(beta\)/,
  );
});
