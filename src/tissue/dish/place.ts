/** A dish: the tissue on a device that is reached by its address, one culture, as a place where tissue is held. */
import type { DeviceFile } from "../../device/device-file.ts";
import type { StimulableProfile } from "../../device/profile.ts";

export interface DishPlace {
  /** Of the device (src/device/address.ts). */
  readonly address: string;
  /** What the laboratory knows of the array; over the address's own `?file=`. */
  readonly file?: DeviceFile | undefined;
  /** What the device is, where that is known beforehand: another is refused. */
  readonly profile?: StimulableProfile | undefined;
  /** Secret of a device's host that asks for one. */
  readonly token?: string | undefined;
  /** It was left in the middle of its stimulation: it rests before anything is given. */
  readonly wasLeft?: boolean | undefined;
}
