/** `--dish ADDRESS`: the device with the culture on it, looked at before anything is asked of it. */
import type { OrganoidConfig } from "../../experiment/organoid/config.ts";
import type { TissuePlace } from "../../tissue/place.ts";
import { deviceToken } from "../device/token.ts";
import { UsageError } from "../manners/errors.ts";
import type { OptionTexts } from "../options/schema.ts";

/** What a simulated culture is grown by. */
const GROWN = ["scaffold", "neurons", "preset", "rule", "div"] as const;
/** What is held elsewhere, or shown of simulated cultures alone. */
const ELSEWHERE = ["nats", "live"] as const;

/** Throws `UsageError` where an option does not go with a dish, or goes with one alone. */
export function assertDishOptions(options: OptionTexts, { dish }: Pick<OrganoidConfig, "dish">): void {
  const given = options as Readonly<Record<string, unknown>>;
  if (dish === undefined) {
    for (const flag of ["file", "quieting"] as const)
      if (given[flag] !== undefined)
        throw new UsageError(`--${flag}: expected with --dish, for a simulated culture needs none`);
    return;
  }
  for (const flag of [...GROWN, ...ELSEWHERE])
    if (given[flag] !== undefined)
      throw new UsageError(
        `--dish: expected without --${flag}, got both; ${flag === "nats" ? "a dish at another machine is offered by wetgrad vat host --dish" : flag === "live" ? "the page shows simulated cultures" : "a dish is what it is"}`,
      );
  if (given["conditions"] === "ideal")
    throw new UsageError(
      "--conditions: expected dish with --dish, got ideal, which only a simulated culture can have",
    );
}

/** Connects to the dish of a run, if it has one, to see what it is; no pulse is sent. */
export async function dishPlaceOf(
  { dish: address }: Pick<OrganoidConfig, "dish">,
  path: string | undefined,
): Promise<(TissuePlace & { readonly kind: "dish" }) | undefined> {
  if (address === undefined) return undefined;
  const [{ dishProfile }, { readDeviceFile }] = await Promise.all([
    import("../../tissue/dish/driver.ts"),
    import("../../device/device-file.ts"),
  ]);
  const place = { address, ...(path !== undefined && { file: readDeviceFile(path) }), ...deviceToken() };
  return { kind: "dish", ...place, profile: await dishProfile(place) };
}
