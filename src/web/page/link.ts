/** The page's state in its address: `#seed=3&do=t80.p3x32`. The same link gives the same spikes, here and anywhere. */
import { type Deed, readDeeds, writeDeeds } from "../deeds.ts";
import { NOTES } from "../dish.ts";

export interface Linked {
  readonly seed: number;
  readonly deeds: readonly Deed[];
}

const FIRST_SEED = 1;
const LAST_SEED = 2 ** 31 - 1;

/** Throws `RangeError` for what is no link of this page. */
export function readLink(hash: string): Linked {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const seed = Number(words.get("seed") ?? FIRST_SEED);
  if (!Number.isInteger(seed) || seed < 0 || seed > LAST_SEED)
    throw new RangeError(`link: expected a seed from 0 to ${LAST_SEED}, got ${words.get("seed")}`);
  return { seed, deeds: readDeeds(words.get("do") ?? "", NOTES) };
}

export function writeLink({ seed, deeds }: Linked): string {
  return deeds.length === 0 ? `#seed=${seed}` : `#seed=${seed}&do=${writeDeeds(deeds)}`;
}
