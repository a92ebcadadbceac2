/** A device that is asked for and not there. */
export class ComputeDeviceError extends Error {
  override readonly name = "ComputeDeviceError";
}
