/** A run folder or journal that cannot be used: one line saying what was expected, what was found, what to do. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}
