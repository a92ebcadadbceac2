/** A page, a gaze or a request that does not fit: one line, with what was expected and what to do. */
export class ReadingError extends Error {
  override readonly name = "ReadingError";
}
