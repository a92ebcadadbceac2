/**
 * How what a brain perceives becomes a datum: eight sites of its sensory zone, of which one is pulsed (place code: the bearing), in
 * one, two or three thirds of the volleys (rate code: nearer, faster). Every brain's edges are shifted a little.
 */
import type { Way } from "../../games/doom/arenas/arena.ts";
import type { Random } from "../../math/random.ts";
import type { Datum } from "../../protocol/protocol.ts";
import { TaskError } from "../error.ts";
import type { Percept } from "./percept.ts";

export const SITES = 8;
/** Bearings between the sites 1 to 7; site 0 stands for nothing seen. Finer where one fires. */
const EDGES = [-25, -12, -7.5, 7.5, 12, 25];
/** How far a brain's edges lie from these at most, degrees. */
const SHIFT = 2;
/** Nearer than these, map units: two thirds, all of the volleys. */
const [NEAR, NEARER] = [400, 200];

/** Of a split view: what an eye sees, left, ahead or right; what the others are told. */
const SPLIT_EDGES = [-7.5, 7.5];
const FIRST_TOLD = 4;

/** Of a corridor: what is seen, left, ahead or right; else where the way goes on. */
const WAY_SITES: Readonly<Record<Way, number>> = { ahead: 3, left: 4, right: 5, near: 6 };

/** What a brain is given: a site, and thirds of the volleys. */
export interface Given {
  readonly site: number;
  readonly thirds: number;
}

export const NOTHING: Given = { site: 0, thirds: 2 };

export const shiftOf = (random: Random): number => SHIFT * (2 * random.uniform() - 1);

export function givenOf(percept: Percept | null, shift: number): Given {
  if (!percept) return NOTHING;
  return { site: 1 + siteOf(percept.bearing + shift, EDGES), thirds: thirdsOf(percept) };
}

/** Of a corridor. */
export function givenOfWay(percept: Percept | null, shift: number, way: Way): Given {
  if (percept) return { site: siteOf(percept.bearing + shift, SPLIT_EDGES), thirds: thirdsOf(percept) };
  return { site: WAY_SITES[way], thirds: 2 };
}

/** Of an eye. `ahead`: where what it sees will stand when it is acted on, degrees right of where it stands now. */
export function givenOfEye(percept: Percept | null, shift: number, ahead: number): Given {
  if (!percept) return NOTHING;
  return { site: 1 + siteOf(percept.bearing + ahead + shift, SPLIT_EDGES), thirds: thirdsOf(percept) };
}

/** `told`: the move that the eyes said that saw something, -1 where none did. */
export function givenOfHand(told: number): Given {
  return told < 0 ? NOTHING : { site: FIRST_TOLD + told, thirds: 2 };
}

const siteOf = (bearing: number, edges: readonly number[]) => edges.filter((edge) => bearing >= edge).length;
const thirdsOf = ({ distance }: Percept) => (distance < NEARER ? 3 : distance < NEAR ? 2 : 1);

/** The best move at each site, of moves left, ahead and right: what a perfect reader of the code makes. */
export const READ: readonly number[] = [2, 0, 0, 0, 1, 2, 2, 2];
/** Of moves left, fire, right, forward, back. */
export const READ_WAY: readonly number[] = [0, 1, 2, 3, 0, 2, 4, 3];
export const READ_SPLIT: readonly number[] = [2, 0, 1, 2, 0, 1, 2, 2];

/** Data of so many places, in so many volleys at most. Throws `TaskError` where there are too few places. */
export function datumOf({ places, volleys }: { readonly places: number; readonly volleys: number }) {
  const perSite = Math.floor(places / SITES);
  if (perSite < 1)
    throw new TaskError(
      `doom: expected at least ${SITES} sensory electrodes, got ${places}; choose a device with more`,
    );
  return ({ site, thirds }: Given): Datum => ({
    places: Array.from({ length: perSite }, (_, i) => site * perSite + i),
    volleys: Math.max(1, Math.round((thirds * volleys) / 3)),
  });
}
