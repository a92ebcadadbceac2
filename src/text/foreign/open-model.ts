/** A user's own language model: a folder with config.json, tokenizer.json and safetensors. */
import { existsSync, readFileSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import type { Tensor } from "../../compute/index.ts";
import type { SpecialIds } from "../corpus/rows.ts";
import { TextError } from "../error.ts";
import type { TransformerConfig } from "../model/config.ts";
import type { Transformer } from "../model/parameters.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { parseTokenizer } from "../tokenizer/tokenizer-json.ts";
import { parseForeignConfig, weightCount } from "./config-json.ts";
import { openTensorFiles } from "./tensor-files.ts";
import { readWeights } from "./weights.ts";

export interface ForeignModel {
  readonly config: TransformerConfig;
  readonly tokenizer: Tokenizer;
  readonly base: Transformer<Tensor>;
  readonly special: SpecialIds;
}

/** Weights and activations of more than this are refused, whatever the machine has. */
const MOST_BYTES = 1.5e9;
const ACTIVATION_BYTES = 2e8;
const END_TOKENS = ["<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "</s>", "<|end|>"];

/** Throws `TextError` where something is missing, not known, or too large. */
export function openForeignModel(folder: string, context: number, available = freemem()): ForeignModel {
  const file = (name: string) => {
    const path = join(folder, name);
    if (!existsSync(path)) throw new TextError(`${folder}: expected a model folder with ${name}, got none`);
    return { path, text: readFileSync(path, "utf8") };
  };
  const about = file("config.json");
  const { config, endId } = parseForeignConfig(about.text, about.path, context);
  const bytes = 4 * weightCount(config) + ACTIVATION_BYTES;
  const limit = Math.min(MOST_BYTES, available);
  if (bytes > limit)
    throw new TextError(
      `${folder}: expected a model that needs at most ${gigabytes(limit)}, got one of ${(weightCount(config) / 1e6).toFixed(0)} million weights, which needs ${gigabytes(bytes)} here; take a smaller one`,
    );
  const vocabulary = file("tokenizer.json");
  const tokenizer = parseTokenizer(vocabulary.text, vocabulary.path);
  if (tokenizer.size > config.vocabulary)
    throw new TextError(
      `${folder}: expected a tokenizer of at most ${config.vocabulary} tokens, as the model has, got ${tokenizer.size}`,
    );
  const end = endId ?? END_TOKENS.map((name) => tokenizer.id(name)).find((found) => found !== undefined);
  if (end === undefined)
    throw new TextError(
      `${about.path}: expected eos_token_id, or a tokenizer with ${END_TOKENS[0]}, got neither`,
    );
  return {
    config,
    tokenizer,
    base: readWeights(openTensorFiles(folder), config, folder),
    special: { end, pad: end },
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
