/** An engine, a WAD or a snapshot that is not what it is taken for: one line with what was expected, what was given, what to do. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}
