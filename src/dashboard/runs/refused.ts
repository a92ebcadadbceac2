/** A request that cannot be followed; `path` is the field of the form. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  constructor(
    message: string,
    readonly path = "",
  ) {
    super(message);
  }
}
