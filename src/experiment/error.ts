/** A run folder or plan that cannot be used: one line, and what to do. */
export class RunError extends Error {
  override readonly name = "RunError";
}
