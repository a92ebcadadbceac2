/** A task that cannot be made from what was given: one line that says what was expected, what was given, what to do. */
export class TaskError extends Error {
  override readonly name = "TaskError";
}
