/** What tissue that is held elsewhere says of where it is. */
import type { DishEvent } from "./dish/events.ts";
import type { VatEvent } from "./nats/coordinator/events.ts";

export type TissueEvent = VatEvent | DishEvent;
