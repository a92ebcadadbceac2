import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { pngOf } from "./png.ts";

test("a picture's header, palette and rows are those that were given", () => {
  const [width, height] = [5, 3];
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => (7 * i) % 256);
  const palette = Uint8Array.from({ length: 768 }, (_, i) => i % 251);
  const png = Buffer.from(pngOf({ width, height, pixels, palette }));
  const parts: Record<string, Buffer> = {};
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    parts[png.toString("latin1", at + 4, at + 8)] = png.subarray(at + 8, at + 8 + length);
    at += length + 12;
  }
  expect([parts["IHDR"].readUInt32BE(0), parts["IHDR"].readUInt32BE(4)]).toEqual([width, height]);
  expect([...parts["PLTE"]]).toEqual([...palette]);
  const rows = inflateSync(parts["IDAT"]);
  for (let y = 0; y < height; y++)
    expect([...rows.subarray(y * 6, y * 6 + 6)]).toEqual([0, ...pixels.subarray(y * width, (y + 1) * width)]);
});
