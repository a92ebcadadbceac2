/** A text, a tokenizer or a model that is not what it should be: one line, with what was expected and what to do. */
export class TextError extends Error {
  override readonly name = "TextError";
}
