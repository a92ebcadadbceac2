/** BrainFlow's streaming board sends UDP packets of one or more whole rows, each number a little-endian f64. */
import type { Row } from "../live/row-stream.ts";
import { PacketFault } from "../lost.ts";
import type { BoardLayout } from "./boards.ts";

const YEAR_2100_S = 4.2e9;

export function decodeRows(packet: Uint8Array, { rows, channels, timeRow }: BoardLayout): Row[] {
  const rowBytes = 8 * rows;
  if (packet.length === 0 || packet.length % rowBytes !== 0)
    throw new PacketFault(
      `expected whole rows of ${rows} numbers (${rowBytes} bytes each), got ${packet.length} bytes; is it another board?`,
    );
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  return Array.from({ length: packet.length / rowBytes }, (_, i) => {
    const at = (row: number) => view.getFloat64(i * rowBytes + 8 * row, true);
    const timeS = at(timeRow);
    if (!(timeS > 0 && timeS < YEAR_2100_S))
      throw new PacketFault(
        `expected seconds since 1970 in row ${timeRow}, got ${timeS}; is it another board?`,
      );
    return { timeS, values: channels.map(at) };
  });
}

export function encodeRows(rows: readonly (readonly number[])[]): Uint8Array {
  return new Uint8Array(Float64Array.from(rows.flat()).buffer);
}
