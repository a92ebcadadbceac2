/**
 * Which part of the tissue each channel lies in, in two levels: areas, and columns inside them. Areas are what the recording
 * groups its channels by (NWB electrode groups, wells) where it has more than one group; columns are clusters of electrode
 * positions, or, where there are none, of channels that fire together.
 */

import { kMeans } from "../../math/cluster.ts";
import { pearson } from "../../math/correlation.ts";
import { Random } from "../../math/random.ts";
import type { RecordingChannel } from "../../recording/contract.ts";
import type { CountSequences } from "../windows/forecaster.ts";

export interface Regions {
  /** `[C]` */
  readonly area: Uint16Array;
  readonly areas: readonly string[];
  /** `[C]`; every column lies in one area. */
  readonly column: Uint16Array;
  /** The area of every column. */
  readonly areaOfColumn: Uint16Array;
  readonly columnsFrom: "positions" | "activity";
}

/** Columns have this many channels or more, where an area has as many. */
const CHANNELS_PER_COLUMN = 8;
const MOST_COLUMNS = 8;
const CORRELATION_BINS = 5;

export function regionsOf(
  channels: readonly Pick<RecordingChannel, "name" | "xUm" | "yUm" | "group">[],
  counts: CountSequences,
  seed: number,
): Regions {
  const areas = [...new Set(channels.map(({ group }) => group ?? ""))];
  const area = Uint16Array.from(channels, ({ group }) => areas.indexOf(group ?? ""));
  const placed = channels.every(({ xUm, yUm }) => xUm !== undefined && yUm !== undefined);
  const points = placed ? positions(channels) : correlations(counts);
  const dimension = points.length / channels.length;
  const column = new Uint16Array(channels.length);
  const areaOfColumn: number[] = [];
  areas.forEach((_, a) => {
    const members = [...area.keys()].filter((c) => area[c] === a);
    const wanted = Math.min(MOST_COLUMNS, Math.max(1, Math.floor(members.length / CHANNELS_PER_COLUMN)));
    const own = new Float64Array(members.length * dimension);
    members.forEach((c, i) => {
      own.set(points.subarray(c * dimension, (c + 1) * dimension), i * dimension);
    });
    const { assignment } = kMeans(own, dimension, wanted, { random: Random.of(seed, "columns", a) });
    members.forEach((c, i) => {
      column[c] = areaOfColumn.length + assignment[i];
    });
    for (let k = 0; k < wanted; k++) areaOfColumn.push(a);
  });
  return {
    area,
    areas,
    column,
    areaOfColumn: Uint16Array.from(areaOfColumn),
    columnsFrom: placed ? "positions" : "activity",
  };
}

function positions(channels: readonly Pick<RecordingChannel, "xUm" | "yUm">[]): Float64Array {
  return Float64Array.from(channels.flatMap(({ xUm, yUm }) => [xUm!, yUm!]));
}

/** `[C, C]` correlations of counts in wider bins: channels of one column correlate alike with all others. */
function correlations({ sequences, channels: C }: CountSequences): Float64Array {
  const trains = Array.from({ length: C }, (_, c) =>
    sequences.flatMap((counts) => {
      const bins = Math.floor(counts.length / C / CORRELATION_BINS);
      return Array.from({ length: bins }, (_, t) => {
        let sum = 0;
        for (let k = 0; k < CORRELATION_BINS; k++) sum += counts[(t * CORRELATION_BINS + k) * C + c];
        return sum;
      });
    }),
  );
  const out = new Float64Array(C * C);
  for (let a = 0; a < C; a++)
    for (let b = 0; b < C; b++) out[a * C + b] = a === b ? 1 : pearson(trains[a], trains[b]) || 0;
  return out;
}
