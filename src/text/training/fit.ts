/** Trains an AdaVAE: the base first where there is none, then encoder and decoder on it. Stopped at any moment, it resumes to the bit. */
import type { CompileOptions, Tensor } from "../../compute/index.ts";
import type { AdaVae } from "../adavae/parameters.ts";
import { bucketsOf, type SpecialIds } from "../corpus/rows.ts";
import { TextError } from "../error.ts";
import type { Transformer } from "../model/parameters.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { fitAdaVae } from "./fit-adavae.ts";
import { fitBase } from "./fit-base.ts";
import type { TextSettings } from "./settings.ts";
import type { StageOptions, StageState } from "./stage.ts";

/** Where an interrupted fit stands. */
export type TextFitState = StageState & {
  /** Once it is trained. */
  readonly base?: Transformer<Tensor>;
};

export interface TextFitOptions extends Omit<StageOptions, "save">, CompileOptions {
  readonly special: SpecialIds;
  /** A base that is there already: none is trained. */
  readonly base?: Transformer<Tensor>;
  readonly resume?: TextFitState | undefined;
  readonly save?: (state: TextFitState) => void;
}

export type TextFit =
  | { readonly finished: true; readonly base: Transformer<Tensor>; readonly model: AdaVae<Tensor> }
  | { readonly finished: false; readonly state: TextFitState };

export async function fitText(
  sentences: readonly string[],
  tokenizer: Tokenizer,
  settings: TextSettings,
  options: TextFitOptions,
): Promise<TextFit> {
  const { resume, save, special } = options;
  const buckets = bucketsOf(sentences, tokenizer, {
    context: settings.config.context,
    tokens: settings.tokens,
  });
  if (buckets.length === 0)
    throw new TextError(
      `text: ${sentences.length} sentences fill no batch of about ${settings.tokens} tokens; give a longer text or a smaller batch`,
    );
  let base = resume?.base ?? options.base;
  if (!base) {
    const stage = await fitBase({ buckets, special }, settings, { ...options, resume });
    if ("state" in stage) return { finished: false, state: stage.state };
    base = stage.base;
  }
  const found = base;
  const stage = await fitAdaVae({ buckets, special, base }, settings, {
    ...options,
    resume: resume?.stage === "adavae" ? resume : undefined,
    ...(save ? { save: (state) => save({ ...state, base: found }) } : {}),
  });
  if ("state" in stage) return { finished: false, state: { ...stage.state, base } };
  return { finished: true, base, model: stage.model };
}
