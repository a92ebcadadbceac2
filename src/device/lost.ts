/** A live device that can be read or stimulated no longer: its link ended, went silent, or its host stopped. */
export class DeviceLost extends Error {
  override readonly name = "DeviceLost";
}

/** Somebody has ended this connection's stimulation: it is not for a program to begin again by itself. */
export class DeviceStopped extends Error {
  override readonly name = "DeviceStopped";
}

/** A device address, a device file or a device's own answer that cannot be used; one line that says what to do. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}

/** Bytes of a peer that break its protocol. */
export class PacketFault extends Error {
  override readonly name = "PacketFault";

  /** The message may quote the peer, whose lines are made one. */
  constructor(message: string) {
    super(message.replace(/\s+/g, " "));
  }
}
