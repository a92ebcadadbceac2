/** A report that cannot be read or written: one line saying what was expected, what was found, what to do. */
export class ReportError extends Error {
  override readonly name = "ReportError";
}
