// Pictures that follow each other as one animated PNG (https://www.w3.org/TR/png-3/#apng-frame-based-animation): one palette for all, and of every
// picture after the first what has changed; the rest is transparent. Browsers and code hosts show it as they show a PNG.
import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const EIGHT_BITS = 8;
const BY_PALETTE = 3;
/** Of fcTL: leave what was drawn, and draw over it. */
const [KEEP, OVER] = [0, 1];
/** How long the last picture stands (ms). */
const LAST_MS = 1500;

/**
 * `frames`: `{ png, atMs }` in their order; `page`: a blank page of a browser, which decodes them; `width` of the result in pixels. The first of
 * the palette is transparent.
 */
export async function animatedPng(frames, page, { width, colours }) {
  const pictures = await page.evaluate(reduce, [
    frames.map(({ png }) => png.toString("base64")),
    width,
    colours,
  ]);
  const { height, palette } = pictures;
  const indices = pictures.indices.map((text) => Buffer.from(text, "base64"));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([EIGHT_BITS, BY_PALETTE, 0, 0, 0], 8);
  const control = Buffer.alloc(8);
  control.writeUInt32BE(frames.length, 0); // Then 0: it is played for ever.
  const chunks = [
    chunk("IHDR", header),
    chunk("acTL", control),
    chunk("PLTE", Uint8Array.from(palette)),
    chunk("tRNS", Uint8Array.of(0)),
  ];
  let sequence = 0;
  for (const [i, pixels] of indices.entries()) {
    const changed = i === 0 ? pixels : pixels.map((pixel, p) => (pixel === indices[i - 1][p] ? 0 : pixel));
    const shownMs = i + 1 < frames.length ? frames[i + 1].atMs - frames[i].atMs : LAST_MS;
    const frame = Buffer.alloc(26);
    frame.writeUInt32BE(sequence++, 0);
    frame.writeUInt32BE(width, 4);
    frame.writeUInt32BE(height, 8);
    frame.writeUInt16BE(Math.min(65_535, shownMs), 20);
    frame.writeUInt16BE(1000, 22);
    frame.set([KEEP, OVER], 24);
    chunks.push(chunk("fcTL", frame));
    const data = deflateSync(rowsOf(changed, width, height), { level: 9 });
    if (i === 0) chunks.push(chunk("IDAT", data));
    else {
      const numbered = Buffer.alloc(4 + data.length);
      numbered.writeUInt32BE(sequence++, 0);
      numbered.set(data, 4);
      chunks.push(chunk("fdAT", numbered));
    }
  }
  return Buffer.concat([Buffer.from(SIGNATURE), ...chunks, chunk("IEND", new Uint8Array())]);
}

/** Each row begins with its filter: 0, none. */
function rowsOf(pixels, width, height) {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return rows;
}

function chunk(type, data) {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([ends.subarray(0, 4), typed, ends.subarray(4)]);
}

/** Runs in the browser: all pictures, scaled, by the most frequent colours of them together. */
async function reduce([pngs, width, colours]) {
  const pictures = [];
  let height = 0;
  for (const base64 of pngs) {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    height = Math.round((image.height * width) / image.width);
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    pictures.push(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer));
  }
  const counts = new Map();
  for (const words of pictures) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rgb = (word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255];
  const apart = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => rgb(word));
  const kept = [];
  for (const least of [1200, 300, 100])
    for (const colour of frequent)
      if (kept.length < colours && kept.every((other) => apart(colour, other) > least)) kept.push(colour);
  const nearest = new Map();
  for (const word of counts.keys()) {
    const distances = kept.map((colour) => apart(rgb(word), colour));
    nearest.set(word, 1 + distances.indexOf(Math.min(...distances)));
  }
  const text = (words) => {
    let bytes = "";
    for (const word of words) bytes += String.fromCharCode(nearest.get(word));
    return btoa(bytes);
  };
  return { height, palette: [0, 0, 0, ...kept.flat()], indices: pictures.map(text) };
}
