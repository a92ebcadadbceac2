/** A protocol that does not fit a device: one line that says what was expected, what was given, what to do. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
