/** A report that cannot be read or written: one line saying what was expected, what came, what to do. */
export class ReportError extends Error {
  override readonly name = "ReportError";
}
