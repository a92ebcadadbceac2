/** Which host is given a culture: the one that will be the least full; a dish's own. */
import type { ControlOf } from "../wire/control.ts";
import type { Seat } from "./seat.ts";

type Host = ControlOf<"offer">;

/** Null where no host has a place. `full`: sessions of hosts that have refused, being full of other vats' cultures. */
export function chooseHost(
  seat: Seat,
  seats: Iterable<Seat>,
  hosts: readonly Host[],
  full: ReadonlySet<string>,
): Host | null {
  if (seat.dish !== undefined)
    return hosts.find(({ host, tissue }) => host === seat.dish && tissue !== null) ?? null;
  const held = new Map<string, number>();
  for (const { place } of seats) if (place) held.set(place.session, (held.get(place.session) ?? 0) + 1);
  const home = hosts.find(({ session }) => session === seat.home);
  if (home) return home;
  let best: { readonly host: Host; readonly share: number } | null = null;
  for (const host of hosts) {
    const brains = (held.get(host.session) ?? 0) + 1;
    const share = brains / host.slots;
    if (host.tissue !== null || brains > host.slots || full.has(host.session)) continue;
    if (!best || share < best.share) best = { host, share };
  }
  return best?.host ?? null;
}
