import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { tinyModel, writeModel } from "../foreign/testing.ts";
import { ownConfig } from "../model/config.ts";
import { openCodec } from "../shipped.ts";
import { readText } from "./saved.ts";
import { TEXT_DEFAULTS } from "./settings.ts";
import { trainInFolder } from "./train-in-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-own-base-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("trains adapters on a user's own model, keeps them alone, and opens both again", async () => {
  const base = join(folder, "own");
  writeModel(base, tinyModel("qwen3"));
  const corpus = join(folder, "text.txt");
  const words = ["cat", "hat", "mat", "sat"];
  writeFileSync(corpus, words.flatMap((a) => words.map((b) => `the ${a} ${b}`)).join("\n"));
  const out = join(folder, "out");
  const saved = await trainInFolder(
    out,
    {
      base,
      settings: {
        ...TEXT_DEFAULTS,
        seed: 1,
        tokens: 64,
        shape: { latents: 3, poolQueries: 2, prefixPairs: 2, adapterWidth: 4 },
        config: ownConfig({ context: 16 }),
      },
      corpus: { name: corpus, vocabulary: 0, longest: 0, heldOut: 4 },
    },
    { budget: { steps: 10 } },
  );
  expect(readdirSync(out).sort()).toEqual(["config.json", "model.safetensors"]);
  expect(saved!.settings).toMatchObject({ frozen: true, config: { layout: "qwen3", context: 16 } });
  const codec = openCodec(readText(out));
  const { mean } = await codec.encode(["the cat sat"]);
  expect(mean.length).toBe(3);
  const [ids] = await codec.decodeIds(mean);
  // Spoken with keys and values kept; the likeliest token each time, as without.
  const text = codec.tokenizer.decode(ids);
  expect(codec.tokenizer.decode(codec.tokenizer.encode(text))).toBe(text);
});
