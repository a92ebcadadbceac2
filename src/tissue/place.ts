/** Where tissue is held, as plain data, and the opening of it there. */

import type { Tissue } from "./contract.ts";
import type { DishPlace } from "./dish/place.ts";
import type { TissueEvent } from "./events.ts";
import { localTissue } from "./local.ts";
import type { NatsPlace } from "./nats/coordinator/place.ts";
import { ABILITIES, type Ability, abilitiesOfWiring } from "./profile.ts";
import type { StopFlag } from "./stop-flag.ts";
import { threadTissue } from "./threads/threads.ts";
import type { WiringSpec } from "./wired/spec.ts";

export type TissuePlace =
  /** This thread. */
  | { readonly kind: "local" }
  /** Worker threads, one per core if their number is not given. */
  | { readonly kind: "threads"; readonly threads?: number | undefined }
  /** The hosts of a NATS server. */
  | ({ readonly kind: "nats" } & NatsPlace)
  /** A device with tissue on it. */
  | ({ readonly kind: "dish" } & DishPlace);

/** Tissue at a place; `open` has to be called on it. `stop` turns its stimulation off; `onEvent` hears of hosts and links. */
export async function openTissue(
  place: TissuePlace,
  stop: StopFlag,
  onEvent?: (event: TissueEvent) => void,
): Promise<Tissue> {
  switch (place.kind) {
    case "local":
      return localTissue(stop);
    case "threads":
      return threadTissue(place.threads, stop);
    case "nats": {
      const { natsTissue } = await import("./nats/coordinator/tissue.ts");
      const { kind: _, ...options } = place;
      return natsTissue({ ...options, stop, ...(onEvent && { onEvent }) });
    }
    case "dish": {
      const { kind: _, ...dish } = place;
      return threadTissue(1, stop, { place: dish, onEvent });
    }
  }
}

/** What tissue held at a place can do, as far as is known before it is opened, of a brain of a wiring diagram where one is given. */
export function abilitiesAt(place: TissuePlace, wiring?: Pick<WiringSpec, "learning">): readonly Ability[] {
  const here = wiring ? abilitiesOfWiring(wiring) : ABILITIES;
  if (place.kind === "dish") return [];
  if (place.kind !== "nats") return here;
  return (place.dishes ?? []).length > 0
    ? []
    : here.filter((ability) => ["restore", "plasticity", "reward"].includes(ability));
}
