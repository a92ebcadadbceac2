/**
 * An AdaVAE in a folder: `config.json` (what it is and how it was made), `tokenizer.json`, `model.safetensors` (float16), the base alone in
 * `base.safetensors`; while it trains `state.safetensors`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../../compute/index.ts";
import { writeWhole } from "../../files/whole.ts";
import type { AdaVae } from "../adavae/parameters.ts";
import type { SpecialIds } from "../corpus/rows.ts";
import { TextError } from "../error.ts";
import { openForeignModel } from "../foreign/open-model.ts";
import { LAYOUTS } from "../model/config.ts";
import type { Transformer } from "../model/parameters.ts";
import { END, PAD, type Tokenizer } from "../tokenizer/tokenizer.ts";
import { parseTokenizer, tokenizerJson } from "../tokenizer/tokenizer-json.ts";
import type { TextFitState } from "./fit.ts";

const count = z.int().positive();
const share = z.number().min(0).max(1);
const SETTINGS = z.object({
  seed: z.int().nonnegative(),
  config: z.object({
    layout: z.enum(LAYOUTS),
    vocabulary: count,
    width: count,
    layers: count,
    heads: count,
    keyHeads: count,
    headWidth: count,
    hidden: count,
    context: count,
    positions: count.exactOptional(),
    epsilon: z.number().positive(),
    ropeTheta: z.number().positive().exactOptional(),
    ropeScaling: z
      .object({ factor: z.number(), low: z.number(), high: z.number(), original: count })
      .exactOptional(),
    tied: z.boolean(),
  }),
  shape: z.object({ latents: count, poolQueries: count, prefixPairs: count, adapterWidth: count }),
  tokens: count,
  learningRate: z.number().positive(),
  baseShare: share,
  beta: z.number().nonnegative(),
  freeBits: z.number().nonnegative(),
  cycles: count,
  hide: share,
  withoutLatent: share,
  frozen: z.boolean(),
});
const ABOUT = z.object({
  kind: z.literal("wetgrad text"),
  settings: SETTINGS,
  /** Folder of the user's own model on which only adapters were trained. */
  base: z.string().exactOptional(),
  budget: z.union([z.object({ steps: count }), z.object({ seconds: z.number().positive() })]),
  /** What it was trained on: the corpus's name, how much of it, what was held out. */
  corpus: z.object({
    name: z.string(),
    vocabulary: z.int().nonnegative(),
    longest: z.int().nonnegative(),
    heldOut: z.int().nonnegative(),
    sentences: count,
  }),
});
const PROGRESS = z.object({ stage: z.enum(["base", "adavae"]), steps: z.int(), seconds: z.number() });

export type TextAbout = z.infer<typeof ABOUT>;

export interface SavedText extends TextAbout {
  readonly tokenizer: Tokenizer;
  readonly special: SpecialIds;
  readonly model: AdaVae<Tensor>;
}

const FILES = {
  about: "config.json",
  tokenizer: "tokenizer.json",
  model: "model.safetensors",
  base: "base.safetensors",
  state: "state.safetensors",
} as const;

/** Throws `TextError` where the folder holds no trained AdaVAE. */
export function readText(folder: string): SavedText {
  const about = aboutIn(folder);
  if (!about)
    throw new TextError(
      `${folder}: expected a folder that \`wetgrad text train\` wrote, with ${FILES.about}`,
    );
  if (!existsSync(join(folder, FILES.model)))
    throw new TextError(
      `${folder}: its training is not finished (no ${FILES.model}); the same \`wetgrad text train\` continues it`,
    );
  const path = join(folder, FILES.model);
  if (about.base !== undefined) {
    const { base, tokenizer, special } = openForeignModel(about.base, about.settings.config.context);
    const { adapters } = modelIn(path, ["adapters"]);
    return { ...about, tokenizer, special, model: { decoder: base, encoder: base.stack, adapters } };
  }
  const tokenizer = tokenizerIn(folder);
  const model = modelIn(path, ["decoder", "encoder", "adapters"]);
  return { ...about, tokenizer, special: specialOf(tokenizer), model };
}

/** The special tokens of our own vocabularies. */
export function specialOf(tokenizer: Tokenizer): SpecialIds {
  const [pad, end] = [tokenizer.id(PAD), tokenizer.id(END)];
  if (pad === undefined || end === undefined)
    throw new TextError(
      `tokenizer.json: expected tokens ${PAD} and ${END}, got another vocabulary; train again`,
    );
  return { pad, end };
}

/** The base as it was before the AdaVAE, where it was kept. */
export function readBase(folder: string): Transformer<Tensor> | undefined {
  const path = join(folder, FILES.base);
  return existsSync(path) ? (tensorsIn(path).tree as Transformer<Tensor>) : undefined;
}

export function aboutIn(folder: string): TextAbout | undefined {
  const path = join(folder, FILES.about);
  if (!existsSync(path)) return undefined;
  const parsed = ABOUT.safeParse(parseJson(readFileSync(path, "utf8")));
  return parsed.success ? parsed.data : undefined;
}

export function tokenizerIn(folder: string): Tokenizer {
  const path = join(folder, FILES.tokenizer);
  return parseTokenizer(readFileSync(path, "utf8"), path);
}

/** Begins a folder; the tokenizer of a user's own model stays in its folder. */
export function beginFolder(folder: string, about: TextAbout, tokenizer: Tokenizer | undefined): void {
  mkdirSync(folder, { recursive: true });
  if (tokenizer) writeWhole(join(folder, FILES.tokenizer), tokenizerJson(tokenizer.model));
  writeWhole(join(folder, FILES.about), `${JSON.stringify(about, null, 2)}\n`);
}

export function writeState(folder: string, { training, base, ...progress }: TextFitState): void {
  const tree = { training, ...(base ? { base } : {}) };
  writeWhole(join(folder, FILES.state), encodeSafetensors(tree, { wetgrad: JSON.stringify(progress) }));
}

export function readState(folder: string): TextFitState | undefined {
  const path = join(folder, FILES.state);
  if (!existsSync(path)) return undefined;
  const { tree, metadata } = tensorsIn(path);
  const progress = PROGRESS.safeParse(parseJson(metadata["wetgrad"] ?? ""));
  if (!progress.success)
    throw new TextError(
      `${path}: expected the state of a training, got another file; remove it to start again`,
    );
  return { ...progress.data, ...(tree as Pick<TextFitState, "training" | "base">) };
}

/** Ends a folder: the model and its base, of a frozen base the adapters alone; no state. */
export function writeModel(
  folder: string,
  { model, base, frozen }: { model: AdaVae<Tensor>; base: Transformer<Tensor>; frozen: boolean },
): void {
  if (!frozen) writeWhole(join(folder, FILES.base), encodeSafetensors(base, {}, { half: true }));
  const kept = frozen ? { adapters: model.adapters } : model;
  writeWhole(join(folder, FILES.model), encodeSafetensors(kept, {}, { half: true }));
  rmSync(join(folder, FILES.state), { force: true });
}

function modelIn(path: string, parts: readonly (keyof AdaVae<Tensor>)[]): AdaVae<Tensor> {
  const tree = tensorsIn(path).tree as AdaVae<Tensor>;
  const missing = parts.filter((part) => tree[part] === undefined);
  if (missing.length > 0)
    throw new TextError(
      `${path}: expected tensors of ${parts.join(", ")}, got none of ${missing.join(", ")}; train again`,
    );
  return tree;
}

function tensorsIn(path: string) {
  try {
    const { tensors, metadata } = decodeSafetensors(readFileSync(path));
    return { tree: tensors as unknown, metadata };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new TextError(`${path}: ${(error as Error).message}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
