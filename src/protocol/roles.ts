/**
 * Roles of electrodes: which carry the data and which the prediction. The `assigned` code gives each class its own group of
 * prediction electrodes.
 *
 * The grid is coloured like a chessboard, so that every sensory electrode has prediction electrodes around it. What is chosen
 * within a colour is permuted by seed, so that no task profits from neighbourhood.
 *
 * `chessboard`: the classes' groups are drawn from anywhere. `blocks`: in each block of 4 x 4 electrodes every class has one
 * electrode, so that a place has all classes near it on an array that is wider than axons are long. Electrodes nearer to each
 * other than a pulse reaches are passed over there: on a dense grid every second column and row has a role, or every third.
 */
import { Random } from "../math/random.ts";
import { ProtocolError } from "./error.ts";

/** Where an electrode stands; what a device profile says of it, and no more. */
export interface ElectrodePosition {
  readonly channel: number;
  readonly xUm: number;
  readonly yUm: number;
}

export interface Roles {
  /** Channels of the context zone; a context's place i is pulsed on `sensory[i]`. */
  readonly sensory: readonly number[];
  /** Channels of the prediction zone. */
  readonly prediction: readonly number[];
  /** The assigned code: the prediction channels of each class, disjoint. */
  readonly assigned: readonly (readonly number[])[];
}

/** Which electrode is a place and which a class's: as the seed says, or chosen by a survey of what pulses evoke. */
export const ROLE_CHOICES = ["fixed", "survey"] as const;
export type RoleChoice = (typeof ROLE_CHOICES)[number];

export const DIVISIONS = ["chessboard", "blocks"] as const;
export type Division = (typeof DIVISIONS)[number];

export interface ZoneOptions {
  readonly classCount: number;
  /** `chessboard` if not given. */
  readonly division?: Division;
  /** Prediction electrodes per class; fewer where the zone has not so many. */
  readonly electrodesPerClass?: number;
  /** Channels that must not be used. */
  readonly reservedChannels?: readonly number[];
}

/** Side of a block, in electrodes. */
const BLOCK = 4;
/** A pulse fires cells up to some 130 um away; electrodes this near to each other have no two roles. */
const NEAR_UM = 150;

/** An electrode of the grid of those that have roles. */
interface Site {
  readonly channel: number;
  readonly column: number;
  readonly row: number;
}

export function divideScaffold(
  electrodes: readonly ElectrodePosition[],
  seed: number,
  { classCount, division = "chessboard", electrodesPerClass = 4, reservedChannels = [] }: ZoneOptions,
): Roles {
  const sites = sitesOf(electrodes, division === "blocks" ? NEAR_UM : 0);
  const colours: [Site[], Site[]] = [[], []];
  for (const site of sites)
    if (!reservedChannels.includes(site.channel)) colours[(site.column + site.row) % 2].push(site);
  const random = Random.of(seed, "zones");
  const permuted = (colour: 0 | 1) =>
    random
      .split(colour + 1)
      .permutation(colours[colour].length)
      .map((i) => colours[colour][i].channel);
  const sensory = permuted(0);
  const groups =
    division === "blocks"
      ? groupsByBlock(colours[1], classCount, random.split("blocks"))
      : groupsInTurn(permuted(1), classCount, electrodesPerClass);
  const size = Math.min(electrodesPerClass, ...groups.map((group) => group.length));
  if (size < 1 || sensory.length === 0)
    throw new ProtocolError(
      `roles: ${classCount} classes need ${classCount} prediction electrodes and one sensory electrode, ` +
        `the scaffold has ${colours[1].length} and ${sensory.length}; reserve fewer channels`,
    );
  const assigned = groups.map((group) => group.slice(0, size));
  return { sensory, prediction: permuted(1), assigned };
}

/** Roles where the preparation says which channels are which: only their order is the seed's. */
export function rolesOfZones(
  zones: { readonly sensory: readonly number[]; readonly prediction: readonly number[] },
  seed: number,
  { classCount, electrodesPerClass = 4 }: Pick<ZoneOptions, "classCount" | "electrodesPerClass">,
): Roles {
  const random = Random.of(seed, "zones");
  const permuted = (zone: "sensory" | "prediction") =>
    random
      .split(zone)
      .permutation(zones[zone].length)
      .map((i) => zones[zone][i]);
  const [sensory, prediction] = [permuted("sensory"), permuted("prediction")];
  if (sensory.length === 0 || prediction.length < classCount)
    throw new ProtocolError(
      `roles: expected a channel for data and ${classCount} that answer, one for each class, got ${sensory.length} and ${prediction.length}; name more groups, or choose a series of fewer classes`,
    );
  return { sensory, prediction, assigned: groupsInTurn(prediction, classCount, electrodesPerClass) };
}

/** As many of `channels` for each class, at most `most`, in their order. */
function groupsInTurn(channels: readonly number[], classCount: number, most: number): number[][] {
  const size = Math.min(most, Math.floor(channels.length / classCount));
  return Array.from({ length: classCount }, (_, k) => channels.slice(k * size, (k + 1) * size));
}

/**
 * Each class at most once in each block, and exactly once where the block has room; where it has not, the classes with the
 * fewest electrodes so far. Blocks come in random order, the whole ones before those cut off by an edge.
 */
function groupsByBlock(sites: readonly Site[], classCount: number, random: Random): number[][] {
  const blocks = new Map<string, number[]>();
  for (const { channel, column, row } of sites) {
    const key = `${Math.floor(column / BLOCK)} ${Math.floor(row / BLOCK)}`;
    const block = blocks.get(key);
    if (block) block.push(channel);
    else blocks.set(key, [channel]);
  }
  const all = [...blocks.values()];
  const groups: number[][] = Array.from({ length: classCount }, () => []);
  const order = random
    .split("order")
    .permutation(all.length)
    .map((i) => all[i]);
  order.sort((a, b) => b.length - a.length);
  order.forEach((block, i) => {
    const own = random.split(i);
    const channels = own.permutation(block.length).map((at) => block[at]);
    const classes = own.split("classes").permutation(classCount);
    classes.sort((a, b) => groups[a].length - groups[b].length);
    for (const k of classes.slice(0, block.length)) groups[k].push(channels.pop() as number);
  });
  return groups;
}

/** The electrodes by column and row, without those between: neighbours are at least `nearUm` apart. */
function sitesOf(electrodes: readonly ElectrodePosition[], nearUm: number): Site[] {
  const columns = gridIndex(
    electrodes.map(({ xUm }) => xUm),
    nearUm,
  );
  const rows = gridIndex(
    electrodes.map(({ yUm }) => yUm),
    nearUm,
  );
  return electrodes.flatMap(({ channel }, i) => {
    const [column, row] = [columns[i], rows[i]];
    return column === null || row === null ? [] : [{ channel, column, row }];
  });
}

/**
 * Index of each coordinate among the distinct ones that are kept: each at least `nearUm` after the last, from the lowest on;
 * null for those between. Coordinates less than 1 um apart are the same.
 */
function gridIndex(coordinatesUm: readonly number[], nearUm: number): (number | null)[] {
  const kept: number[] = [];
  for (const value of [...coordinatesUm].sort((a, b) => a - b))
    if (kept.length === 0 || value - kept[kept.length - 1] >= Math.max(1, nearUm)) kept.push(value);
  return coordinatesUm.map((value) => {
    const index = kept.findLastIndex((start) => value >= start);
    return value - kept[index] < 1 ? index : null;
  });
}
