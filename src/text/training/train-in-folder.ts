/** Trains an AdaVAE in a folder, or goes on with what is there. */
import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { CompileOptions } from "../../compute/index.ts";
import { commonSentences, holdOut, sentencesIn, shippedCorpus } from "../corpus/corpus.ts";
import { TextError } from "../error.ts";
import { openForeignModel } from "../foreign/open-model.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";
import { trainBpe } from "../tokenizer/train.ts";
import { fitText, type TextFitState } from "./fit.ts";
import {
  aboutIn,
  beginFolder,
  readState,
  readText,
  type SavedText,
  specialOf,
  type TextAbout,
  tokenizerIn,
  writeModel,
  writeState,
} from "./saved.ts";
import type { StageOptions } from "./stage.ts";

/** The name under which the shipped corpus stands in `corpus.name`. */
export const SHIPPED_CORPUS = "tatoeba";

export type CorpusChoice = Omit<TextAbout["corpus"], "sentences">;

/** The sentences that a model was trained on and those held out. */
export function corpusOf({ name, vocabulary, longest, heldOut }: CorpusChoice, seed: number) {
  const all = name === SHIPPED_CORPUS ? shippedCorpus() : sentencesIn(name);
  const chosen = vocabulary > 0 ? commonSentences(all, { vocabulary, longest }) : all;
  return holdOut(chosen, heldOut, seed);
}

export interface TrainRequest {
  readonly settings: TextAbout["settings"];
  /** Folder of the user's own model; it stays as it is, and its sizes go before those of `settings`. */
  readonly base?: string;
  readonly corpus: CorpusChoice;
}

/** The trained model, or undefined where the signal came first. Throws `TextError` where the folder is of other settings. */
export async function trainInFolder(
  folder: string,
  { settings: asked, corpus, base }: TrainRequest,
  options: Omit<StageOptions, "save"> & CompileOptions,
): Promise<SavedText | undefined> {
  const foreign = base === undefined ? undefined : openForeignModel(base, asked.config.context);
  const settings = foreign ? { ...asked, config: foreign.config, frozen: true, baseShare: 0 } : asked;
  const { training } = corpusOf(corpus, settings.seed);
  const about: TextAbout = {
    kind: "wetgrad text",
    settings,
    ...(base === undefined ? {} : { base }),
    budget: options.budget,
    corpus: { ...corpus, sentences: training.length },
  };
  const found = aboutIn(folder);
  if (found && !isDeepStrictEqual(found, about))
    throw new TextError(
      `${folder}: expected a folder of these settings, got one of others (${differences(found, about).join(", ")}); name another folder`,
    );
  if (!found)
    beginFolder(
      folder,
      about,
      foreign ? undefined : new Tokenizer(trainBpe(training, settings.config.vocabulary)),
    );
  if (existsSync(`${folder}/model.safetensors`)) return readText(folder);
  const tokenizer = foreign?.tokenizer ?? tokenizerIn(folder);
  if (!foreign && tokenizer.size !== settings.config.vocabulary)
    throw new TextError(
      `text: expected a text that gives ${settings.config.vocabulary} tokens, got ${tokenizer.size}; give a longer text or a smaller vocabulary`,
    );
  const fit = await fitText(training, tokenizer, settings, {
    ...options,
    special: foreign?.special ?? specialOf(tokenizer),
    ...(foreign ? { base: foreign.base } : {}),
    resume: readState(folder),
    // A base of the user's own is in its folder.
    save: (state) => writeState(folder, foreign ? withoutBase(state) : state),
  });
  if (!fit.finished) {
    writeState(folder, foreign ? withoutBase(fit.state) : fit.state);
    return undefined;
  }
  writeModel(folder, { ...fit, frozen: settings.frozen });
  return readText(folder);
}

function withoutBase({ base: _, ...state }: TextFitState): TextFitState {
  return state;
}

/** The names of what differs between two of them. */
function differences(a: TextAbout, b: TextAbout): string[] {
  const flat = (about: TextAbout) =>
    Object.entries({
      ...about.settings.config,
      ...about.settings.shape,
      ...about.settings,
      ...about.corpus,
      budget: about.budget,
    });
  const other = new Map(flat(b));
  return flat(a).flatMap(([name, value]) =>
    name === "config" || name === "shape" || isDeepStrictEqual(value, other.get(name)) ? [] : [name],
  );
}
