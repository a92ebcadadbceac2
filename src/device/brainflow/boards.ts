/**
 * How a board's rows look: how many numbers, which of them are electrodes, which the time. From BrainFlow's table of
 * boards, https://brainflow.readthedocs.io/en/stable/SupportedBoards.html (default preset).
 */
import { DeviceError } from "../lost.ts";

export interface BoardLayout {
  readonly rows: number;
  readonly samplesPerSecond: number;
  readonly channels: readonly number[];
  /** Seconds since 1970. */
  readonly timeRow: number;
}

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

export const BOARDS: Readonly<Record<string, BoardLayout>> = {
  synthetic: { rows: 32, samplesPerSecond: 250, channels: upTo(16), timeRow: 30 },
  cyton: { rows: 24, samplesPerSecond: 250, channels: upTo(8), timeRow: 22 },
  "cyton-daisy": { rows: 32, samplesPerSecond: 125, channels: upTo(16), timeRow: 30 },
  ganglion: { rows: 15, samplesPerSecond: 200, channels: upTo(4), timeRow: 13 },
};

export function checkLayout({ rows, samplesPerSecond, channels, timeRow }: BoardLayout): void {
  const sane =
    Number.isInteger(rows) &&
    rows > 1 &&
    rows <= 4096 &&
    samplesPerSecond > 0 &&
    channels.length > 0 &&
    new Set(channels).size === channels.length &&
    [...channels, timeRow].every((row) => Number.isInteger(row) && row >= 0 && row < rows) &&
    !channels.includes(timeRow);
  if (!sane)
    throw new DeviceError(
      `brainflow: expected a rate, and channels and a time within ${rows} rows, got ${samplesPerSecond} Hz, channels ${channels.join(",")}, time ${timeRow}`,
    );
}
