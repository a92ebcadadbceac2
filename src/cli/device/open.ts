/** Devices by their address, with the device file that `--file` names and the secret of the environment. */
import type { Driver, ReadOnlyDriver } from "../../device/contract.ts";
import { deviceToken } from "./token.ts";

export const FILE_OPTION = [
  "--file <file>",
  "the device file: what is known of the array (docs/devices.md)",
] as const;

/** A driver, connected; `file` is the path that `--file` gave. */
export async function openDriver(
  address: string,
  file: string | undefined,
): Promise<Driver | ReadOnlyDriver> {
  const [{ openAddress }, { readDeviceFile }] = await Promise.all([
    import("../../device/open-address.ts"),
    import("../../device/device-file.ts"),
  ]);
  return openAddress(address, {
    ...(file !== undefined && { file: readDeviceFile(file) }),
    ...deviceToken(),
  });
}
