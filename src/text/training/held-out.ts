/** The sentences that a trained model has not seen. */

import type { SavedText } from "./saved.ts";
import { corpusOf } from "./train-in-folder.ts";

export function heldOutOf({ corpus, settings }: SavedText) {
  const { heldOut, apart } = corpusOf(corpus, settings.seed);
  return { heldOut, apart };
}
