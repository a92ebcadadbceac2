/**
 * The feedback of the published dish experiment, after hits and misses of a game (Kagan et al. 2022,
 * https://doi.org/10.1016/j.neuron.2022.09.001): after a hit 100 Hz for 100 ms on all sensory sites, after a miss 5 Hz for 4 s on
 * random sites and 4 s of rest. Nothing is written.
 */
import type { Pulse } from "../device/contract.ts";
import { pulsesFor } from "../device/stimulation.ts";
import { Random } from "../math/random.ts";
import type { Layout } from "../protocol/layout.ts";
import type { WorldEvent } from "../tasks/contract.ts";
import type { Training } from "./contract.ts";

/** Sensory sites of the published coding; one electrode of each is pulsed. */
const SITES = 8;
const HIT = { everyMs: 10, pulses: 10, lastsMs: 100 };
const MISS = { everyMs: 200, pulses: 20, lastsMs: 8000 };

/** Gives the feedback of an event; returns the pulses that reached the tissue. */
export function giveFeedback<M, I>(
  { cultures, seed, plasticity }: Training<M, I>,
  event: WorldEvent,
  index: number,
): Promise<number> {
  const random = Random.of(seed, "feedback", index);
  const { lastsMs } = event === "hit" ? HIT : MISS;
  return cultures.stimulate(
    cultures.layouts.map((layout) => (event === "hit" ? predictable(layout) : unpredictable(layout, random))),
    lastsMs,
    plasticity,
  );
}

function predictable({ roles, frames, profile }: Layout): Pulse[] {
  const perSite = Math.floor(roles.sensory.length / SITES);
  const channels = Array.from({ length: SITES }, (_, site) => roles.sensory[site * perSite]);
  return Array.from({ length: HIT.pulses }, (_, i) =>
    pulsesFor(channels, 1, i * HIT.everyMs * frames.perMs, profile),
  ).flat();
}

function unpredictable({ roles, frames, profile }: Layout, random: Random): Pulse[] {
  return Array.from({ length: MISS.pulses }, (_, i) => {
    const sites = random.permutation(roles.sensory.length).slice(0, SITES);
    const channels = sites.map((place) => roles.sensory[place]);
    return pulsesFor(channels, 1, i * MISS.everyMs * frames.perMs, profile);
  }).flat();
}
