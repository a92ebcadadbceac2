/**
 * Our own vocabularies as `tokenizer.json` (https://github.com/huggingface/tokenizers), and the byte-level BPE ones of others.
 */
import { z } from "zod";
import { TextError } from "../error.ts";
import { GPT2_PIECES } from "./pieces.ts";
import { type BpeModel, Tokenizer } from "./tokenizer.ts";

const part: z.ZodType<Part> = z.lazy(() =>
  z.looseObject({
    type: z.string(),
    add_prefix_space: z.boolean().optional(),
    use_regex: z.boolean().optional(),
    pattern: z.object({ Regex: z.string().optional(), String: z.string().optional() }).optional(),
    behavior: z.string().optional(),
    invert: z.boolean().optional(),
    pretokenizers: z.array(part).optional(),
  }),
);

interface Part {
  type: string;
  add_prefix_space?: boolean | undefined;
  use_regex?: boolean | undefined;
  pattern?: { Regex?: string | undefined; String?: string | undefined } | undefined;
  behavior?: string | undefined;
  invert?: boolean | undefined;
  pretokenizers?: Part[] | undefined;
}

const FILE = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id: z.int().nonnegative(), content: z.string(), special: z.boolean().optional() }))
    .default([]),
  normalizer: z.looseObject({ type: z.string() }).nullish(),
  pre_tokenizer: part.nullish(),
  model: z.looseObject({
    type: z.string().optional(),
    vocab: z.record(z.string(), z.int().nonnegative()),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    ignore_merges: z.boolean().optional(),
  }),
});

/** Throws `TextError` where the file is no byte-level BPE, or something in it is not known here. */
export function parseTokenizer(text: string, name: string): Tokenizer {
  const fail = (expected: string, got: string): never => {
    throw new TextError(`${name}: expected ${expected}, got ${got}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    fail("JSON", `${text.length} characters that are none`);
  }
  const parsed = FILE.safeParse(json);
  if (!parsed.success) return fail("a tokenizer.json with model.vocab and model.merges", "another file");
  const { model, added_tokens, normalizer, pre_tokenizer } = parsed.data;
  if ((model.type ?? "BPE") !== "BPE") fail("a BPE tokenizer", model.type!);
  if (normalizer && normalizer.type !== "NFC") fail("no normalizer, or NFC", normalizer.type);
  const ids = Object.values(model.vocab).concat(added_tokens.map(({ id }) => id));
  const vocabulary = new Array<string>(ids.reduce((most, id) => Math.max(most, id), -1) + 1).fill("");
  for (const [token, id] of Object.entries(model.vocab)) vocabulary[id] = token;
  for (const { id, content } of added_tokens) vocabulary[id] = content;
  const merges = model.merges.map((merge): [string, string] => {
    const [a, b] = typeof merge === "string" ? merge.split(" ") : merge;
    return [a, b];
  });
  return new Tokenizer({
    vocabulary,
    merges,
    special: new Map(added_tokens.map(({ id, content }) => [content, id])),
    pieces: piecesOf(pre_tokenizer ?? undefined, fail),
    ...(normalizer ? { normalise: true } : {}),
    ...(model.ignore_merges ? { ignoreMerges: true } : {}),
  });
}

/** How a file says that text is cut. */
function piecesOf(stated: Part | undefined, fail: (expected: string, got: string) => never): RegExp {
  const parts = stated?.type === "Sequence" ? (stated.pretokenizers ?? []) : stated ? [stated] : [];
  const bytes = parts.find(({ type }) => type === "ByteLevel");
  if (!bytes) return fail("a byte-level pre-tokenizer", parts.map(({ type }) => type).join(", ") || "none");
  if (bytes.add_prefix_space) fail("no blank put before the text", "add_prefix_space");
  const others = parts.filter((one) => one !== bytes);
  if (others.length === 0) return GPT2_PIECES;
  const [split] = others;
  const regex = split.pattern?.Regex;
  if (others.length > 1 || split.type !== "Split" || !regex || split.behavior !== "Isolated" || split.invert)
    return fail(
      "one Split by a regular expression before ByteLevel",
      others.map(({ type }) => type).join(", "),
    );
  return expressionOf(regex, fail);
}

/** Oniguruma's inline `(?i:...)` is written out: Node before 23 does not know it. */
function expressionOf(regex: string, fail: (expected: string, got: string) => never): RegExp {
  const plain = regex.replace(/\(\?i:([^()]*)\)/g, (_, inner: string) => {
    const eitherCase = inner.replace(/[a-z]/gi, (c) => `[${c.toLowerCase()}${c.toUpperCase()}]`);
    return `(?:${eitherCase})`;
  });
  try {
    return new RegExp(plain, "gu");
  } catch {
    return fail("a regular expression that JavaScript knows", regex);
  }
}

/** The file of one of our own vocabularies. */
export function tokenizerJson({
  vocabulary,
  merges,
  special,
}: BpeModel & { special: ReadonlyMap<string, number> }): string {
  const added = [...special].map(([content, id]) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  return JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: merges.map(([a, b]) => `${a} ${b}`),
    },
  });
}
