/** The AdaVAE that comes with the package, or one from a folder, ready to work. */
import { TextCodec } from "./adavae/codec.ts";
import { textAsset } from "./corpus/corpus.ts";
import { readText, type SavedText } from "./training/saved.ts";

/** What is in a folder that `wetgrad text train` wrote; without one, what is shipped. */
export function savedText(folder?: string): SavedText {
  return readText(folder ?? textAsset("model"));
}

export function openCodec(saved: SavedText): TextCodec {
  return new TextCodec(saved, saved.settings);
}
