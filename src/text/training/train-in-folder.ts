/** Trains an AdaVAE in a folder, or goes on with what is there. */
import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { CompileOptions } from "../../compute/index.ts";
import { commonSentences, holdOut, sentencesIn, shippedCorpus } from "../corpus/corpus.ts";
import { TextError } from "../error.ts";
import { END, PAD, Tokenizer } from "../tokenizer/tokenizer.ts";
import { trainBpe } from "../tokenizer/train.ts";
import { fitText } from "./fit.ts";
import {
  aboutIn,
  beginFolder,
  readState,
  readText,
  type SavedText,
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
  readonly corpus: CorpusChoice;
}

/** The trained model, or undefined where the signal came first. Throws `TextError` where the folder is of other settings. */
export async function trainInFolder(
  folder: string,
  { settings, corpus }: TrainRequest,
  options: Omit<StageOptions, "save"> & CompileOptions,
): Promise<SavedText | undefined> {
  const { training } = corpusOf(corpus, settings.seed);
  const about: TextAbout = {
    kind: "wetgrad text",
    settings,
    budget: options.budget,
    corpus: { ...corpus, sentences: training.length },
  };
  const found = aboutIn(folder);
  if (found && !isDeepStrictEqual(found, about))
    throw new TextError(
      `${folder}: expected a folder of these settings, got one of others (${differences(found, about).join(", ")}); name another folder`,
    );
  if (!found) beginFolder(folder, about, new Tokenizer(trainBpe(training, settings.config.vocabulary)));
  if (existsSync(`${folder}/model.safetensors`)) return readText(folder);
  const tokenizer = tokenizerIn(folder);
  if (tokenizer.size !== settings.config.vocabulary)
    throw new TextError(
      `text: expected a text that gives ${settings.config.vocabulary} tokens, got ${tokenizer.size}; give a longer text or a smaller vocabulary`,
    );
  const fit = await fitText(training, tokenizer, settings, {
    ...options,
    special: { pad: tokenizer.id(PAD)!, end: tokenizer.id(END)! },
    resume: readState(folder),
    save: (state) => writeState(folder, state),
  });
  if (!fit.finished) {
    writeState(folder, fit.state);
    return undefined;
  }
  writeModel(folder, fit.model, fit.base);
  return readText(folder);
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
