/** From the address of a dish to a driver that stimulates it. */
import { isDeepStrictEqual } from "node:util";
import { parseAddress } from "../../device/address.ts";
import type { Driver, ReadOnlyDriver } from "../../device/contract.ts";
import type { StimulationLimits } from "../../device/gate/limits.ts";
import { DeviceError } from "../../device/lost.ts";
import { openAddress } from "../../device/open-address.ts";
import type { StimulableProfile } from "../../device/profile.ts";
import type { DishPlace } from "./place.ts";

/** Connects to a dish. Throws `DeviceError` if it cannot be driven, or is not the device that was expected. */
export async function openDishDriver(
  { address, file, token, profile }: DishPlace,
  limits?: StimulationLimits,
): Promise<Driver> {
  const driver = await openAddress(address, {
    ...(file && { file }),
    ...(token !== undefined && { token }),
    ...(limits && { limits }),
  });
  try {
    assertStimulable(address, driver);
    if (profile && !isDeepStrictEqual(plain(driver.profile), plain(profile)))
      throw new DeviceError(
        `--dish ${address}: expected ${about(profile)}, with which the run began, got ${about(driver.profile)}, or the same with other electrodes; connect that device, or begin another run`,
      );
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}

/**
 * What the device of a dish is: connects, and lets go again; no pulse is sent. Throws `DeviceError` where its tissue does not outlive
 * a connection, or cannot be given any pulse at any time.
 */
export async function dishProfile(place: DishPlace): Promise<StimulableProfile> {
  const { address } = place;
  const { scheme } = parseAddress(address);
  const unfit = UNFIT[scheme];
  if (unfit !== undefined)
    throw new DeviceError(
      `--dish ${address}: expected a dish that can be taught over many sessions, got ${unfit}`,
    );
  const driver = await openDishDriver(place);
  await driver.close();
  return structuredClone(driver.profile);
}

/** Devices that stimulate, and are no dish to an experiment. */
const UNFIT: Readonly<Record<string, string>> = {
  simulated: "a culture that each process grows anew: leave --dish out, or serve it (wetgrad culture serve)",
  intan:
    "a controller that sends no pulses but those of up to eight triggers, set before it runs: an experiment writes to any of its electrodes",
};

function assertStimulable(address: string, driver: Driver | ReadOnlyDriver): asserts driver is Driver {
  if (typeof driver.deliver === "function") return;
  throw new DeviceError(
    `--dish ${address}: expected a device that can be stimulated, got ${driver.profile.name}, which is only read; choose another device`,
  );
}

const plain = (profile: StimulableProfile): unknown => JSON.parse(JSON.stringify(profile));
const about = ({ name, electrodes, framesPerSecond }: StimulableProfile) =>
  `${name} with ${electrodes.length} electrodes at ${framesPerSecond} Hz`;
