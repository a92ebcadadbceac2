/** The page's colours for WebGL: the style sheet's own, read afresh when light turns to dark. */
/** Rows that the program has room for. */
export const PALETTE_SIZE = 20;

/** Rows of the palette. */
export const COLOURS = [
  "ink",
  "descent",
  "teacher",
  "rule",
  "faint",
  "card",
  "good",
  "bad",
  "soft",
  "random",
  "frozen",
  // The eight class colours after these.
] as const;
const CLASSES = 8;
export type Colour = (typeof COLOURS)[number];

export const colourRow = Object.fromEntries(COLOURS.map((name, row) => [name, row])) as Record<
  Colour,
  number
>;

/** The row of one of the eight class colours. */
export function classRow(shade: number): number {
  return COLOURS.length + shade;
}

let palette: Float32Array | null = null;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  palette = null;
});

export function currentPalette(): Float32Array {
  if (palette) return palette;
  const style = getComputedStyle(document.documentElement);
  palette = new Float32Array(4 * PALETTE_SIZE);
  for (const [row, name] of COLOURS.entries())
    palette.set(rgba(style.getPropertyValue(`--${name}`)), 4 * row);
  for (let k = 0; k < CLASSES; k++) palette.set(rgba(style.getPropertyValue(`--k${k}`)), 4 * classRow(k));
  return palette;
}

/** A colour variable of the page, for what is not drawn by WebGL. */
export function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function rgba(text: string): number[] {
  const hex = text.trim().replace("#", "");
  const channel = (i: number) => Number.parseInt(hex.slice(2 * i, 2 * i + 2) || "00", 16) / 255;
  return [channel(0), channel(1), channel(2), hex.length >= 8 ? channel(3) : 1];
}
