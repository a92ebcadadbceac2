// A picture of a page with few colours as a small PNG: the most frequent colours of it, and every pixel the nearest one.
// Needs a build.
const { pngOf } = await import(new URL("../dist/src/files/png.js", import.meta.url).href);

/** `png`: bytes of a picture; `page`: a blank page of a browser, which decodes it. */
export async function palettePng(png, page, colours = 96) {
  const { width, height, palette, indices } = await page.evaluate(reduce, [png.toString("base64"), colours]);
  return pngOf({ width, height, palette: Uint8Array.from(palette), pixels: Buffer.from(indices, "base64") });
}

/** Runs in the browser. */
async function reduce([base64, colours]) {
  const image = new Image();
  image.src = `data:image/png;base64,${base64}`;
  await image.decode();
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const words = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rgb = (word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255];
  const apart = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => rgb(word));
  // Large faces stay what they are; of the rest, near neighbours of a colour that is in already add nothing.
  const kept = frequent.slice(0, 16);
  for (const least of [200, 60, 0])
    for (const colour of frequent)
      if (kept.length < colours && kept.every((other) => apart(colour, other) > least)) kept.push(colour);
  const nearest = new Map();
  for (const word of counts.keys()) {
    const distances = kept.map((colour) => apart(rgb(word), colour));
    nearest.set(word, distances.indexOf(Math.min(...distances)));
  }
  let text = "";
  for (const word of words) text += String.fromCharCode(nearest.get(word));
  return { width, height, palette: kept.flat(), indices: btoa(text) };
}
