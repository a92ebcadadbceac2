/** A folder or a configuration that cannot be used: one line. */
export class CartpoleError extends Error {
  override readonly name = "CartpoleError";
}
