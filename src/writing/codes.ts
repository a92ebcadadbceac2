/**
 * Strings on electrodes. A context is shown on those places of the sensory zone on which a random projection of its whole z is largest; a
 * string is written on those electrodes of the prediction zone on which one of its program is. Like programs share electrodes.
 */
import { Random } from "../math/random.ts";
import type { Layout } from "../protocol/layout.ts";
import { largestOn } from "../reading/brain/projection.ts";
import type { KnownString, Strings } from "./strings.ts";

/** Electrodes of a context and of a write. */
export const CONTEXT_SIZE = 4;
export const WRITE_SIZE = 6;

export interface Codes {
  /** Places of the sensory zone. */
  placesOf(string: KnownString): number[];
  /** Channels of the prediction zone. */
  channelsOf(string: KnownString): number[];
}

export function codesOf({ roles }: Layout, { numbers, heldOut }: Strings, seed: number): Codes {
  const { sensory, prediction } = roles;
  const random = Random.of(seed, "string codes");
  const contexts = random.split("contexts").normals(sensory.length * heldOut[0].latent.length);
  const writes = random.split("writes").normals(prediction.length * numbers);
  return {
    placesOf: ({ latent }) => largestOn(contexts, latent, CONTEXT_SIZE),
    channelsOf: ({ program }) => largestOn(writes, program, WRITE_SIZE).map((e) => prediction[e]),
  };
}

/** Places as `[S]` of 0 and 1. */
export function marked(places: readonly number[], sensory: number): Float32Array {
  const row = new Float32Array(sensory);
  for (const place of places) row[place] = 1;
  return row;
}
