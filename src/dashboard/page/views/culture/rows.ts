/**
 * In which rows a raster shows electrodes: by what they stand for, places of a datum first, then each class's group, then the rest, so
 * that answers make a staircase under the staircase of data. By number where roles are not known.
 */
import type { MessageOf, RunMessage } from "../../../protocol.ts";
import { rowTicks, type Tick } from "../../figures/axes.tsx";
import type { Colour } from "../../gl/palette.ts";

export interface RasterRows {
  readonly count: number;
  /** Row of a channel; -1 where it is none of the array's. */
  rowOf(channel: number): number;
  spikeColour(channel: number): Colour;
  pulseColour(channel: number): Colour;
  readonly ticks: readonly Tick[];
  readonly hasRoles: boolean;
}

/** The colours of a datum, of a write, and of an answer. */
export const ROLE_COLOURS = { datum: "descent", write: "teacher", answer: "good" } as const;

export function rasterRows({ electrodes }: RunMessage, roles: MessageOf<"roles"> | undefined): RasterRows {
  const count = electrodes.length;
  const all = electrodes.map(({ channel }) => channel);
  const sensory = new Set(roles?.sensory);
  const answering = new Set(roles?.assigned.flat());
  const order = roles
    ? [
        ...roles.sensory,
        ...roles.assigned.flat(),
        ...all.filter((channel) => !sensory.has(channel) && !answering.has(channel)),
      ]
    : all;
  const rows = new Map(order.map((channel, row) => [channel, row]));
  return {
    count,
    rowOf: (channel) => rows.get(channel) ?? -1,
    spikeColour: (channel) => (answering.has(channel) ? ROLE_COLOURS.answer : "ink"),
    pulseColour: (channel) => (sensory.has(channel) ? ROLE_COLOURS.datum : ROLE_COLOURS.write),
    ticks: roles ? roleTicks(roles, count) : rowTicks(count),
    hasRoles: roles !== undefined,
  };
}

/** The middle of the data's rows, and of the rows of every class, or of every second where there are many. */
function roleTicks({ sensory, assigned }: MessageOf<"roles">, count: number): Tick[] {
  const ticks: Tick[] = [{ at: sensory.length / 2 / count, label: "datum" }];
  let from = sensory.length;
  assigned.forEach((group, k) => {
    if (assigned.length <= 8 || k % 2 === 0)
      ticks.push({ at: (from + group.length / 2) / count, label: `${k + 1}` });
    from += group.length;
  });
  return ticks;
}
