import { mkdtempSync, rmSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tokenizer as KeptTokenizer } from "@huggingface/tokenizers";
import { afterAll, expect, it } from "vitest";
import { compile, type Tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { shippedCorpus } from "../corpus/corpus.ts";
import type { Transformer } from "../model/parameters.ts";
import { causalBias, embed, logitsOf, runStack } from "../model/transformer.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";
import { tokenizerJson } from "../tokenizer/tokenizer-json.ts";
import { trainBpe } from "../tokenizer/train.ts";
import { openForeignModel } from "./open-model.ts";
import { referenceLogits, tinyModel, writeModel } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "wetgrad-foreign-"));
afterAll(() => rmSync(folder, { recursive: true }));
let next = 0;
const place = () => join(folder, `model-${next++}`);

const LLAMA3 = {
  rope_type: "llama3",
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 16,
};
const IDS = [5, 17, 250, 99, 3, 42, 261];

it.each([
  ["gpt2", "F32", 1, {}],
  ["gpt2", "F16", 2, {}],
  ["llama", "BF16", 3, {}],
  ["llama", "F32", 1, { rope_scaling: LLAMA3 }],
  ["qwen2", "F16", 1, {}],
  ["qwen3", "F32", 2, {}],
] as const)(
  "%s, %s, %i files: says what plain loops over its weights say",
  async (layout, dtype, shards, more) => {
    const at = place();
    const tiny = tinyModel(layout, more);
    writeModel(at, tiny, dtype, shards);
    const { base, config, special } = openForeignModel(at, 12);
    expect(special.end).toBe(1);
    const ids: Tensor = { shape: [1, IDS.length], data: Int32Array.from(IDS) };
    const program = await compile(
      (p: Transformer<JaxArray>, tokens: JaxArray) =>
        logitsOf(p, runStack(p.stack, embed(p, tokens), config, { bias: causalBias(IDS.length) })),
      [base, ids],
    );
    const logits = (await program.run(base, ids)).data.slice(-config.vocabulary);
    await program.dispose();
    const expected = referenceLogits(tiny, IDS);
    expected.forEach((value, i) => {
      expect(Math.abs(logits[i] - value)).toBeLessThan(1e-4);
    });
  },
);

it.each([
  [
    "a rope that is not known",
    () => tinyModel("llama", { rope_scaling: { type: "yarn", factor: 4 } }),
    'rope scaling of type default or llama3, got "yarn"',
  ],
  [
    "another model",
    () => tinyModel("llama", { model_type: "mamba" }),
    'model_type gpt2, llama, qwen2, qwen3, got "mamba"',
  ],
  [
    "another activation",
    () => tinyModel("gpt2", { activation_function: "gelu" }),
    'activation_function gelu_new, got "gelu"',
  ],
  ["too short a context", () => tinyModel("gpt2", { n_positions: 8 }), "at least 12 positions, got one of 8"],
  [
    "more memory than there is",
    () => tinyModel("llama", { vocab_size: 500_000, hidden_size: 4096 }),
    /at most .* GB, got one of .* million weights, which needs .* GB/,
  ],
] as const)("refuses %s by name", (_, make, reason) => {
  const at = place();
  writeModel(at, make());
  expect(() => openForeignModel(at, 12)).toThrow(reason);
});

it("refuses a folder with half its shards, and one without a tensor, by name", () => {
  const at = place();
  writeModel(at, tinyModel("qwen2"), "F32", 4);
  unlinkSync(join(at, "model-3-of-4.safetensors"));
  expect(() => openForeignModel(at, 12)).toThrow(
    "expected 4 shards, 1 are missing: model-3-of-4.safetensors",
  );
  const tiny = tinyModel("qwen2");
  tiny.weights.delete("model.layers.1.mlp.up_proj.weight");
  const other = place();
  writeModel(other, tiny);
  expect(() => openForeignModel(other, 12)).toThrow(
    "expected a tensor model.layers.1.mlp.up_proj.weight, got none",
  );
});

it("cuts text into the ids of a kept tokenizer library", () => {
  const sentences = shippedCorpus().filter((_, i) => i % 53 === 0);
  const model = trainBpe(sentences, 1024);
  const json = JSON.parse(tokenizerJson(model));
  const kept = new KeptTokenizer(json, {});
  const ours = new Tokenizer(model);
  const odd = [
    "  two  blanks ",
    "naïve café — ok",
    "It's 12:30, they've gone!",
    "日本語",
    "tab\tand\nline",
    "🐈 <|end|> x",
  ];
  for (const text of [...sentences, ...odd]) expect(ours.encode(text)).toEqual(kept.encode(text).ids);
});
