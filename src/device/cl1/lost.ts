/** A live device that can be read or stimulated no longer: its link ended, went silent, or its host stopped. */
export class DeviceLost extends Error {
  override readonly name = "DeviceLost";
}
