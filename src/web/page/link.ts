/**
 * The page's state in its address: `#seed=3&do=t80.p3x32&vat=16x2&mind=one`, a dish and what was done to it, and a vat of 16 brains that heard every
 * note twice and then played on as one mind. The same link gives the same spikes, here and anywhere.
 */

import { MINDS, type Mind } from "../choir.ts";
import { type Deed, readDeeds, writeDeeds } from "../deeds.ts";
import { NOTES } from "../dish.ts";
import { VAT_SIZES } from "./vat/sizes.ts";

export interface Linked {
  readonly seed: number;
  readonly deeds: readonly Deed[];
  readonly vat?: LinkedVat | undefined;
}

export interface LinkedVat {
  readonly brains: number;
  /** How often every note was taught. */
  readonly rounds: number;
  /** As what they then played on. */
  readonly mind?: Mind | undefined;
}

const FIRST_SEED = 1;
const LAST_SEED = 2 ** 31 - 1;
const MOST_ROUNDS = 1000;

/** Throws `RangeError` for what is no link of this page. */
export function readLink(hash: string): Linked {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const seed = Number(words.get("seed") ?? FIRST_SEED);
  if (!Number.isInteger(seed) || seed < 0 || seed > LAST_SEED)
    throw new RangeError(`link: expected a seed from 0 to ${LAST_SEED}, got ${words.get("seed")}`);
  return {
    seed,
    deeds: readDeeds(words.get("do") ?? "", NOTES),
    vat: readVat(words.get("vat"), words.get("mind")),
  };
}

function readVat(word: string | null, as: string | null): LinkedVat | undefined {
  const mind = MINDS.find((name) => name === as);
  if (as !== null && (!mind || word === null))
    throw new RangeError(`link: expected mind=${MINDS.join(" or mind=")}, with a vat, got mind=${as}`);
  if (word === null) return undefined;
  const [brains = 0, rounds = 0] = /^\d+x\d+$/.test(word) ? word.split("x").map(Number) : [];
  if (!VAT_SIZES.some((size) => size.brains === brains) || rounds > MOST_ROUNDS)
    throw new RangeError(
      `link: expected vat=${VAT_SIZES.map((size) => size.brains).join("x2 or vat=")}x2, at most ${MOST_ROUNDS} rounds, got vat=${word}`,
    );
  return { brains, rounds, mind };
}

export function writeLink({ seed, deeds, vat }: Linked): string {
  const done = deeds.length === 0 ? "" : `&do=${writeDeeds(deeds)}`;
  const mind = vat?.mind ? `&mind=${vat.mind}` : "";
  return `#seed=${seed}${done}${vat ? `&vat=${vat.brains}x${vat.rounds}${mind}` : ""}`;
}
