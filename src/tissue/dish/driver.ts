/** From the address of a dish to a driver that stimulates it. */
import type { Driver, ReadOnlyDriver } from "../../device/contract.ts";
import type { StimulationLimits } from "../../device/gate/limits.ts";
import { DeviceError } from "../../device/lost.ts";
import { openAddress } from "../../device/open-address.ts";
import type { DishPlace } from "./place.ts";

/** Connects to a dish. Throws `DeviceError` if it cannot be stimulated. */
export async function openDishDriver(
  { address, file, token }: DishPlace,
  limits?: StimulationLimits,
): Promise<Driver> {
  const driver = await openAddress(address, {
    ...(file && { file }),
    ...(token !== undefined && { token }),
    ...(limits && { limits }),
  });
  if (stimulates(driver)) return driver;
  await driver.close();
  throw new DeviceError(
    `--dish ${address}: expected a device that can be stimulated, got ${driver.profile.name}, which is only read; choose another device`,
  );
}

function stimulates(driver: Driver | ReadOnlyDriver): driver is Driver {
  return typeof driver.deliver === "function";
}
