/**
 * Roles of electrodes: which carry the data and which the prediction.
 *
 * The grid is coloured like a chessboard, so that every sensory electrode has prediction electrodes around it;
 * each colour is then permuted by seed, so that no task profits from neighbourhood. The `assigned` code gives
 * each class its own group of prediction electrodes.
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

export interface ZoneOptions {
  readonly classCount: number;
  /** Prediction electrodes per class; fewer where the zone has not so many. */
  readonly electrodesPerClass?: number;
  /** Channels that must not be used. */
  readonly reservedChannels?: readonly number[];
}

export function divideScaffold(
  electrodes: readonly ElectrodePosition[],
  seed: number,
  { classCount, electrodesPerClass = 4, reservedChannels = [] }: ZoneOptions,
): Roles {
  const columns = gridIndex(electrodes.map((electrode) => electrode.xUm));
  const rows = gridIndex(electrodes.map((electrode) => electrode.yUm));
  const colours: [number[], number[]] = [[], []];
  electrodes.forEach(({ channel }, i) => {
    if (!reservedChannels.includes(channel)) colours[(columns[i] + rows[i]) % 2].push(channel);
  });
  const random = Random.of(seed, "zones");
  const [sensory, prediction] = colours.map((channels, colour) =>
    random
      .split(colour + 1)
      .permutation(channels.length)
      .map((i) => channels[i]),
  );
  const size = Math.min(electrodesPerClass, Math.floor(prediction.length / classCount));
  if (size < 1 || sensory.length === 0)
    throw new ProtocolError(
      `roles: ${classCount} classes need ${classCount} prediction electrodes and one sensory electrode, ` +
        `the scaffold has ${prediction.length} and ${sensory.length}; reserve fewer channels`,
    );
  const assigned = Array.from({ length: classCount }, (_, k) => prediction.slice(k * size, (k + 1) * size));
  return { sensory, prediction, assigned };
}

/** Index of each coordinate among the distinct ones, those less than 1 um apart being the same. */
function gridIndex(coordinatesUm: readonly number[]): number[] {
  const distinct: number[] = [];
  for (const value of [...coordinatesUm].sort((a, b) => a - b))
    if (distinct.length === 0 || value - distinct[distinct.length - 1] >= 1) distinct.push(value);
  return coordinatesUm.map((value) => distinct.findLastIndex((start) => value >= start));
}
