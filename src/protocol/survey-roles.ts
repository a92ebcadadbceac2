/**
 * Roles by what a survey found: electrodes change roles as long as that raises the sum over places and classes of
 * log(1 + response), so that every place reaches every class. A class with few electrodes is otherwise deaf to some places, for
 * synapses are uneven: how many join two sites is a matter of distance and of where cells cluster.
 *
 * Legend: N electrodes surveyed, P places, K classes.
 */
import type { Survey } from "../device/protocols/survey.ts";
import { Random } from "../math/random.ts";
import type { Roles } from "./roles.ts";

/** Mean spikes after a pulse are weighed by this before the logarithm: a response of a tenth of a spike counts already. */
const GAIN = 10;
/** Exchanges that are tried, for each electrode with a role. */
const TRIES = 500;

export interface SurveyedRoles {
  readonly roles: Roles;
  /** The sum over places and classes, with the roles given and with those chosen. */
  readonly before: number;
  readonly after: number;
}

/** The sum over places and classes of log(1 + response). */
export function evennessOf({ sensory, assigned }: Roles, survey: Survey): number {
  const indexOf = indexIn(survey);
  const groups = assigned.map((group) => group.map(indexOf));
  return sensory.reduce(
    (sum, place) => sum + groups.reduce((of, group) => of + worth(survey, indexOf(place), group), 0),
    0,
  );
}

/** Exchanges the roles of two electrodes at random, and keeps what does no harm. The roles' sizes stay as they are. */
export function rolesBySurvey(given: Roles, survey: Survey, seed: number): SurveyedRoles {
  const indexOf = indexIn(survey);
  const places = given.sensory.map(indexOf);
  const groups = given.assigned.map((group) => group.map(indexOf));
  const P = places.length;
  /** Where each role is kept: places first, then the classes' electrodes. */
  const slots = [
    ...places.map((_, at) => ({ row: places, at, k: -1 })),
    ...groups.flatMap((row, k) => row.map((_, at) => ({ row, at, k }))),
  ];
  const values = new Float64Array(P * groups.length);
  const valueAt = (p: number, k: number) => worth(survey, places[p], groups[k]);
  for (let p = 0; p < P; p++)
    for (let k = 0; k < groups.length; k++) values[p * groups.length + k] = valueAt(p, k);
  const random = Random.of(seed, "survey");
  const before = evennessOf(given, survey);
  for (let tries = TRIES * slots.length; tries > 0; tries--) {
    const [a, b] = [slots[random.integer(slots.length)], slots[random.integer(slots.length)]];
    if (a.k === b.k) continue; // within the places, or within a class, nothing changes
    exchange(a, b);
    let gain = 0;
    const changed: [number, number][] = [];
    const consider = (p: number, k: number) => {
      const value = valueAt(p, k);
      gain += value - values[p * groups.length + k];
      changed.push([p * groups.length + k, value]);
    };
    for (const { k, at } of [a, b])
      if (k < 0) for (let other = 0; other < groups.length; other++) consider(at, other);
    const moved = [a, b].flatMap(({ k, at }) => (k < 0 ? at : []));
    for (const { k } of [a, b])
      if (k >= 0) for (let p = 0; p < P; p++) if (!moved.includes(p)) consider(p, k);
    if (gain >= 0) for (const [at, value] of changed) values[at] = value;
    else exchange(a, b);
  }
  const channelOf = (index: number) => survey.channels[index];
  const roles = withUnused(
    given,
    places.map(channelOf),
    groups.map((group) => group.map(channelOf)),
  );
  return { roles, before, after: evennessOf(roles, survey) };
}

interface Slot {
  readonly row: number[];
  readonly at: number;
}

function exchange(a: Slot, b: Slot): void {
  [a.row[a.at], b.row[b.at]] = [b.row[b.at], a.row[a.at]];
}

/** Channels of the prediction zone that no class has stay in it. */
function withUnused({ prediction, assigned }: Roles, sensory: number[], groups: number[][]): Roles {
  const used = new Set(assigned.flat());
  const unused = prediction.filter((channel) => !used.has(channel));
  return { sensory, prediction: [...groups.flat(), ...unused], assigned: groups };
}

/** Log(1 + response) of a class's electrodes to a place's, by their indices in the survey. */
function worth({ channels, repeats, counts }: Survey, place: number, group: readonly number[]): number {
  let sum = 0;
  for (const index of group) sum += counts[place * channels.length + index];
  return Math.log1p((GAIN * sum) / repeats);
}

/** Throws `RangeError` for a channel that was not surveyed. */
function indexIn({ channels }: Survey): (channel: number) => number {
  const indices = new Map(channels.map((channel, i) => [channel, i]));
  return (channel) => {
    const index = indices.get(channel);
    if (index === undefined)
      throw new RangeError(`survey: expected channel ${channel} among the ${channels.length} surveyed`);
    return index;
  };
}
