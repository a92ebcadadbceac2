/** A run of the writing experiment that cannot be. */
export class WritingError extends Error {
  override readonly name = "WritingError";
}
