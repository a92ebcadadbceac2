/** From an address to a driver, and to a stop: the one place that knows every driver. */

import { AddressOptions, parseAddress } from "./address.ts";
import type { Driver, ReadOnlyDriver } from "./contract.ts";
import { type DeviceFile, readDeviceFile } from "./device-file.ts";
import { DRIVERS, type DriverEntry } from "./drivers.ts";
import type { StimulationLimits } from "./gate/limits.ts";
import type { SampleBlock } from "./live/spike-finder.ts";
import { DeviceError } from "./lost.ts";

export interface OpenAddressOptions {
  /** What the laboratory knows of the array; over the address's own `?file=`. */
  readonly file?: DeviceFile;
  /** Secret of a host that asks for one. */
  readonly token?: string;
  /** What a device is armed by, where it must be told pulses before it runs; give `openDevice` the same. */
  readonly limits?: StimulationLimits;
  /** Raw samples, where the device gives them. */
  readonly onSamples?: (block: SampleBlock) => void;
}

/** A driver, connected. Open it with `openDevice`, and close it. */
export async function openAddress(
  text: string,
  options: OpenAddressOptions = {},
): Promise<Driver | ReadOnlyDriver> {
  const { entry, query, file } = resolve(text);
  return entry.open(query, { ...options, file: options.file ?? file });
}

/** Ends stimulation on the device at once, whoever has begun it; gives what was done, in a few words. */
export async function stopAddress(text: string, token?: string): Promise<{ stopped: boolean; what: string }> {
  const { entry, query, file } = resolve(text);
  if (!entry.stop)
    return { stopped: false, what: `nothing to stop: ${entry.readOnly ?? "nothing is shared"}` };
  return { stopped: true, what: await entry.stop(query, { file, ...(token !== undefined && { token }) }) };
}

function resolve(text: string): { entry: DriverEntry; query: AddressOptions; file: DeviceFile } {
  const address = parseAddress(text);
  const entry = DRIVERS.find(({ scheme }) => scheme === address.scheme);
  if (!entry)
    throw new DeviceError(
      `${text}: unknown kind of device; expected one of ${DRIVERS.map(({ scheme }) => scheme).join(", ")}`,
    );
  const path = address.options.get("file");
  return {
    entry,
    query: new AddressOptions(address),
    file: path === undefined ? {} : readDeviceFile(path),
  };
}
