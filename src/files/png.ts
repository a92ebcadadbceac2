/** A picture with a palette as a PNG (https://www.w3.org/TR/png-3/, colour type 3). */
import { crc32, deflateSync } from "node:zlib";

export interface PalettePicture {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` places in the palette. */
  readonly pixels: Uint8Array;
  /** `[at most 256, 3]` red, green, blue. */
  readonly palette: Uint8Array;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const EIGHT_BITS = 8;
const BY_PALETTE = 3;

export function pngOf({ width, height, pixels, palette }: PalettePicture): Uint8Array {
  // Each row begins with its filter: 0, none.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([EIGHT_BITS, BY_PALETTE, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([ends.subarray(0, 4), typed, ends.subarray(4)]);
}
