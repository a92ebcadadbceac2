/** Thrown where work ends because it was told to stop; nothing is stimulated any more by then. */
export class Stopped extends Error {
  override readonly name = "Stopped";

  constructor() {
    super("stopped");
  }
}
